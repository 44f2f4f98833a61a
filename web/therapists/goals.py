"""Goals set with a participant: those that go on, how they stand, and those that ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.problems import Conflict, NotFound, Problem, Refused
from participants.models import Participant
from participants.queries import participant_by_number
from therapy.actions import goals as actions
from therapy.care import treating
from therapy.goals import Standing, goals_of
from therapy.models import GoalReview
from therapy.models.goal import LONGEST_GOAL
from trials.access import not_found
from trials.protocol.programmes import Programme
from web.components import Crumb, Table, TableCell
from web.forms import ChoiceField, Form, ScaleField
from web.pages import TrialRequest, page
from web.therapists.participants import home_crumb
from web.therapists.words import here, shown


def rating_field() -> ScaleField:
    return ScaleField(
        label=gettext_lazy("How well does it go, 0 to 10?"),
        low_label=gettext_lazy("not at all"),
        high_label=gettext_lazy("fully"),
    )


class GoalForm(Form):
    wording = forms.CharField(
        label=gettext_lazy("Goal, in the participant's words"),
        help_text=gettext_lazy("No names. Blinded people never see it."),
        max_length=LONGEST_GOAL,
        widget=forms.Textarea({"rows": 2}),
    )
    rating = rating_field()


class ReviewForm(Form):
    rating = rating_field()
    outcome = ChoiceField(label=gettext_lazy("How does it stand?"), choices=GoalReview.Outcome.choices, inline=True)


@page(Permission.LOG_SESSION, methods=("GET", "POST"))
def goals(request: TrialRequest, number: str) -> HttpResponse:
    """Set a goal, or review one; ``goal`` in what is sent says which."""
    participant = participant_by_number(request.trial, number, request.sites)
    programme, standing = goals_in_care(request, participant)
    open_goals = [each for each in standing if each.open]
    sent = request.POST if request.method == "POST" else None
    which = request.POST.get("goal", "")
    form = GoalForm(sent if which == "" else None, prefix="new")
    reviews = {
        each.goal.number: ReviewForm(sent if which == str(each.goal.number) else None, prefix=f"g{each.goal.number}")
        for each in open_goals
    }
    chosen = form if which == "" else reviews.get(int(which) if which.isdecimal() and len(which) < 5 else 0)
    if sent is not None and chosen is None:
        raise not_found()
    status = 200
    if sent is not None and chosen is not None:
        status = save(request, participant, chosen, which)
        if status == 302:
            return redirect("therapists:goals", trial=request.trial.code, number=participant.number)
    context = about(request, participant, programme) | {
        "form": form,
        "wrong": chosen if status != 200 else None,
        "reviews": [(each, reviews[each.goal.number]) for each in open_goals],
        "table": table_of(standing, participant.site.time_zone),
    }
    return render(request, "therapists/goals.html", context, status=status)


def goals_in_care(request: TrialRequest, participant: Participant) -> tuple[Programme, list[Standing]]:
    """The programme and the goals; NotFound where it has none."""
    with treating(participant, request.actor) as care:
        if care.programme.goals is None:
            raise not_found()
        return care.programme, goals_of(participant)


def save(request: TrialRequest, participant: Participant, form: Form, which: str) -> int:
    """Call the verb; 302 when it is done, else the status of the page with what is wrong."""
    if not form.is_valid():
        return 422
    given = {"participant": participant, "by": request.actor, **form.cleaned_data}
    try:
        if which:
            actions.review(number=int(which), **given)
        else:
            actions.add(**given)
    except (Refused, NotFound):
        raise
    except Problem as problem:
        form.add_problem(problem)
        return 409 if isinstance(problem, Conflict) else 422
    messages.success(request, _("Saved."))
    return 302


def about(request: TrialRequest, participant: Participant, programme: Programme) -> dict[str, Any]:
    """Where the page is."""
    there = reverse("therapists:participant", args=[request.trial.code, participant.number])
    return {
        "crumbs": [home_crumb(request), Crumb(participant.number, there)],
        "title": _("Goals of %(number)s") % {"number": participant.number},
        "lead": shown(programme.goals.wording) if programme.goals else "",
        "back": there,
    }


def table_of(standing: list[Standing], zone: str) -> Table:
    """Every goal with every review, in order."""
    rows = []
    for each in standing:
        first = (each.goal.set_at, each.goal.rating, _("Set"))
        later = [(one.reviewed_at, one.rating, one.get_outcome_display()) for one in each.reviews]
        rows += [
            [
                TableCell(each.goal.wording),
                TableCell(date_format(here(at, zone), "j F Y")),
                TableCell(str(rating), number=True),
                TableCell(outcome),
            ]
            for at, rating, outcome in (first, *later)
        ]
    return Table(_("Goals and their reviews"), [_("Goal"), _("Day"), _("Rating, 0 to 10"), _("How it stands")], rows)
