"""The copy of a consent by its link: to read, to print, to save. The link opens nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from core.problems import Problem
from participants.consent_copy import copy_of
from reminders.actions import consent_copies
from web.participants.doors import chosen_language, turned_away


@login_not_required
@require_safe
def consent_copy(request: HttpRequest, token: str) -> HttpResponse:
    """What the participant agreed to, in the language in which they did."""
    try:
        consent = consent_copies.open_copy(token)
    except Problem as problem:
        with translation.override(chosen_language(request) or translation.get_language()):
            response = turned_away(request, problem)
    else:
        copy = copy_of(consent)
        with translation.override(copy.language):
            response = render(request, "participants/consent_copy.html", {"copy": copy, "contact": copy.contact})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
