"""Addresses everybody who is logged in may open, and the health check."""

from django.urls import path

from web.shared import gallery, health, home, languages

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("t/<slug:trial>/", home.trial_home, name="trial_home"),
    path("language/", languages.set_language, name="set_language"),
    path("gallery/", gallery.gallery, name="gallery"),
]
