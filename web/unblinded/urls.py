"""Addresses of the pages for those who may learn an arm: interviewers, and who unblinds in an emergency."""

from django.urls import path

from web.unblinded import analysts, closed_report, deliveries, emergencies, events, interviews, programmes

app_name = "unblinded"

urlpatterns = [
    path("closed-report/", closed_report.closed, name="closed_report"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("analysts/", analysts.analysts, name="analysts"),
    path("emergency/", emergencies.emergency, name="emergency"),
    path("events/new/", events.new, name="event_new"),
    path("events/<uuid:event>/", events.event, name="event"),
    path("events/<uuid:event>/follow-up/", events.follow_up, name="event_follow_up"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<uuid:delivery>/review/", deliveries.review, name="delivery_review"),
    path("interviews/", interviews.interviews, name="interviews"),
    path("interviews/<uuid:form>/", interviews.interview, name="interview"),
    path("interviews/<uuid:form>/correct/", interviews.correct, name="interview_correct"),
    path("interviews/<uuid:form>/not-done/", interviews.not_done, name="interview_not_done"),
]
