"""Withdrawing: what the participant no longer takes part in, one by one."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from participants.actions import withdrawal
from participants.codes import LEFT_BY_DEATH, WithdrawalReason, WithdrawalScope
from participants.models import Participant
from participants.policies import check_consented
from safety.codes import Outcome
from web.coordinators.saving import about, answer, person_of
from web.forms import ChoiceField, ChoicesField, Form, SplitDateField
from web.pages import TrialRequest, page
from web.shared.record_words import link


class WithdrawalForm(Form):
    """From what, when it was said, and why."""

    scopes = ChoicesField(
        label=gettext_lazy("What does the participant withdraw from?"),
        help_text=gettext_lazy("Choose only what was said. Whoever stops the sessions can still be followed up."),
        choices=WithdrawalScope.choices,
    )
    day = SplitDateField(label=gettext_lazy("Day it was said"))
    reason_code = ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Nobody has to give one. A death ends sessions, follow-up and contact."),
        choices=WithdrawalReason.choices,
    )
    reason = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )


class DeathForm(Form):
    """The day, which a report of the death may have told."""

    day = SplitDateField(label=gettext_lazy("Day of death"))


@page(Permission.WITHDRAW, methods=("GET", "POST"))
def withdraw(request: TrialRequest, number: str) -> HttpResponse:
    """Record a withdrawal; data collected so far stay, unless it is from their use."""
    participant = person_of(request, number)
    check_consented(participant)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        return _record(request, participant, **typed)

    context = about(
        request,
        participant,
        title=_("Withdraw"),
        lead=_("Appointments that this makes pointless are cancelled. Data collected so far are kept."),
        submit=_("Record the withdrawal"),
        danger=True,
    )
    return answer(request, form, context, save, said=_("The withdrawal is recorded."))


@page(Permission.WITHDRAW, methods=("GET", "POST"))
def death(request: TrialRequest, number: str) -> HttpResponse:
    """Record that somebody died: what an event that ended in death leads to, one click from it."""
    participant = person_of(request, number)
    check_consented(participant)
    form = DeathForm(request.POST if request.method == "POST" else None, initial={"day": _day_told(participant)})

    def save(typed: dict[str, Any]) -> str:
        return _record(request, participant, scopes=LEFT_BY_DEATH, reason_code=WithdrawalReason.DIED, **typed)

    context = about(
        request,
        participant,
        title=_("Record a death"),
        lead=_(
            "Sessions, visits, questionnaires, messages and contact end, and what is booked is cancelled. Data "
            "collected so far stay in use. Adverse events can still be reported and followed."
        ),
        submit=_("Record the death"),
        keep=_("Not now"),
        danger=True,
    )
    return answer(request, form, context, save, said=_("The death is recorded."))


def _record(request: TrialRequest, participant: Participant, **typed: Any) -> str:
    withdrawal.withdraw(participant=participant, by=request.actor, **typed)
    return link("record", trial=request.trial.code, number=participant.number)


def _day_told(participant: Participant) -> str:
    """The day on which an event ended in death, as it was reported; nothing while only month or year is known."""
    fatal = participant.adverse_events.filter(outcome=Outcome.FATAL).order_by("-number", "pk").first()
    return fatal.ended if fatal is not None and len(fatal.ended) == len("2026-03-02") else ""
