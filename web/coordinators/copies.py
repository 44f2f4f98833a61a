"""The copy of a consent for the participant: to print, to save, or to send by e-mail."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.problems import NotFound, Problem, Refused
from participants.consent_copy import copy_of
from participants.models import Consent, Participant
from reminders.actions import consent_copies
from trials.access import not_found
from web.coordinators.saving import about, person_of
from web.pages import TrialRequest, page
from web.shared.record_panels import message_table
from web.shared.record_words import day_in_words


@page(Permission.CONSENT, methods=("GET", "POST"))
def consent_copy(request: TrialRequest, number: str, consent: UUID) -> HttpResponse:
    """The copy as the participant gets it; POST sends it."""
    participant = person_of(request, number)
    held = _find(participant, consent)
    if request.method != "POST":
        return _show(request, participant, held)
    try:
        consent_copies.send(consent=held, by=request.actor)
    except (Refused, NotFound):
        raise
    except Problem as problem:
        return _show(request, participant, held, [problem])
    messages.success(request, _("The copy is on its way."))
    return redirect(request.path)


def _show(request: TrialRequest, participant: Participant, held: Consent, problems: Any = ()) -> HttpResponse:
    sent = consent_copies.copies_of(held)
    context = about(
        request,
        participant,
        title=_("Copy for the participant"),
        lead=_("Consent of %(day)s, version %(version)s") % {"day": day_in_words(held.day), "version": held.version},
        copy=copy_of(held),
        sent=message_table(participant, sent) if sent else None,
        may_send=all(each.state in consent_copies.AGAIN for each in sent),
        problems=problems,
        form_errors=bool(problems),
    )
    status = problems[0].status if problems else 200
    return render(request, "coordinators/consent_copy.html", context, status=status)


def told_after(request: TrialRequest, consent: Consent) -> str:
    """After a consent: its copy goes out by e-mail where that is wished; what to do otherwise."""
    if consent_copies.send_if_wished(consent=consent, by=request.actor):
        return _("The consent is recorded. A copy goes to the participant by e-mail.")
    return _("The consent is recorded. Print the copy for the participant: it is on the record, under Consent.")


def _find(participant: Participant, key: UUID) -> Consent:
    rows = participant.consents.select_related("explained_by", "protocol", "participant__site", "participant__trial")
    held: Consent | None = rows.filter(pk=key).first()
    if held is None:
        raise not_found()
    return held
