"""Addresses of the pages for unblinded."""

from django.urls import URLPattern

app_name = "unblinded"

urlpatterns: list[URLPattern] = []
