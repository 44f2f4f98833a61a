"""Handing a participant over to another therapist, or having them covered for leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from core.problems import Conflict, NotFound, Problem, Refused
from participants.models import Participant
from participants.queries import participant_by_number
from therapy.actions import assignments
from therapy.care import treating
from therapy.policies import is_qualified
from trials.access import not_found
from web.components import Crumb
from web.forms import ChoiceField, Form, ReasonField, SplitDateField
from web.pages import TrialRequest, page
from web.therapists.participants import home_crumb


class ToForm(Form):
    """To whom, among the therapists who deliver the same programme at the site."""

    def __init__(self, colleagues: list[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(user.pk): user for user in colleagues}
        choices = [(key, user.name) for key, user in self.colleagues.items()]
        self.fields["therapist"] = ChoiceField(
            label=_("Therapist"), choices=choices, error_messages={"required": _("Choose one.")}
        )
        self.order_fields(["therapist"])

    @property
    def therapist(self) -> User:
        return self.colleagues[self.cleaned_data["therapist"]]


class HandOverForm(ToForm):
    reason = ReasonField(label=gettext_lazy("Why?"), help_text=gettext_lazy("Kept in the trail. No health details."))


class CoverForm(ToForm):
    starts_on = SplitDateField(label=gettext_lazy("First day"))
    ends_on = SplitDateField(label=gettext_lazy("Last day"))


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def hand_over(request: TrialRequest, number: str) -> HttpResponse:
    """Give a participant into the care of another therapist from now on."""
    participant, colleagues = participant_with_colleagues(request, number)

    def save(form: ToForm) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        assignments.hand_over(participant=participant, to=form.therapist, reason=reason, by=request.actor)
        facts = {"number": participant.number, "name": form.therapist.name}
        messages.success(request, _("%(number)s is in the care of %(name)s now.") % facts)
        return redirect("therapists:home", trial=request.trial.code)

    words = {
        "title": _("Hand over"),
        "button": _("Hand over"),
        "lead": _("From now on. You will not see them any more."),
    }
    return answer(request, participant, HandOverForm, colleagues, words, save)


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def cover(request: TrialRequest, number: str) -> HttpResponse:
    """Let another therapist treat on the days of a leave."""
    participant, colleagues = participant_with_colleagues(request, number)

    def save(form: ToForm) -> HttpResponse:
        days = {"starts_on": form.cleaned_data["starts_on"], "ends_on": form.cleaned_data["ends_on"]}
        assignments.cover(participant=participant, therapist=form.therapist, by=request.actor, **days)
        messages.success(request, _("%(name)s covers on these days.") % {"name": form.therapist.name})
        return redirect("therapists:participant", trial=request.trial.code, number=participant.number)

    lead = _("Both days included. Afterwards everything is as before.")
    words = {"title": _("Cover for leave"), "button": _("Arrange cover"), "lead": lead}
    return answer(request, participant, CoverForm, colleagues, words, save)


def participant_with_colleagues(request: TrialRequest, number: str) -> tuple[Participant, list[User]]:
    """A participant in this person's own care, and who else may treat; NotFound for those who only cover."""
    participant = participant_by_number(request.trial, number, request.sites)
    with treating(participant, request.actor) as care:
        if care.covering:
            raise not_found()
        held = User.objects.filter(
            memberships__trial=request.trial, memberships__role=Role.THERAPIST, memberships__ended_at=None
        )
        others = held.exclude(pk=request.actor.id).distinct().order_by("name")
        return participant, [user for user in others if is_qualified(str(user.pk), participant, care.programme)]


def answer(
    request: TrialRequest,
    participant: Participant,
    kind: type[ToForm],
    colleagues: list[User],
    words: dict[str, str],
    save: Callable[[ToForm], HttpResponse],
) -> HttpResponse:
    """The form; what the verb refuses stands in it with everything typed."""
    status, form = 200, kind(colleagues)
    if request.method == "POST":
        status, form = 422, kind(colleagues, request.POST)
        if form.is_valid():
            try:
                return save(form)
            except (Refused, NotFound):
                raise
            except Problem as problem:
                form.add_problem(problem)
                status = 409 if isinstance(problem, Conflict) else 422
    there = reverse("therapists:participant", args=[request.trial.code, participant.number])
    where = {"crumbs": [home_crumb(request), Crumb(participant.number, there)], "back": there}
    context = {**words, **where, "form": form, "colleagues": colleagues, "participant": participant}
    return render(request, "therapists/handing_on.html", context, status=status)
