"""Watching the list while the trial runs: balance, order in time, and what speaks for selection bias."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.numbers import to_places
from core.problems import Problem
from randomization import queries
from randomization.blindfold import Purpose, unblinded
from randomization.design import Minimization
from randomization.monitoring import DRAWS, BergerExner, ConvergenceScore, Observed, berger_exner, convergence_score
from randomization.queries import AllocationFact
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Figure, SummaryRow, Table, TableCell
from web.forms import ChoiceField, Form
from web.pages import TrialRequest, page
from web.statisticians.balance import balance_table, level_table
from web.statisticians.baseline import Baseline, baselines
from web.statisticians.designing import STATISTICIANS
from web.statisticians.foresight import percent
from web.statisticians.room import Room, enter_room, low_stock
from web.statisticians.tabs import room_tabs
from web.statisticians.time_order import order_chart, order_table

A_PAGE = 50
FEWER_DRAWS = ((1_000, 99), (300, 199))
"""Above so many allocations the test draws so many sequences, since somebody waits for the page."""


@dataclass(frozen=True)
class Watched:
    """The list and everybody it was used for, in the order of time."""

    room: Room
    facts: list[AllocationFact]

    @property
    def observed(self) -> list[Observed]:
        """The allocations as the figures read them."""
        return [Observed(fact.stratum, fact.arm, None, fact.strata) for fact in self.facts]

    @property
    def by_stratum(self) -> Counter[tuple[str, str]]:
        """How many of each arm each stratum was given."""
        return Counter((fact.stratum, fact.arm) for fact in self.facts)

    @property
    def by_level(self) -> Counter[tuple[str, str, str]]:
        """How many of each arm each level of a factor was given."""
        return Counter((factor, level, fact.arm) for fact in self.facts for factor, level in fact.strata.items())


class TestForm(Form):
    """On which score the test is made."""

    __test__ = False

    def __init__(self, held: list[Baseline], data: Any = None) -> None:
        super().__init__(data)
        self.fields["score"] = ChoiceField(
            label=_("Value measured before randomization"),
            help_text=_(
                "Best one that recruiters could judge, and that foretells the outcome. Say it before you look."
            ),
            choices=[(each.code, each.name) for each in held],
            as_list=True,
        )


@page(*STATISTICIANS, methods=("GET", "POST"))
def monitoring(request: TrialRequest) -> HttpResponse:
    """Read the figures; POST makes the Berger-Exner test, which takes seconds and is made on demand alone."""
    watched = watch(request)
    protocol = protocol_of(request.trial)
    randomized: dict[UUID, Any] = {fact.participant_id: fact.at for fact in watched.facts}
    audience = {membership.role for membership in request.memberships}
    held = baselines(request.trial, protocol, randomized, audience)
    if request.method != "POST":
        return show(request, watched, TestForm(held))
    form = TestForm(held, request.POST)
    if not form.is_valid():
        return show(request, watched, form, 422)
    chosen = next(each for each in held if each.code == form.cleaned_data["score"])
    try:
        return show(request, watched, form, test=test_rows(watched, chosen))
    except Problem as problem:
        form.add_problem(problem)
        return show(request, watched, form, problem.status)


def watch(request: TrialRequest) -> Watched:
    """Open the list; noted in the trail once a day."""
    room = enter_room(request.trial, request.actor)
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.SEQUENCE):
        return Watched(room, list(queries.allocations(request.trial)))


def show(
    request: TrialRequest, watched: Watched, form: Form, status: int = 200, test: list[SummaryRow] | None = None
) -> HttpResponse:
    """All figures, and the result of the test if one was made."""
    protocol, room, design = protocol_of(request.trial), watched.room, watched.room.design
    score = convergence_score(design, watched.observed) if design else None
    pages = Paginator(watched.facts, A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "tabs": room_tabs(request.trial, "monitoring"),
        "room": room,
        "figures": figures(watched, protocol),
        "low": low_stock(room, protocol),
        "balance": balance_table(room, watched.by_stratum, protocol),
        "levels": level_table(room, watched.by_level, protocol) if isinstance(design, Minimization) else None,
        "chart": order_chart(watched.facts, room.arms) if watched.facts else None,
        "order": order_table(shown.object_list, shown.start_index(), protocol),
        "order_page": shown,
        "score": score_table(score) if score else None,
        "score_says": score_in_words(score) if score else "",
        "form": form,
        "test": test,
    }
    return render(request, "statisticians/monitoring.html", context, status=status)


def figures(watched: Watched, protocol: Protocol) -> list[Figure]:
    """The strip of numbers."""
    left = sum(stock.left for stock in watched.room.stock)
    of_target = _("randomized of %(target)d") % {"target": protocol.target}
    counts = [Figure(str(sum(fact.arm == arm for fact in watched.facts)), arm) for arm in watched.room.arms]
    return [Figure(str(len(watched.facts)), of_target), *counts, Figure(str(left), _("places left in all strata"))]


def score_table(score: ConvergenceScore) -> Table:
    """The share of right guesses beside what the design leads one to expect."""
    rows = [
        (_("Right guesses"), _("%(right)s of %(all)d") % {"right": _short(score.right), "all": score.allocations}),
        (_("Observed share"), percent(score.observed)),
        (_("Expected share of this design"), percent(score.expected)),
    ]
    cells = [[TableCell(label), TableCell(value, number=True)] for label, value in rows]
    return Table(_("Convergence score"), [_("Figure"), _("Value")], cells)


def score_in_words(score: ConvergenceScore) -> str:
    """What the score says, without more than it can say."""
    facts = {"observed": percent(score.observed), "expected": percent(score.expected)}
    sentence = _(
        "Somebody who always names the arm that came least in a stratum would have been right in %(observed)s of the "
        "allocations; this design leads one to expect %(expected)s."
    )
    return sentence % facts


def test_rows(watched: Watched, chosen: Baseline) -> list[SummaryRow]:
    """The result of the Berger-Exner test; Problem where it cannot be made."""
    observed = [
        replace(each, value=chosen.values.get(fact.participant_id))
        for each, fact in zip(watched.observed, watched.facts, strict=True)
    ]
    draws = next((fewer for many, fewer in FEWER_DRAWS if len(observed) > many), DRAWS)
    found = berger_exner(watched.room.design, observed, draws=draws) if watched.room.design else None
    if found is None:
        sentence = _(
            "The test cannot be made: with this method no arm is ever likelier than at another time, or too few "
            "values are known."
        )
        raise Problem("monitoring.test", sentence)
    return [SummaryRow(_("Value"), chosen.name), *result_rows(found)]


def result_rows(found: BergerExner) -> list[SummaryRow]:
    """The figures of the test, and what they mean."""
    p_value = _("%(p)s, from %(draws)d sequences drawn anew from the design") % {
        "p": to_places(found.p_value, 3),
        "draws": found.draws,
    }
    suspicious = found.p_value <= 0.05
    meaning = (
        _(
            "Values follow the arm that was likely to come. One honest trial in twenty shows as much; look how people "
            "were enrolled."
        )
        if suspicious
        else _(
            "No sign that people were chosen by the arm that was likely to come. In a small trial this proves little."
        )
    )
    return [
        SummaryRow(_("Participants with a value"), str(found.participants)),
        SummaryRow(
            _("Change of the value when the arm goes from impossible to certain"),
            _("%(change)s, for the arm %(arm)s") % {"change": to_places(found.coefficient, 2), "arm": found.arm},
        ),
        SummaryRow(_("Coefficient over its standard error"), to_places(found.statistic, 2)),
        SummaryRow(_("p-value, two-sided"), p_value),
        SummaryRow(_("What it means"), meaning),
    ]


def _short(number: float) -> str:
    return to_places(number, 0 if number == int(number) else 1)
