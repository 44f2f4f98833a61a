"""Where a staff form stands: the pages around it, and whose it is, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from instruments import catalogue
from instruments.definition import Definition
from instruments.packs import FormTexts
from outcomes.models import Form, Visit
from outcomes.policies import today_at
from outcomes.queries import signature_waits
from outcomes.queries.signing import SIGNED_BY
from outcomes.schedule import window_in_words
from participants.models import Participant
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Action, Crumb
from web.instrument_forms.words import texts_of
from web.pages import TrialRequest

HAVE_AN_ARM = (Participant.State.RANDOMIZED, Participant.State.COMPLETED)


@dataclass(frozen=True)
class Place:
    """The addresses around one form. An empty one means that there is no such page for this audience."""

    form_url: str
    correct_url: str = ""
    not_done_url: str = ""
    unblinding: Action | None = None
    crumbs: Sequence[Crumb] = field(default_factory=list)


@dataclass(frozen=True)
class Subject:
    """A form with its definition and its words.

    A participant's own form speaks the participant's language, so that it can be read out to them.
    """

    form: Form
    definition: Definition
    texts: FormTexts

    @property
    def is_participants(self) -> bool:
        return self.form.filled_by == "participant"

    @property
    def lead(self) -> str:
        """Whose form it is, of which visit, in which window."""
        return _("%(number)s, %(visit)s, %(window)s") % {
            "number": self.form.participant.number,
            "visit": visit_in_words(self.form.visit, protocol_of(self.form.trial)),
            "window": window_in_words(self.form.opens_on, self.form.closes_on, today_at(self.form)),
        }


def subject_of(form: Form) -> Subject:
    """The form as staff see it."""
    definition = catalogue.load(form.instrument)
    language = form.participant.language if form.filled_by == "participant" else None
    return Subject(form, definition, texts_of(form, language))


def visit_in_words(visit: Visit, protocol: Protocol) -> str:
    """The protocol's name of a visit in the page's language, with its number when it recurs."""
    try:
        plan = protocol.visit(visit.code)
    except KeyError:  # an amendment dropped the visit
        return visit.label()
    name = plan.label.in_language(get_language() or "en")
    return f"{name} {visit.number}" if plan.repeat else name


def unblinding_of(form: Form) -> Action | None:
    """Where it is recorded that somebody let the group slip; on forms measured blind, once there is a group."""
    if form.filled_by != "assessor" or form.participant.state not in HAVE_AN_ARM:
        return None
    trial, number = form.trial.code, form.participant.number
    return Action(_("Someone told me the group"), reverse("unblinding", kwargs={"trial": trial, "number": number}))


def what_is_next(request: TrialRequest, form: Form) -> str:
    """Where somebody signs a visit once its last form is in; "" for all who have nothing to sign now."""
    if form.filled_by != SIGNED_BY or not signature_waits(form.visit, request.actor):
        return ""
    return reverse("assessors:sign", args=[request.trial.code, form.visit_id])


def show(
    request: TrialRequest, template: str, subject: Subject, place: Place, status: int = 200, **context: Any
) -> HttpResponse:
    """Print a page about a form."""
    context |= {"subject": subject, "place": place, "crumbs": place.crumbs, "title": subject.texts.title}
    return render(request, f"instruments/{template}.html", context, status=status)


def say(request: TrialRequest, sentence: Any) -> None:
    """A sentence for the next page: what was done."""
    messages.success(request, str(sentence))


def wants_json(request: TrialRequest) -> bool:
    """Whether the script asks, which saves single items."""
    return request.headers.get("Accept", "") == "application/json"


def refusal(sentence: str, status: int) -> JsonResponse:
    """What the script is told when an item was not saved."""
    return JsonResponse({"sentence": sentence}, status=status)
