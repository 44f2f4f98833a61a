"""Tables of goals with their reviews, and of the fidelity checklist by item."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Table, flat
from therapy.models import FidelityCheck, Goal, GoalReview


@dataclass(frozen=True)
class ItemRow:
    """One line of one checklist."""

    check: Any
    item: str
    answer: str


def goal_tables(scope: Scope) -> list[Table]:
    """Goals, their reviews, and checklists."""
    return [_goals(scope), _reviews(scope), _fidelity(scope)]


def _read(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _goals(scope: Scope) -> Table:
    G = "therapy.Goal"
    columns = (
        *identity_at(scope, "participant__"),
        Column("goal", Kind.INTEGER, _("Number of the goal"), _read("number"), f"{G}.number"),
        Column("rating", Kind.INTEGER, _("How well it went when it was set, 0 to 10"), _read("rating"), f"{G}.rating"),
        Column("set_at", Kind.MOMENT, _("Set"), _read("set_at"), f"{G}.set_at"),
        Column("wording", Kind.TEXT, _("Goal"), _read("wording"), f"{G}.wording", shared=False),
    )
    own = ("number", "rating", "set_at", "wording")

    def rows() -> Iterator[Any]:
        found = Goal.objects.filter(participant__in=scope.answering()).order_by(scope.order, "number")
        return flat(found, *fields_of_identity(scope, "participant__"), *own)

    return Table("goals", _("Goals set with participants"), columns, rows)


def _reviews(scope: Scope) -> Table:
    R = "therapy.GoalReview"
    columns = (
        *identity_at(scope, "goal__participant__"),
        Column("goal", Kind.INTEGER, _("Number of the goal"), _read("goal__number"), "therapy.Goal.number"),
        Column("rating", Kind.INTEGER, _("How well it goes, 0 to 10"), _read("rating"), f"{R}.rating"),
        Column(
            "outcome",
            Kind.CODE,
            _("How it stands"),
            _read("outcome"),
            f"{R}.outcome",
            codes=codes_of(GoalReview.Outcome),
        ),
        Column("reviewed_at", Kind.MOMENT, _("Reviewed"), _read("reviewed_at"), f"{R}.reviewed_at"),
    )
    own = ("goal__number", "rating", "outcome", "reviewed_at")

    def rows() -> Iterator[Any]:
        found = GoalReview.objects.filter(goal__participant__in=scope.answering())
        found = found.order_by(f"goal__{scope.order}", "goal__number", "reviewed_at", "pk")
        return flat(found, *fields_of_identity(scope, "goal__participant__"), *own)

    return Table("goal_reviews", _("Reviews of goals"), columns, rows)


def _fidelity(scope: Scope) -> Table:
    F = "therapy.FidelityCheck"
    columns = (
        *identity_at(scope, "check.session__participant__"),
        Column(
            "session",
            Kind.INTEGER,
            _("Number of the session"),
            lambda row: row.check.session__number,
            "therapy.Session.number",
        ),
        Column(
            "source",
            Kind.CODE,
            _("Who judged"),
            lambda row: row.check.source,
            f"{F}.source",
            codes=codes_of(FidelityCheck.Source),
        ),
        Column("item", Kind.TEXT, _("Line of the checklist"), _read("item"), f"{F}.items"),
        Column("answer", Kind.CODE, _("Answer"), _read("answer"), f"{F}.items", codes=codes_of(FidelityCheck.Answer)),
    )
    return Table("fidelity", _("Fidelity checklist"), columns, partial(_items, scope))


def _items(scope: Scope) -> Iterator[ItemRow]:
    found = FidelityCheck.objects.filter(session__participant__in=scope.answering())
    found = found.order_by(f"session__{scope.order}", "session__number", "source")
    own = ("session__number", "source", "items")
    for check in flat(found, *fields_of_identity(scope, "session__participant__"), *own):
        for item, answer in sorted(check.items.items()):
            yield ItemRow(check, item, answer)
