"""The therapist's home: first sessions, who waits for a therapist, who is in their care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.permissions import Permission
from core import clock
from core.dates import date_format
from participants.models import Appointment
from participants.queries import participant_by_number
from therapy import queries
from therapy.actions import assignments
from therapy.queries import Case, Treated
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Action, WorkRow
from web.pages import TrialRequest, page
from web.therapists.words import here, seen_in_words, shown


@dataclass(frozen=True)
class CaseRow:
    """One participant in care, as the list shows them: ``url`` is their page."""

    status: str
    when: str
    number: str
    url: str
    what: str
    detail: str
    action: Action | None


SHOWN = 12
"""First sessions on the home; all of them are one click away."""
PER_PAGE = 50


@page(Permission.LOG_SESSION)
def home(request: TrialRequest) -> HttpResponse:
    """Whom I treat, who waits, whose first session is booked; ``?show=first_sessions`` all of these, page by page."""
    protocol = protocol_of(request.trial)
    booked = queries.first_sessions(request.actor, request.trial)
    if request.GET.get("show") == "first_sessions":
        numbered = Paginator(booked, PER_PAGE).get_page(request.GET.get("page"))
        rows = [first_session_row(request, each, protocol) for each in numbered]
        return render(request, "therapists/first_sessions.html", {"page": numbered, "rows": rows, "here": request.path})
    context = {
        "first_sessions": [first_session_row(request, each, protocol) for each in booked[:SHOWN]],
        "booked": booked.count(),
        "cases": [case_row(request, each) for each in queries.caseload_of(request.actor, request.trial)],
        "waiting": [waiting_row(request, each) for each in queries.waiting_for_therapist(request.actor, request.trial)],
    }
    return render(request, "therapists/home.html", context)


@page(Permission.LOG_SESSION, methods=("POST",))
def take(request: TrialRequest, number: str) -> HttpResponse:
    """Take over somebody who waits for a therapist."""
    participant = participant_by_number(request.trial, number, request.sites)
    assignments.take(participant=participant, by=request.actor)
    messages.success(request, _("%(number)s is in your care now.") % {"number": participant.number})
    return redirect("therapists:participant", trial=request.trial.code, number=participant.number)


def case_row(request: TrialRequest, case: Case) -> CaseRow:
    """One participant with the session to log next."""
    participant, programme = case.treated.participant, case.treated.programme
    status, when, action = standing_of(request, case)
    detail = seen_in_words(case.last_held, case.zone)
    if case.cover_ends is not None:
        facts = {"seen": detail, "day": date_format(case.cover_ends, "j F")}
        detail = _("%(seen)s; you cover until %(day)s") % facts
    url = reverse("therapists:participant", args=[request.trial.code, participant.number])
    return CaseRow(status, when, participant.number, url, shown(programme.label), detail, action)


def standing_of(request: TrialRequest, case: Case) -> tuple[str, str, Action | None]:
    """The state of somebody's sessions today, in words, and the session to log."""
    total = case.treated.programme.sessions
    if case.withdrew:
        return "withdrawn", _("left the sessions"), None
    if case.next_number is None:
        return "complete", _("all %(total)s recorded") % {"total": total}, None
    facts = {"number": case.next_number, "total": total}
    url = reverse("therapists:session", args=[request.trial.code, case.treated.participant.number, case.next_number])
    action = Action(_("Log session %(number)s") % facts, url)
    if case.seen_today:
        return "complete", _("seen today"), action
    return "due", _("%(number)s of %(total)s") % facts, action


def waiting_row(request: TrialRequest, treated: Treated) -> dict[str, Any]:
    """Somebody without a therapist whom this one may treat."""
    return {
        "number": treated.participant.number,
        "what": shown(treated.programme.label),
        "url": reverse("therapists:take", args=[request.trial.code, treated.participant.number]),
    }


def first_session_row(request: TrialRequest, booked: Appointment, protocol: Protocol) -> WorkRow:
    """A booked first session; from its day on, one click from randomizing. It tells no arm."""
    participant = booked.participant
    zone = participant.site.time_zone
    local, today = here(booked.starts_at, zone), clock.today(zone)
    time = date_format(local, "H:i")
    status, when = "planned", date_format(local, pgettext("weekday, day, time", "D j M, H:i"))
    action = None
    if local.date() <= today:
        status = "due" if local.date() == today else "late"
        when = _("today, %(time)s") % {"time": time} if local.date() == today else when
        url = reverse("therapists:randomize", args=[request.trial.code, participant.number])
        action = Action(_("Randomize"), url)
    places = {place.code: shown(place.label) for place in protocol.site(participant.site.code).places}
    return WorkRow(
        status=status,
        when=when,
        who=participant.number,
        what=_("First session"),
        detail=places.get(booked.place, ""),
        action=action,
    )
