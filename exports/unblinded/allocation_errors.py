"""What went wrong with allocations: errors as recorded, and when randomization was stopped.

Whoever has an error stays in the table of allocations: everybody randomized is analysed.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import identity
from exports.scope import Scope
from exports.tables import Column, Kind, Table
from participants.models import Participant
from randomization.models import Erratum, Freeze
from randomization.queries import ErratumFact, errata, freezes_of

Row = tuple[Participant, ErratumFact]


def error_table(scope: Scope) -> Table:
    """One row for each error about an allocation, in the order they were recorded."""
    E = "randomization.Erratum"
    kinds = tuple((str(kind), kind.label) for kind in Erratum.Kind)
    details = f"{E}.details"
    columns = (
        *identity(scope, lambda row: row[0]),
        Column("kind", Kind.CODE, _("Kind of error"), lambda row: row[1].kind, f"{E}.kind", codes=kinds),
        Column("factor", Kind.TEXT, _("Stratum that was wrong"), _detail("factor"), details),
        Column("level_used", Kind.TEXT, _("Level that was used"), _detail("used"), details),
        Column("level_corrected", Kind.TEXT, _("Level that is right"), _detail("corrected"), details),
        Column("same_person_as", Kind.TEXT, _("Other study number of the same person"), _detail("of"), details),
        Column("treatment_given", Kind.TEXT, _("Arm whose treatment was given"), _detail("given"), details),
        Column(
            "explanation", Kind.TEXT, _("Explanation"), lambda row: row[1].explanation, f"{E}.explanation", shared=False
        ),
        Column("recorded_at", Kind.MOMENT, _("Recorded on"), lambda row: row[1].at, f"{E}.at"),
        Column("role", Kind.CODE, _("Role of who recorded it"), lambda row: row[1].role, f"{E}.role"),
    )
    return Table("allocation_errors", _("Errors about allocations"), columns, partial(_rows, scope))


def freeze_table(scope: Scope) -> Table:
    """One row for each time that randomization was stopped."""
    F = "randomization.Freeze"
    columns = (
        Column("stopped_at", Kind.MOMENT, _("Stopped on"), lambda row: row.frozen_at, f"{F}.frozen_at"),
        Column("resumed_at", Kind.MOMENT, _("Went on"), lambda row: row.lifted_at, f"{F}.lifted_at"),
        Column("incident", Kind.TEXT, _("What happened"), lambda row: row.incident, f"{F}.incident", shared=False),
        Column(
            "resolution",
            Kind.TEXT,
            _("How it was resolved"),
            lambda row: row.resolution,
            f"{F}.resolution",
            shared=False,
        ),
    )
    return Table("allocation_stops", _("When randomization was stopped"), columns, partial(_stops, scope))


def _detail(name: str) -> Callable[[Row], Any]:
    return lambda row: row[1].details.get(name)


def _rows(scope: Scope) -> Iterator[Row]:
    facts = errata(scope.trial)
    keys = {fact.participant_id for fact in facts}
    within = scope.participants().filter(pk__in=keys).select_related("site").in_bulk()
    return ((within[fact.participant_id], fact) for fact in facts if fact.participant_id in within)


def _stops(scope: Scope) -> list[Freeze]:
    return freezes_of(scope.trial)
