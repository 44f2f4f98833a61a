"""Addresses of the pages for public."""

from django.urls import path

from web.public import trials

app_name = "public"

urlpatterns = [
    path("", trials.trials, name="trials"),
    path("<slug:code>/", trials.about, name="trial"),
    path("<slug:code>/commitments-<slug:language>.txt", trials.registry_text, name="registry_text"),
]
