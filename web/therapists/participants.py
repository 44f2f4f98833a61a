"""One participant in care: the grid of sessions, what was done, and who treats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from audit.actors import Actor
from core import clock
from core.dates import date_format
from participants.models import Participant
from participants.queries import participant_by_number
from therapy import course
from therapy.care import treating
from therapy.course import Cell
from therapy.models import Cover, Session
from therapy.policies import withdrew_on
from trials.protocol.programmes import Programme
from web.components import Action, Crumb, SummaryRow
from web.pages import TrialRequest, page
from web.therapists.reading import status_in_words
from web.therapists.sheets import marks_of
from web.therapists.words import here, shown

LATEST = 6
MARKS = {"done": "complete", "shortened": "started", "missed": "missed", "cancelled": "not_done"}


@dataclass(frozen=True)
class Chart:
    """What the therapist who treats sees of a participant. ``covers`` are those not yet over, by day."""

    participant: Participant
    programme: Programme
    cells: list[Cell]
    covering: bool
    therapist: str
    covers: list[Cover]
    withdrew: date | None

    @property
    def sessions(self) -> list[Session]:
        """The recorded sessions, the last one first."""
        return [cell.session for cell in reversed(self.cells) if cell.session is not None]

    @property
    def next_number(self) -> int | None:
        """The session to be logged next; None when all are."""
        return next((cell.number for cell in self.cells if cell.session is None), None)


@page(Permission.LOG_SESSION)
def participant(request: TrialRequest, number: str) -> HttpResponse:
    """The grid, the next session, the sessions so far."""
    found = participant_by_number(request.trial, number, request.sites)
    chart = chart_of(found, request.actor)
    context = {
        "chart": chart,
        "crumbs": [home_crumb(request)],
        "title": found.number,
        "lead": shown(chart.programme.label),
        "action": next_action(request, chart),
        "marks": marks_of(chart.cells, partial(address, request, found), chart.next_number),
        "rows": rows_of(chart),
        "last": last_sessions(request, chart),
    }
    return render(request, "therapists/participant.html", context)


def chart_of(participant: Participant, by: Actor) -> Chart:
    """Everything at once, inside one opening of the blind; NotFound unless the person treats."""
    today = clock.today(participant.site.time_zone)
    with treating(participant, by) as care:
        covers = Cover.objects.select_related("therapist").filter(assignment=care.assignment, ends_on__gte=today)
        return Chart(
            participant=participant,
            programme=care.programme,
            cells=course.grid_of(participant, care.programme),
            covering=care.covering,
            therapist=care.assignment.therapist.name,
            covers=list(covers.order_by("starts_on")),
            withdrew=withdrew_on(participant),
        )


def home_crumb(request: TrialRequest) -> Crumb:
    return Crumb(_("My participants"), reverse("therapists:home", args=[request.trial.code]))


def address(request: TrialRequest, participant: Participant, number: int) -> str:
    return reverse("therapists:session", args=[request.trial.code, participant.number, number])


def next_action(request: TrialRequest, chart: Chart) -> Action | None:
    """The one main button: the session to be logged next."""
    following = chart.next_number
    if following is None or chart.withdrew is not None:
        return None
    words = _("Log session %(number)s") % {"number": following}
    return Action(words, address(request, chart.participant, following))


def rows_of(chart: Chart) -> list[SummaryRow]:
    """Who treats, and who covers when."""
    rows = [SummaryRow(_("Therapist"), chart.therapist)]
    for cover in chart.covers:
        facts = {
            "name": cover.therapist.name,
            "first": date_format(cover.starts_on, "j F Y"),
            "last": date_format(cover.ends_on, "j F Y"),
        }
        rows.append(SummaryRow(_("Cover"), _("%(name)s, %(first)s to %(last)s") % facts))
    if chart.withdrew is not None:
        rows.append(SummaryRow(_("Left the sessions"), date_format(chart.withdrew, "j F Y")))
    return rows


def last_sessions(request: TrialRequest, chart: Chart) -> list[dict[str, Any]]:
    """The latest sessions; the grid leads to all."""
    kinds = {kind.code: shown(kind.label) for kind in chart.programme.session_types}
    return [row_of(request, chart, session, kinds) for session in chart.sessions[:LATEST]]


def row_of(request: TrialRequest, chart: Chart, session: Session, kinds: dict[str, Any]) -> dict[str, Any]:
    """One recorded session: how it was held, when, and pain."""
    local = here(session.held_at, chart.participant.site.time_zone)
    detail = kinds.get(session.session_type, session.session_type)
    if session.pain_before is not None and session.pain_after is not None:
        facts = {"kind": detail, "before": session.pain_before, "after": session.pain_after}
        detail = _("%(kind)s; pain %(before)s before, %(after)s after") % facts
    return {
        "mark": MARKS[session.status],
        "status": status_in_words(session),
        "label": _("Session %(number)s") % {"number": session.number},
        "url": address(request, chart.participant, session.number),
        "day": date_format(local, "l j F Y"),
        "detail": detail,
    }
