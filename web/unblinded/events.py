"""Adverse events for those who may know arms and treat nobody: reported, read with texts, judged a second time."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission as P
from core.problems import NotFound
from participants.models import Participant
from participants.queries import participant_by_number
from randomization.blindfold import Purpose, unblinded
from safety.models import AdverseEvent
from safety.queries import event_at
from therapy.actions import deviations, events, short_forms
from therapy.events import names_of, notes_of, opinions_of
from trials.queries import protocol_of
from web.components import Action, Crumb, SummaryRow
from web.coordinators.saving import answer
from web.event_forms import BEHIND, EventForm, OpinionForm, StatusForm
from web.event_words import moment_in_words, rows_of, term_in_words
from web.forms import Form
from web.pages import TrialRequest, page
from web.shared.events import standing_of
from web.shared.record_words import link
from web.short_forms import PAPERS, typed_of
from web.unblinded.delivery_form import LEAD, TITLE, DeliveryForm

LONGEST_NUMBER = 40
DELIVERY = "delivery"
FORM_PAGE = "unblinded/event_form.html"
OF_WHOM = ("person", "what")
"""What the form carries along besides what is asked."""


@page(P.REPORT_EVENT_BEHIND, methods=("GET", "POST"))
def new(request: TrialRequest) -> HttpResponse:
    """Report an event or record a short form: first of whom and which, then what."""
    asked = request.POST or request.GET
    typed, what = asked.get("person", "")[:LONGEST_NUMBER], asked.get("what", "")
    papers = [Action(paper.title, form) for form, paper in PAPERS.items()] + [Action(TITLE, DELIVERY)]
    context = {"title": _("Report an event"), "number": typed, "unknown": False, "papers": papers}
    try:
        participant = participant_by_number(request.trial, typed, request.sites) if typed.strip() else None
    except NotFound:
        return render(request, "unblinded/event_of_whom.html", {**context, "unknown": True}, status=422)
    if participant is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "unblinded/event_of_whom.html", {**context, "unknown": status == 422}, status=status)
    if what == DELIVERY:
        return _record_delivery(request, participant)
    return _record(request, participant, what) if what in PAPERS else _report(request, participant)


def _report(request: TrialRequest, participant: Participant) -> HttpResponse:
    form = EventForm(participant, request.POST if request.method == "POST" else None, behind=True)

    def save(typed: dict[str, Any]) -> str:
        events.report(participant=participant, facts=form.facts(), text=typed["text"], by=request.actor)
        return _back(request)

    words = {"title": _("Report an event"), "submit": _("Report the event")}
    return _of(request, participant, form, save, said=_("The event is reported."), **words)


def _record(request: TrialRequest, participant: Participant, what: str) -> HttpResponse:
    paper = PAPERS[what]
    form = paper.form(request.POST if request.method == "POST" else None)

    def save(_typed: dict[str, Any]) -> str:
        facts = {name: value for name, value in typed_of(form).items() if name not in OF_WHOM}
        short_forms.record(form=what, participant=participant, by=request.actor, **facts)
        return _back(request)

    words = {"title": paper.title, "lead": paper.lead, "submit": _("Record it")}
    return _of(request, participant, form, save, said=_("It is recorded."), what=what, **words)


def _record_delivery(request: TrialRequest, participant: Participant) -> HttpResponse:
    form = DeliveryForm(request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        facts = {name: value for name, value in typed.items() if name not in OF_WHOM}
        deviations.record(participant=participant, by=request.actor, **facts)
        return _back(request)

    words = {"title": TITLE, "lead": LEAD, "submit": _("Record it")}
    return _of(request, participant, form, save, said=_("It is recorded."), what=DELIVERY, **words)


def _of(
    request: TrialRequest,
    participant: Participant,
    form: Form,
    save: Callable[[dict[str, Any]], str],
    *,
    said: str,
    what: str = "",
    **words: Any,
) -> HttpResponse:
    """The form of somebody, which carries along of whom and which it is."""
    for name, value in (("person", participant.number), ("what", what)):
        form.fields[name] = forms.CharField(widget=forms.HiddenInput(), initial=value, required=False)
    context = {"participant": participant, "back": _back(request), **words}
    return answer(request, form, context, save, said=said, template=FORM_PAGE)


def _back(request: TrialRequest) -> str:
    return reverse("unblinded:event_new", args=[request.trial.code])


@page(P.REVIEW_EVENT, methods=("GET", "POST"))
def event(request: TrialRequest, event: UUID) -> HttpResponse:
    """All that is known of an event, texts behind the wall too, and the form for a second opinion."""
    found = event_at(request.sites, event)
    form = OpinionForm(request.POST if request.method == "POST" else None)
    form.fields["text"].required, form.fields["text"].help_text = True, BEHIND

    def save(typed: dict[str, Any]) -> str:
        events.give_second_opinion(event=found, by=request.actor, **typed)
        return url_of(found)

    context = {
        **_around(found),
        "title": term_in_words(protocol_of(request.trial), found.term),
        "lead": _("Texts of therapists and others who may know arms. Blinded people read none of it."),
        "submit": _("Record the second opinion"),
        "rows": rows_of(found),
        **_behind(request, found),
        "follow_up": reverse("unblinded:event_follow_up", args=[request.trial.code, found.pk]),
    }
    return answer(request, form, context, save, said=_("The opinion is recorded."), template="unblinded/event.html")


@page(P.REVIEW_EVENT, methods=("GET", "POST"))
def follow_up(request: TrialRequest, event: UUID) -> HttpResponse:
    """Report what was learned since."""
    found = event_at(request.sites, event)
    form = StatusForm(request.POST if request.method == "POST" else None, initial=standing_of(found), behind=True)

    def save(typed: dict[str, Any]) -> str:
        events.follow_up(event=found, status=form.status(), text=typed["text"], by=request.actor)
        return url_of(found)

    context = {**_around(found), "title": _("Follow-up report"), "submit": _("Add the report"), "back": url_of(found)}
    return answer(request, form, context, save, said=_("The report is added."), template=FORM_PAGE)


def url_of(found: AdverseEvent) -> str:
    return reverse("unblinded:event", args=[found.participant.trial.code, found.pk])


def _around(found: AdverseEvent) -> dict[str, Any]:
    above = [Crumb(_("Safety"), link("safety", trial=found.participant.trial.code))]
    back = link("event", trial=found.participant.trial.code, event=found.pk)
    return {"participant": found.participant, "crumbs": above, "back": back}


def _behind(request: TrialRequest, found: AdverseEvent) -> dict[str, Any]:
    """Notes and second opinions, read in one opening that is noted in the trail."""
    participant, zone = found.participant, found.participant.site.time_zone
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.VIEW, participant=participant):
        notes, opinions = sorted(notes_of(found).items()), opinions_of(found)
    names = names_of([*(note.by for _number, note in notes), *(each.judged_by for each in opinions)])
    return {
        "notes": [
            {
                "when": moment_in_words(note.at, zone),
                "by": names.get(note.by, ""),
                "text": note.text,
                "of": note.session,
            }
            for _number, note in notes
        ],
        "opinions": [
            [
                SummaryRow(_("Caused by a programme"), str(each.get_intervention_display())),
                SummaryRow(_("Caused by a step of the trial"), str(each.get_procedures_display())),
                SummaryRow(_("Reasons"), each.text),
                SummaryRow(
                    _("Judged"),
                    _("%(name)s, %(at)s")
                    % {"name": names.get(each.judged_by, ""), "at": moment_in_words(each.judged_at, zone)},
                ),
            ]
            for each in opinions
        ],
    }
