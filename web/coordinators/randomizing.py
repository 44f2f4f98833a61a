"""Randomizing where the protocol names coordinators: what is checked, read-back, confirm, receipt. Never the arm."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core import clock
from participants.models import Participant
from randomization import door
from trials.access import refused
from trials.queries import protocol_of
from web.components import SummaryRow
from web.coordinators.saving import about, answer, person_of
from web.forms import Form, whole_number
from web.pages import TrialRequest, page
from web.shared.record_rights import rights_of
from web.shared.record_words import moment_in_words


class ConfirmForm(Form):
    """What was read back is right."""

    confirmed = forms.BooleanField(label=gettext_lazy("I have read this back. Randomizing cannot be undone."))


@page(Permission.SCREEN, methods=("GET", "POST"))
def randomize(request: TrialRequest, number: str) -> HttpResponse:
    """Check, read back, confirm."""
    _check_named(request)
    participant = person_of(request, number)
    names = {"trial": request.trial.code, "number": number}
    if request.method == "GET" and door.earlier_receipt(participant=participant, by=request.actor):
        # As after a lost connection: what became of it is the answer.
        return redirect(reverse("coordinators:receipt", kwargs=names))
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    seen = request.POST.get("revision", "")

    def save(_typed: dict[str, Any]) -> str:
        door.allocate(participant=participant, by=request.actor, seen=whole_number(seen))
        return reverse("coordinators:receipt", kwargs=names)

    checks = door.preconditions(participant, by=request.actor)
    context = about(
        request,
        participant,
        title=_("Randomize"),
        lead=_("What must hold, then once more who, then it is done for good."),
        checks=checks,
        ready=all(check.met for check in checks),
        rows=_read_back(request, participant),
        revision=seen or participant.revision,
        submit=_("Randomize"),
    )
    return answer(request, form, context, save, template="coordinators/randomize.html")


@page(Permission.SCREEN)
def receipt(request: TrialRequest, number: str) -> HttpResponse:
    """What somebody blind may know of it: who, when, by whom. For the person who randomized, at any later login."""
    _check_named(request)
    participant = person_of(request, number)
    held = door.earlier_receipt(participant=participant, by=request.actor)
    if held is None:
        return redirect("record", trial=request.trial.code, number=number)
    rows = [
        SummaryRow(_("Participant"), participant.number),
        SummaryRow(_("Randomized on"), moment_in_words(held.at, participant.site.time_zone)),
        SummaryRow(_("By"), held.by),
    ]
    context = about(request, participant, title=_("Receipt"), rows=rows)
    return render(request, "coordinators/receipt.html", context)


def _check_named(request: TrialRequest) -> None:
    """Before any participant is sought: whom the protocol does not name is told so, whatever the number."""
    if not rights_of(request.memberships).may_randomize(protocol_of(request.trial)):
        raise refused()


def _read_back(request: TrialRequest, participant: Participant) -> list[SummaryRow]:
    return [
        SummaryRow(_("Participant"), participant.number),
        SummaryRow(_("Site"), participant.site.name),
        SummaryRow(_("Now"), moment_in_words(clock.now(), participant.site.time_zone)),
        SummaryRow(_("By"), request.actor.name),
    ]
