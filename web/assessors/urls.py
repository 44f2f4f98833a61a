"""Addresses of the pages for assessors."""

from django.urls import URLPattern

app_name = "assessors"

urlpatterns: list[URLPattern] = []
