"""Recording that somebody who must not know it learned a participant's group: one tap to come here, one to record."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from core import clock
from core.problems import NotFound, Problem
from participants.actions import unblinding
from participants.codes import LearnedHow
from participants.models import Participant
from participants.queries import participant_by_number
from trials.models import Membership, Site, Trial
from trials.queries import protocol_of
from web.components import Crumb
from web.forms import ChoiceField, Form, SplitDateField
from web.pages import TrialRequest, page
from web.shared.record import crumbs
from web.shared.record_words import link

LONGEST_NUMBER = 40


class UnblindingForm(Form):
    """How it was learned; by whom, when and what, where it was not oneself, just now, or where one wants to say.

    Without a participant it asks for the study number.
    """

    def __init__(self, trial: Trial, sites: list[Site], participant: Participant | None, *args: Any) -> None:
        super().__init__(*args)
        if participant is None:
            self.fields["number"] = forms.CharField(label=_("Study number"), max_length=LONGEST_NUMBER)
            self.fields["number"].error_messages["required"] = _("Enter the study number.")
        self.people = colleagues(trial, sites)
        names = [(key, user.name) for key, user in self.people.items()]
        language = get_language() or "en"
        arms = [(arm.code, arm.public_name.in_language(language)) for arm in protocol_of(trial).design.arms]
        self.fields["learner"] = ChoiceField(
            label=_("Who learned it?"), choices=[("", _("I did")), *names], widget=forms.Select(), required=False
        )
        self.fields["learned_on"] = SplitDateField(
            label=_("When?"),
            help_text=_("Leave empty if it was today."),
            latest=lambda: clock.today(trial.time_zone),
            required=False,
        )
        self.fields["arm"] = ChoiceField(
            label=_("Which group was it said to be?"),
            help_text=_("Right or wrong. Nobody blinded reads it. Leave it open if you would rather not say."),
            choices=arms,
            required=False,
        )
        self.fields["how"] = forms.ChoiceField(choices=LearnedHow.choices)
        self.fields["how"].error_messages["required"] = _("Choose how it was learned.")


def colleagues(trial: Trial, sites: list[Site]) -> dict[str, User]:
    """Those who work blinded at the sites, by key, in the order of their names."""
    held = Membership.objects.filter(trial=trial, ended_at=None, user__is_active=True).select_related("user")
    keys = {None, *(site.pk for site in sites)}
    blinded = [m for m in held.order_by("user__name", "user_id", "pk") if not ROLES[Role(m.role)].unblinding]
    return {str(m.user_id): m.user for m in blinded if m.site_id in keys}


@page(Permission.RECORD_UNBLINDING, methods=("GET", "POST"))
def record_new(request: TrialRequest) -> HttpResponse:
    """Of a participant whose number is typed."""
    return answer(request, None)


@page(Permission.RECORD_UNBLINDING, methods=("GET", "POST"))
def record_of(request: TrialRequest, number: str) -> HttpResponse:
    """Of one participant."""
    return answer(request, participant_by_number(request.trial, number, request.sites))


def answer(request: TrialRequest, participant: Participant | None) -> HttpResponse:
    """Show the form, or record what was sent."""
    if request.method != "POST":
        return show(request, participant, UnblindingForm(request.trial, request.sites, participant))
    form = UnblindingForm(request.trial, request.sites, participant, request.POST)
    if not form.is_valid():
        return show(request, participant, form, 422)
    typed = form.cleaned_data
    try:
        found = participant or participant_by_number(request.trial, typed["number"], request.sites)
        unblinding.record(
            participant=found,
            how=typed["how"],
            learner=form.people.get(typed["learner"]),
            arm=typed["arm"],
            learned_on=typed["learned_on"],
            by=request.actor,
        )
    except NotFound:
        form.add_error("number", _("There is no such participant at your sites. Check the number."))
        return show(request, participant, form, 422)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, participant, form, problem.status)
    messages.success(request, _("Recorded. Whoever learned the group measures this participant no more."))
    if Permission.ASSESS in {each for m in request.memberships for each in m.definition.permissions}:
        return redirect("assessors:home", trial=request.trial.code)
    return redirect("record", trial=request.trial.code, number=found.number)


def show(request: TrialRequest, participant: Participant | None, form: Form, status: int = 200) -> HttpResponse:
    """The page; its buttons are the ways by which it was learned."""
    above = crumbs(request)
    if participant is not None:
        url = link("record", trial=request.trial.code, number=participant.number)
        above.append(Crumb(participant.number, url))
    others = [name for name in ("learner", "learned_on", "arm") if name in form.errors or form.data.get(name)]
    context = {
        "crumbs": above,
        "lead": participant.number if participant else "",
        "form": form,
        "ways": LearnedHow.choices,
        "open": bool(others),
    }
    return render(request, "shared/unblinding.html", context, status=status)
