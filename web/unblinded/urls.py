"""Addresses of the pages for those who may learn an arm: interviewers, and who unblinds in an emergency."""

from django.urls import path

from web.unblinded import emergencies, interviews

app_name = "unblinded"

urlpatterns = [
    path("emergency/", emergencies.emergency, name="emergency"),
    path("interviews/", interviews.interviews, name="interviews"),
    path("interviews/<uuid:form>/", interviews.interview, name="interview"),
    path("interviews/<uuid:form>/correct/", interviews.correct, name="interview_correct"),
    path("interviews/<uuid:form>/not-done/", interviews.not_done, name="interview_not_done"),
]
