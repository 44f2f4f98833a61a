"""Addresses of the pages for statisticians."""

from django.urls import URLPattern

app_name = "statisticians"

urlpatterns: list[URLPattern] = []
