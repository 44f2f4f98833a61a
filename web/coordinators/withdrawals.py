"""Withdrawing: what the participant no longer takes part in, one by one."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from participants.actions import withdrawal
from participants.codes import WithdrawalReason, WithdrawalScope
from participants.policies import check_consented
from web.coordinators.saving import about, answer, person_of
from web.forms import ChoiceField, ChoicesField, Form, SplitDateField
from web.pages import TrialRequest, page


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
        help_text=gettext_lazy("Nobody has to give one."),
        choices=WithdrawalReason.choices,
    )
    reason = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )


@page(Permission.WITHDRAW, methods=("GET", "POST"))
def withdraw(request: TrialRequest, number: str) -> HttpResponse:
    """Record a withdrawal; data collected so far stay, unless it is from their use."""
    participant = person_of(request, number)
    check_consented(participant)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        withdrawal.withdraw(participant=participant, by=request.actor, **typed)
        return reverse("record", kwargs={"trial": request.trial.code, "number": number})

    context = about(
        request,
        participant,
        title=_("Withdraw"),
        lead=_("Appointments that this makes pointless are cancelled. Data collected so far are kept."),
        submit=_("Record the withdrawal"),
        danger=True,
    )
    return answer(request, form, context, save, said=_("The withdrawal is recorded."))
