"""Recording an error about an allocation. The page tells nothing of arm or stratum, and lists no error."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import NotFound, Problem
from participants.models import Participant
from participants.queries import participant_by_number
from randomization import door
from randomization.door import ErrorKind
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.forms import ChoiceField, Form
from web.pages import TrialRequest, page
from web.shared.record_words import say

LONGEST = 2_000


class ErrorForm(Form):
    """Who, what kind of error, what belongs to that kind, and an explanation."""

    number = forms.CharField(
        label=gettext_lazy("Study number"),
        max_length=40,
        widget=forms.TextInput({"class": "w-6", "autocomplete": "off"}),
    )

    def __init__(self, protocol: Protocol, kinds: list[ErrorKind], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.kinds = kinds
        self.fields["kind"] = ChoiceField(
            label=_("What went wrong?"), choices=[(kind.value, kind.label) for kind in kinds]
        )
        if ErrorKind.WRONG_STRATUM in kinds:
            self.fields["corrected"] = _corrected_field(protocol)
        if ErrorKind.DUPLICATE in kinds:
            self.fields["of"] = forms.CharField(
                label=_("Other study number of the same person"),
                help_text=_("For the same person randomized twice."),
                max_length=40,
                required=False,
                widget=forms.TextInput({"class": "w-6", "autocomplete": "off"}),
            )
        if ErrorKind.WRONG_TREATMENT in kinds:
            self.fields["given"] = ChoiceField(
                label=_("Treatment that was given"),
                help_text=_("For another treatment than allocated."),
                choices=[("", _("Choose one")), *((arm.code, say(arm.public_name)) for arm in protocol.design.arms)],
                required=False,
                widget=forms.Select(),
            )
        self.fields["explanation"] = forms.CharField(
            label=_("What happened, and how was it found?"),
            help_text=_("For whoever analyses the trial."),
            max_length=LONGEST,
            widget=forms.Textarea({"rows": 5}),
        )

    def details(self) -> dict[str, str]:
        """What belongs to the kind chosen; what was typed for another kind is refused at its field."""
        typed = {name: self.cleaned_data.get(name) for name in ("of", "given")}
        factor, _sign, corrected = str(self.cleaned_data.get("corrected") or "").partition("=")
        return {name: value for name, value in {**typed, "factor": factor, "corrected": corrected}.items() if value}

    def add_problem(self, problem: Problem) -> None:
        """As any form; factor and level are one question here."""
        if problem.field == "factor":
            problem.field = "corrected"
        super().add_problem(problem)


@page(Permission.RECORD_ALLOCATION_ERROR, methods=("GET", "POST"))
def record(request: TrialRequest) -> HttpResponse:
    """Record an error; nothing about the allocation is shown before or after."""
    protocol, kinds = protocol_of(request.trial), door.error_kinds(request.actor, request.trial)
    if request.method != "POST":
        return show(request, ErrorForm(protocol, kinds, initial={"number": request.GET.get("number", "")}))
    form = ErrorForm(protocol, kinds, request.POST)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        door.record_error(
            participant=participant_of(request, form.cleaned_data["number"]),
            kind=ErrorKind(form.cleaned_data["kind"]),
            explanation=form.cleaned_data["explanation"],
            details=form.details(),
            by=request.actor,
        )
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    messages.success(request, _("The error is recorded. The allocation stands as it is."))
    return redirect("coordinators:allocation_error", trial=request.trial.code)


def participant_of(request: TrialRequest, number: str) -> Participant:
    """Somebody at the person's sites; Problem at the field for any other number."""
    try:
        return participant_by_number(request.trial, number.strip(), request.sites)
    except NotFound:
        sentence = _("There is no participant %(number)s at your sites. Check the number.")
        raise Problem("erratum.number", sentence, field="number", params={"number": number[:40]}) from None


def show(request: TrialRequest, form: ErrorForm, status: int = 200) -> HttpResponse:
    """The form."""
    reads = any(Permission.PREPARE_SEQUENCE in m.definition.permissions for m in request.memberships)
    context = {"form": form, "reads_errors": reads}
    return render(request, "coordinators/allocation_error.html", context, status=status)


def _corrected_field(protocol: Protocol) -> ChoiceField:
    levels = [
        (f"{factor.code}={level.code}", f"{say(factor.label)}: {say(level.label)}")
        for factor in protocol.strata
        for level in factor.levels
    ]
    return ChoiceField(
        label=_("Right stratum"),
        help_text=_("For the wrong stratum: the level that should have been used."),
        choices=[("", _("Choose one")), *levels],
        required=False,
        widget=forms.Select(),
    )
