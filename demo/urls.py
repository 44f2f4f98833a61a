"""Addresses of the demo only."""

from django.urls import path

from demo import views

app_name = "demo"

urlpatterns = [
    path("enter/<slug:key>/", views.enter, name="enter"),
    path("outbox/", views.outbox, name="outbox"),
]
