"""The session log: filled once, in order; read back; corrected with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.problems import Conflict, NotFound, Problem, Refused
from participants.queries import participant_by_number
from therapy.actions import corrections, sessions
from therapy.models import Session
from trials.access import not_found
from web.components import Crumb
from web.keeping.aside import asks_for_part
from web.keeping.showing import CREATED, kept_in
from web.pages import TrialRequest, page
from web.therapists.cards import added_of, cards_of
from web.therapists.filling import filled_in, local_now
from web.therapists.participants import address, home_crumb
from web.therapists.reading import read_back
from web.therapists.session_form import HELD_ONLY, CorrectionForm, SessionForm
from web.therapists.sheets import Sheet, marks_of, sheet_of
from web.therapists.words import seen_in_words, shown


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def session(request: TrialRequest, number: str, session: int) -> HttpResponse:
    """Log the next session, or read a recorded one."""
    sheet = sheet_at(request, number, session)
    if request.method == "POST":
        return receive(request, sheet, SessionForm, record)
    if sheet.stored is not None:
        return render(request, "therapists/session_read.html", about(request, sheet) | read_back(sheet))
    return show(request, SessionForm(sheet, initial=sets_shown_again(request)))


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def correct(request: TrialRequest, number: str, session: int) -> HttpResponse:
    """Correct a recorded session with a reason."""
    sheet = sheet_at(request, number, session)
    if sheet.stored is None:
        raise not_found()
    if request.method == "POST":
        return receive(request, sheet, CorrectionForm, store_correction)
    initial = sets_shown_again(request) | {"seen": sheet.stored.revision}
    return show(request, CorrectionForm(sheet, initial=initial))


def sets_shown_again(request: TrialRequest) -> dict[str, Any]:
    """As many sets as the page had when the login ran out, so that each that was typed has its place."""
    return {name: values[0] for name, values in kept_in(request).items() if name.endswith("-sets")}


def sheet_at(request: TrialRequest, number: str, session: int) -> Sheet:
    """The session of an address, for the therapist who treats."""
    participant = participant_by_number(request.trial, number, request.sites)
    return sheet_of(participant, session, request.actor)


def receive(
    request: TrialRequest, sheet: Sheet, kind: type[SessionForm], save: Callable[[TrialRequest, Any], Session]
) -> HttpResponse:
    """The page was sent: to fill in more of it, or to be saved. A refusal keeps everything typed."""
    form = kind(sheet, request.POST)
    more = filled_in(form, request.POST.get("step", ""))
    if more is not None:
        return show(request, kind(sheet, initial=more))
    if not form.is_valid():
        return show(request, form, 422)
    try:
        save(request, form)
    except (Refused, NotFound):
        raise
    except Problem as problem:
        if not (isinstance(problem, Conflict) and was_saved_before(request, form)):
            form.add_problem(problem)
            return show(request, form, 409 if isinstance(problem, Conflict) else 422)
    messages.success(request, form.saved_in_words())
    there = reverse("therapists:participant", args=[request.trial.code, sheet.participant.number])
    return JsonResponse({"next": there}, status=CREATED) if asks_for_part(request) else redirect(there)


def was_saved_before(request: TrialRequest, form: SessionForm) -> bool:
    """Whether the same person's script sent the same before: it sends again when the network died before the answer."""
    stored = form.sheet.stored
    if not asks_for_part(request) or isinstance(form, CorrectionForm):
        return False
    if stored is None or stored.recorded_by != request.actor.id:
        return False
    return not set(form.changed_data) - {"close_confirmed"}


def record(request: TrialRequest, form: SessionForm) -> Session:
    """Save a session for the first time."""
    sheet = form.sheet
    return sessions.record(
        participant=sheet.participant,
        number=sheet.number,
        status=form.cleaned_data["status"],
        held_at=form.held_at(),
        exercises=form.entries(),
        by=request.actor,
        close_confirmed=form.cleaned_data["close_confirmed"],
        **form.details(),
    )


def store_correction(request: TrialRequest, form: CorrectionForm) -> Session:
    """Save what was corrected; what is unchanged stays untouched."""
    sheet, details = form.sheet, form.details()
    if not form.attended:
        details = {name: value for name, value in details.items() if name not in HELD_ONLY}
    return corrections.correct(
        participant=sheet.participant,
        number=sheet.number,
        reason=form.cleaned_data["reason"],
        status=form.cleaned_data["status"],
        held_at=form.held_at(),
        exercises=form.entries() if form.attended and form.exercises_changed() else None,
        seen=form.cleaned_data["seen"],
        by=request.actor,
        **details,
    )


def show(request: TrialRequest, form: SessionForm, status: int = 200) -> HttpResponse:
    """The log to fill. A script is told the status alone: then it sends the page, which says what is wrong."""
    if asks_for_part(request):
        return JsonResponse({}, status=status)
    marks = [replace(mark, url="") for mark in marks_of(form.sheet.cells, str, form.sheet.number)]
    context = about(request, form.sheet) | {
        "form": form,
        "cards": cards_of(form),
        "added": added_of(form),
        "now": f"{local_now(form.sheet):%Y-%m-%d %H:%M}",
    }
    context["marks"] = marks
    return render(request, "therapists/session.html", context, status=status)


def about(request: TrialRequest, sheet: Sheet) -> dict[str, Any]:
    """Where the page is, and the grid around the session."""
    there = reverse("therapists:participant", args=[request.trial.code, sheet.participant.number])
    return {
        "sheet": sheet,
        "crumbs": [home_crumb(request), Crumb(sheet.participant.number, there)],
        "back": there,
        "title": _("Session %(number)s of %(total)s") % {"number": sheet.number, "total": sheet.total},
        "lead": lead_of(sheet),
        "marks": marks_of(sheet.cells, partial(address, request, sheet.participant), sheet.number),
    }


def lead_of(sheet: Sheet) -> str:
    """Whose session, of which type, and how the one before went."""
    facts: dict[str, Any] = {"number": sheet.participant.number, "kind": shown(sheet.kind.label)}
    before = sheet.before
    if before is None:
        return _("%(number)s · %(kind)s") % facts
    facts["seen"] = seen_in_words(before.held_at, sheet.zone) if before.attended else _("the last session was not held")
    if before.pain_before is None or before.pain_after is None:
        return _("%(number)s · %(kind)s · %(seen)s") % facts
    facts |= {"before": before.pain_before, "after": before.pain_after}
    return _("%(number)s · %(kind)s · %(seen)s, pain %(before)s before, %(after)s after") % facts
