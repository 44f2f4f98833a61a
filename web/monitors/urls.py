"""Addresses of the pages for monitors, investigators and data managers."""

from django.urls import path

from web.monitors import audit, exports, lock, open_report, packs, participants, people, progress, strata

app_name = "monitors"

urlpatterns = [
    path("participants/", participants.participants, name="participants"),
    path("strata/", strata.strata, name="strata"),
    path("progress/", progress.progress, name="progress"),
    path("open-report/", open_report.open_report, name="open_report"),
    path("exports/", exports.exports, name="exports"),
    path("audit/", audit.audit, name="audit"),
    path("audit/download/", audit.download, name="audit_download"),
    path("people/", people.people, name="people"),
    path("people/<uuid:membership>/end/", people.end, name="people_end"),
    path("content-packs/", packs.packs, name="packs"),
    path("content-packs/<slug:instrument>/", packs.pack, name="pack"),
    path("lock/", lock.lock, name="lock"),
]
