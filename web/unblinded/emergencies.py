"""Emergency unblinding: one participant, the password again, a reason; the page that answers shows the group once."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from core.problems import NotFound, Problem
from participants.models import Participant
from participants.queries import participant_by_number
from randomization.actions.unblindings import Opened, unblind
from randomization.unblindings import EmergencyUnblinding
from trials.queries import protocol_of
from web.components import SummaryRow
from web.forms import ChoiceField
from web.pages import TrialRequest, page
from web.signed_form import SignedForm

LONGEST_NUMBER = 40
BY_CODE = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
"""The second factors whose code can be typed."""


class EmergencyForm(SignedForm):
    """Who, why, the password again, and the second factor of those who set one."""

    number = forms.CharField(label=gettext_lazy("Study number"), max_length=LONGEST_NUMBER)
    reason = ChoiceField(label=gettext_lazy("Why is the group needed now?"), choices=EmergencyUnblinding.Reason.choices)
    explanation = forms.CharField(
        label=gettext_lazy("What happened, and who asks?"),
        help_text=gettext_lazy("It is kept for good and read by unblinded roles only."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, request: TrialRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if get_adapter().is_mfa_enabled(request.user, types=BY_CODE):
            self.fields["code"] = forms.CharField(
                label=_("Code of your second factor"),
                max_length=20,
                widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
            )

    def clean_code(self) -> str:
        """A code of the person's own app or list; looked at only together with the right password."""
        code = str(self.cleaned_data["code"]).strip()
        if "password" not in self.cleaned_data:
            return code
        held = Authenticator.objects.filter(user=self.request.user, type__in=BY_CODE)
        if not any(each.wrap().validate_code(code) for each in held):
            raise ValidationError(_("This code is not valid. Type the one your app shows now."), code="mfa.wrong")
        return code


@page(Permission.UNBLIND, methods=("GET", "POST"))
def emergency(request: TrialRequest) -> HttpResponse:
    """Open one participant's group; what answers the form shows it, once."""
    if request.method != "POST":
        return show(request, EmergencyForm(request, initial={"number": request.GET.get("number", "")}))
    form = EmergencyForm(request, request.POST)
    if not form.is_valid():
        return show(request, form, 422)
    typed = form.cleaned_data
    try:
        participant = participant_by_number(request.trial, typed["number"], request.sites)
        opened = unblind(
            participant=participant, reason=typed["reason"], explanation=typed["explanation"], by=request.actor
        )
    except NotFound:
        form.add_error("number", _("There is no such participant at your sites. Check the number."))
        return show(request, form, 422)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    return show_arm(request, participant, opened)


def show(request: TrialRequest, form: EmergencyForm, status: int = 200) -> HttpResponse:
    """The form."""
    return render(request, "unblinded/emergency.html", {"form": form}, status=status)


def show_arm(request: TrialRequest, participant: Participant, opened: Opened) -> HttpResponse:
    """The group, this once; and who was told that it was opened."""
    arm = protocol_of(request.trial).arm(opened.arm)
    rows = [
        SummaryRow(_("Participant"), participant.number),
        SummaryRow(_("Group"), arm.public_name.in_language(get_language() or "en")),
        SummaryRow(_("Code of the group"), arm.code),
    ]
    reached = [f"{each.name} ({ROLES[Role(each.role)].label})" for each in opened.told if each.reached]
    missed = [f"{each.name} ({ROLES[Role(each.role)].label})" for each in opened.told if not each.reached]
    context = {"rows": rows, "reached": reached, "missed": missed}
    return render(request, "unblinded/emergency_opened.html", context)
