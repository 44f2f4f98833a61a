"""Addresses of the pages for therapists."""

from django.urls import URLPattern

app_name = "therapists"

urlpatterns: list[URLPattern] = []
