"""Adverse events of the participants a therapist treats: reported between two patients, followed up, read back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.dates import partial_date_in_words
from participants.models import Participant
from participants.queries import participant_by_number
from safety.models import AdverseEvent
from safety.queries import event_at
from therapy.actions import events
from therapy.care import treating
from therapy.events import notes_of
from therapy.models import Session
from trials.access import not_found
from trials.queries import protocol_of
from web.components import Action, Crumb
from web.coordinators.saving import answer
from web.event_forms import EventForm, StatusForm
from web.event_words import moment_in_words, term_in_words
from web.forms import ChoiceField
from web.pages import TrialRequest, page
from web.shared.events import standing_of
from web.short_forms import PAPERS
from web.therapists.participants import home_crumb
from web.unblinded.delivery_form import TITLE


@page(Permission.LOG_SESSION)
def of_participant(request: TrialRequest, number: str) -> HttpResponse:
    """The events of somebody in one's care, with what was noted behind the wall."""
    participant = participant_by_number(request.trial, number, request.sites)
    protocol = protocol_of(request.trial)
    with treating(participant, request.actor):
        held = list(participant.adverse_events.order_by("-reported_at", "pk"))
        rows = [_row(each, notes_of(each), protocol, participant) for each in held]
    context = {
        "rows": rows,
        "crumbs": crumbs(request, participant),
        "title": _("Adverse events"),
        "new": reverse("therapists:event_new", args=[request.trial.code, participant.number]),
        "papers": [
            Action(paper.title, reverse(f"therapists:{form}_new", args=[request.trial.code, participant.number]))
            for form, paper in PAPERS.items()
        ]
        + [Action(TITLE, reverse("therapists:delivery_new", args=[request.trial.code, participant.number]))],
    }
    return render(request, "therapists/events.html", context)


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def new(request: TrialRequest, number: str) -> HttpResponse:
    """Report an event, naming the session if it has to do with one."""
    participant = participant_by_number(request.trial, number, request.sites)
    form = EventForm(participant, request.POST if request.method == "POST" else None, behind=True)
    form.fields["session"] = session_field(request, participant)

    def save(typed: dict[str, Any]) -> str:
        session = int(typed["session"]) if typed["session"] else None
        facts = form.facts()
        events.report(participant=participant, facts=facts, text=typed["text"], session=session, by=request.actor)
        return reverse("therapists:events", args=[request.trial.code, participant.number])

    words = {"title": _("Report an adverse event"), "submit": _("Report the event")}
    return answer(request, form, around(request, participant, **words), save, said=_("The event is reported."))


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def follow_up(request: TrialRequest, number: str, event: UUID) -> HttpResponse:
    """Report what was learned since."""
    participant = participant_by_number(request.trial, number, request.sites)
    with treating(participant, request.actor):
        found = event_at([participant.site], event)
    if found.participant_id != participant.pk:
        raise not_found()
    form = StatusForm(request.POST if request.method == "POST" else None, initial=standing_of(found), behind=True)

    def save(typed: dict[str, Any]) -> str:
        events.follow_up(event=found, status=form.status(), text=typed["text"], by=request.actor)
        return reverse("therapists:events", args=[request.trial.code, participant.number])

    words = {"title": _("Follow-up report"), "submit": _("Add the report")}
    lead = term_in_words(protocol_of(request.trial), found.term)
    return answer(request, form, around(request, participant, lead=lead, **words), save, said=_("The report is added."))


def crumbs(request: TrialRequest, participant: Participant) -> list[Crumb]:
    where = reverse("therapists:participant", args=[request.trial.code, participant.number])
    return [home_crumb(request), Crumb(participant.number, where)]


def around(request: TrialRequest, participant: Participant, **words: Any) -> dict[str, Any]:
    """What every page about harm shows: where it is, and the way back to the events."""
    back = reverse("therapists:events", args=[request.trial.code, participant.number])
    above = [*crumbs(request, participant), Crumb(_("Adverse events"), back)]
    return {"participant": participant, "crumbs": above, "back": back, **words}


def session_field(request: TrialRequest, participant: Participant) -> ChoiceField:
    """The recorded sessions, the last first; nobody has to name one."""
    with treating(participant, request.actor):
        recorded = list(Session.objects.filter(participant=participant).order_by("-number").values_list("number"))
    choices = [(str(number), _("Session %(number)s") % {"number": number}) for (number,) in recorded]
    label = _("Has it to do with a session?")
    return ChoiceField(label=label, choices=choices, as_list=True, required=False)


def _row(found: AdverseEvent, notes: dict[int, Any], protocol: Any, participant: Participant) -> dict[str, Any]:
    zone = participant.site.time_zone
    told = [
        {"when": moment_in_words(note.at, zone), "text": note.text, "session": note.session}
        for _number, note in sorted(notes.items())
    ]
    return {
        "title": term_in_words(protocol, found.term),
        "detail": _("since %(day)s; %(outcome)s")
        % {"day": partial_date_in_words(found.onset), "outcome": found.get_outcome_display()},
        "notes": [note for note in told if note["text"] or note["session"]],
        "url": reverse("therapists:event", args=[participant.trial.code, participant.number, found.pk]),
    }
