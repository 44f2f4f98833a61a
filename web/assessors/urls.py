"""Addresses of the pages for assessors."""

from django.urls import path

from web.assessors import forms, guesses, signing, visits, worklist

app_name = "assessors"

urlpatterns = [
    path("", worklist.home, name="home"),
    path("visits/<uuid:visit>/", visits.visit_page, name="visit"),
    path("visits/<uuid:visit>/sign/", signing.sign, name="sign"),
    path("visits/<uuid:visit>/guess/", guesses.guess, name="guess"),
    path("forms/<uuid:form>/", forms.form_page, name="form"),
    path("forms/<uuid:form>/correct/", forms.correct, name="form_correct"),
    path("forms/<uuid:form>/not-done/", forms.not_done, name="form_not_done"),
]
