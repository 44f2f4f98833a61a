"""The table of allocations: who was given which arm, by which strata."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import identity
from exports.scope import Scope
from exports.tables import CHUNK, Column, Kind, Table, chunks
from participants.models import Participant
from randomization.queries import AllocationFact, allocations
from trials.protocol.factors import Factor

Row = tuple[Participant, AllocationFact]


def allocation_table(scope: Scope) -> Table:
    """One row for everybody randomized, in the order of allocation; strata are those that were used."""
    A = "randomization.Allocation"
    arms = tuple((arm.code, arm.public_name.root) for arm in scope.protocol.design.arms)
    columns = (
        *identity(scope, lambda row: row[0]),
        Column("arm", Kind.CODE, _("Arm"), lambda row: row[1].arm, "randomization.Slot.sealed_arm", codes=arms),
        Column("stratum", Kind.TEXT, _("Stratum as used"), lambda row: row[1].stratum, "randomization.Stratum.key"),
        *(_factor(factor) for factor in scope.protocol.strata),
        Column(
            "position", Kind.INTEGER, _("Place in the stratum's list"), lambda row: row[1].position, f"{A}.position"
        ),
        Column(
            "segment",
            Kind.INTEGER,
            _("Segment of the list: 1 unless it was extended"),
            lambda row: row[1].segment,
            "randomization.Sequence.number",
        ),
        Column("allocated_at", Kind.MOMENT, _("Randomized on"), lambda row: row[1].at, f"{A}.at"),
        Column("role", Kind.CODE, _("Role of who randomized"), lambda row: row[1].role, f"{A}.role"),
    )
    return Table("allocations", _("Allocations"), columns, partial(_rows, scope))


def _factor(factor: Factor) -> Column:
    return Column(
        f"stratum_{factor.code}",
        Kind.CODE,
        factor.label.root,
        partial(_level, code=factor.code),
        "randomization.Allocation.strata",
        codes=tuple((level.code, level.label.root) for level in factor.levels),
    )


def _level(row: Row, *, code: str) -> Any:
    return row[1].strata.get(code)


def _rows(scope: Scope) -> Iterator[Row]:
    made = (fact for fact in allocations(scope.trial) if fact.at <= scope.cut)
    for facts in chunks(made, CHUNK):
        keys = [fact.participant_id for fact in facts]
        within = scope.participants().filter(pk__in=keys).select_related("site").in_bulk()
        yield from ((within[fact.participant_id], fact) for fact in facts if fact.participant_id in within)
