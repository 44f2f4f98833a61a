"""Addresses of the pages for statisticians."""

from django.urls import path

from web.statisticians import blinding, code, designing, ending, errors, exports, extending, monitoring, sequence, stops

app_name = "statisticians"

urlpatterns = [
    path("", sequence.sequence, name="sequence"),
    path("design/", designing.choose, name="choose"),
    path("design/<slug:method>/", designing.design, name="design"),
    path("drafts/<uuid:draft>/activate/", sequence.activate, name="activate"),
    path("drafts/<uuid:draft>/withdraw/", sequence.withdraw, name="withdraw"),
    path("drafts/<uuid:draft>/dummy/", sequence.dummy, name="dummy"),
    path("extend/", extending.extend, name="extend"),
    path("monitoring/", monitoring.monitoring, name="monitoring"),
    path("stops/", stops.stops, name="stops"),
    path("errors/", errors.errors, name="errors"),
    path("reveal-and-verify/", ending.ending, name="ending"),
    path("reveal-and-verify/reveal/", ending.reveal, name="reveal"),
    path("reveal-and-verify/record/", ending.record, name="record"),
    path("blinding/", blinding.blinding, name="blinding"),
    path("code/", code.code, name="code"),
    path("exports/", exports.exports, name="exports"),
]
