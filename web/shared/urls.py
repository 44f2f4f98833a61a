"""Addresses everybody who is logged in may open, and the health check."""

from django.urls import path

from web.shared import (
    calendars,
    events,
    form_pages,
    gallery,
    health,
    home,
    languages,
    queries,
    record,
    short_forms,
    unblinding,
    viewing,
)
from web.short_forms import PAPERS

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("t/<slug:trial>/", home.trial_home, name="trial_home"),
    path("t/<slug:trial>/forms/<uuid:form>/", form_pages.form_page, name="form"),
    path("t/<slug:trial>/forms/<uuid:form>/correct/", form_pages.correct, name="form_correct"),
    path("t/<slug:trial>/forms/<uuid:form>/not-done/", form_pages.not_done, name="form_not_done"),
    path("t/<slug:trial>/forms/<uuid:form>/files/<slug:item>/", form_pages.form_file, name="form_file"),
    path("t/<slug:trial>/forms/<uuid:form>/query/", queries.raise_query, name="query_new"),
    path("t/<slug:trial>/queries/", queries.queries, name="queries"),
    path("t/<slug:trial>/queries/<uuid:query>/", queries.query, name="query"),
    path("t/<slug:trial>/corrections/<uuid:asked>/", form_pages.decide, name="correction_decide"),
    path("t/<slug:trial>/participants/<slug:number>/", record.record, name="record"),
    path("t/<slug:trial>/participants/<slug:number>/unblinded/", unblinding.record_of, name="unblinding"),
    path(
        "t/<slug:trial>/participants/<slug:number>/appointments/<uuid:appointment>/file/",
        calendars.appointment_of,
        name="appointment_file",
    ),
    path("t/<slug:trial>/calendar/", calendars.calendar_page, name="calendar"),
    path("calendar/<str:feed>.ics", calendars.feed, name="calendar_feed"),
    path("calendar/appointments/<str:signed>.ics", calendars.own_appointment, name="calendar_appointment"),
    path("t/<slug:trial>/participants/<slug:number>/events/new/", events.new, name="event_new"),
    path(
        "t/<slug:trial>/participants/<slug:number>/deviations/new/",
        short_forms.new,
        {"form": "deviation"},
        "deviation_new",
    ),
    path(
        "t/<slug:trial>/participants/<slug:number>/pregnancies/new/",
        short_forms.new,
        {"form": "pregnancy"},
        "pregnancy_new",
    ),
    path(
        "t/<slug:trial>/participants/<slug:number>/findings/new/", short_forms.new, {"form": "finding"}, "finding_new"
    ),
    *(
        path(
            f"t/<slug:trial>/participants/<slug:number>/{paper.place}/new/",
            short_forms.new,
            {"form": form},
            name=f"{form}_new",
        )
        for form, paper in PAPERS.items()
    ),
    path("t/<slug:trial>/safety/ask/<uuid:visit>/", short_forms.ask, name="event_ask"),
    path("t/<slug:trial>/safety/deviations/<uuid:deviation>/", short_forms.review, name="deviation_review"),
    path(
        "t/<slug:trial>/safety/deviations/<uuid:deviation>/correct/",
        short_forms.correct_deviation,
        name="deviation_correct",
    ),
    path("t/<slug:trial>/safety/", events.safety, name="safety"),
    path("t/<slug:trial>/safety/<uuid:event>/", events.event, name="event"),
    path("t/<slug:trial>/safety/<uuid:event>/follow-up/", events.follow_up, name="event_follow_up"),
    path("t/<slug:trial>/safety/<uuid:event>/correct/", events.correct, name="event_correct"),
    path("t/<slug:trial>/safety/<uuid:event>/judge/", events.judge, name="event_judge"),
    path("t/<slug:trial>/safety/<uuid:event>/sent/", events.sent, name="event_sent"),
    path("t/<slug:trial>/unblinding/", unblinding.record_new, name="unblinding_new"),
    path("t/<slug:trial>/view-as/", viewing.view_as, name="viewing"),
    path("view-as/stop/", viewing.stop, name="viewing_stop"),
    path("language/", languages.set_language, name="set_language"),
    path("gallery/", gallery.gallery, name="gallery"),
]
