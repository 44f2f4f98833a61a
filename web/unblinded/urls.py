"""Addresses of the pages for interviewers, who may learn the arm."""

from django.urls import path

from web.unblinded import interviews

app_name = "unblinded"

urlpatterns = [
    path("interviews/", interviews.interviews, name="interviews"),
    path("interviews/<uuid:form>/", interviews.interview, name="interview"),
    path("interviews/<uuid:form>/correct/", interviews.correct, name="interview_correct"),
    path("interviews/<uuid:form>/not-done/", interviews.not_done, name="interview_not_done"),
]
