"""Addresses of the pages for statisticians."""

from django.urls import path

from web.statisticians import exports, sequence

app_name = "statisticians"

urlpatterns = [
    path("", sequence.sequence, name="sequence"),
    path("drafts/<uuid:draft>/activate/", sequence.activate, name="activate"),
    path("drafts/<uuid:draft>/withdraw/", sequence.withdraw, name="withdraw"),
    path("exports/", exports.exports, name="exports"),
]
