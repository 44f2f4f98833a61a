"""Tables of how well the blinding held: guesses with their indices, what was learned by accident, emergencies."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Label, Table, flat
from outcomes.models import Guess
from participants.models import LearnedArm
from randomization.blinding_indices import Index
from randomization.guesses import guess_tables
from randomization.models import EmergencyUnblinding

_FIGURES: tuple[tuple[str, Kind, Label], ...] = (
    ("n", Kind.INTEGER, _("Guesses")),
    ("estimate", Kind.DECIMAL, _("Index")),
    ("se", Kind.DECIMAL, _("Standard error")),
    ("low", Kind.DECIMAL, _("Lower limit, 95 %, two-sided")),
    ("high", Kind.DECIMAL, _("Upper limit, 95 %, two-sided")),
    ("one_sided_low", Kind.DECIMAL, _("Lower limit, 95 %, one-sided")),
    ("one_sided_high", Kind.DECIMAL, _("Upper limit, 95 %, one-sided")),
)


@dataclass(frozen=True)
class _IndexRow:
    guesser: str
    visit: str
    name: str
    arm: str | None
    index: Index


def blinding_tables(scope: Scope) -> list[Table]:
    """Guesses, indices, arms learned by accident, emergencies."""
    return [_guesses(scope), _indices(scope), _learned(scope), _emergencies(scope)]


def _arms(scope: Scope) -> tuple[tuple[str, Label], ...]:
    return tuple((arm.code, arm.public_name.root) for arm in scope.protocol.design.arms)


def _visits(scope: Scope) -> tuple[tuple[str, Label], ...]:
    return tuple((visit.code, visit.label.root) for visit in scope.protocol.visits)


def _guesses(scope: Scope) -> Table:
    G, visits = "outcomes.Guess", _visits(scope)
    columns = (
        *identity_at(scope, "participant__"),
        Column("visit", Kind.CODE, _("Visit"), lambda row: row.visit__code, "outcomes.Visit.code", codes=visits),
        Column("visit_number", Kind.INTEGER, _("Occurrence"), lambda row: row.visit__number, "outcomes.Visit.number"),
        _coded("guesser", _("Who guessed"), f"{G}.guesser", Guess.Guesser),
        Column(
            "guess", Kind.CODE, _("Arm guessed; empty: does not know"), _given("arm"), f"{G}.arm", codes=_arms(scope)
        ),
        _coded("certainty", _("How sure"), f"{G}.certainty", Guess.Certainty),
        _coded("skipped", _("Why there is no guess"), f"{G}.skipped", Guess.Skipped),
        Column("guessed_at", Kind.MOMENT, _("Guessed"), lambda row: row.at, f"{G}.at"),
    )
    return Table("guesses", _("Guesses of the arm"), columns, partial(_guess_rows, scope))


def _coded(name: str, label: Label, source: str, choices: Any) -> Column:
    return Column(name, Kind.CODE, label, _given(name), source, codes=codes_of(choices))


def _given(name: str) -> Any:
    return lambda row: getattr(row, name) or None


def _guess_rows(scope: Scope) -> Iterator[Any]:
    rows = Guess.objects.filter(participant__in=scope.answering(), at__lte=scope.cut)
    own = ("visit__code", "visit__number", "guesser", "arm", "certainty", "skipped", "at")
    return flat(rows.order_by(scope.order, "at", "pk"), *fields_of_identity(scope, "participant__"), *own)


def _indices(scope: Scope) -> Table:
    source = "outcomes.Guess.arm"
    names: tuple[tuple[str, Label], ...] = (("james", _("James, of the trial")), ("bang", _("Bang, of an arm")))
    columns = (
        Column("guesser", Kind.CODE, _("Who guessed"), lambda r: r.guesser, source, codes=codes_of(Guess.Guesser)),
        Column("visit", Kind.CODE, _("Visit"), lambda r: r.visit, source, codes=_visits(scope)),
        Column("index", Kind.CODE, _("Which index"), lambda r: r.name, source, codes=names),
        Column("arm", Kind.CODE, _("Arm"), lambda r: r.arm, source, codes=_arms(scope)),
        *(Column(name, kind, label, partial(_figure, name=name), source) for name, kind, label in _FIGURES),
    )
    return Table("blinding_indices", _("Indices of blinding"), columns, partial(_index_rows, scope))


def _figure(row: _IndexRow, *, name: str) -> Any:
    value = getattr(row.index, name)
    return round(value, 6) if isinstance(value, float) else value


def _index_rows(scope: Scope) -> Iterator[_IndexRow]:
    for table in guess_tables(scope.trial, scope.protocol):
        yield _IndexRow(table.guesser, table.visit, "james", None, table.james().index)
        for arm, index in table.bang().items():
            yield _IndexRow(table.guesser, table.visit, "bang", arm, index)


def _learned(scope: Scope) -> Table:
    L = "participants.LearnedArm"
    columns = (
        *identity_at(scope, "unblinding__participant__"),
        Column(
            "learned_on", Kind.DATE, _("Day"), lambda r: r.unblinding__learned_on, "participants.Unblinding.learned_on"
        ),
        Column("arm", Kind.CODE, _("Arm believed to be learned"), lambda r: r.arm, f"{L}.arm", codes=_arms(scope)),
    )
    return Table(
        "learned_arms", _("What was learned in accidental unblindings"), columns, partial(_learned_rows, scope)
    )


def _learned_rows(scope: Scope) -> Iterator[Any]:
    whose = "unblinding__participant"
    people = scope.participants().order_by()
    rows = LearnedArm.objects.filter(unblinding__participant__in=people, unblinding__at__lte=scope.cut)
    order = "unblinding__participant_id" if scope.for_sharing else "unblinding__participant__number"
    own = ("unblinding__learned_on", "arm")
    return flat(rows.order_by(order, "unblinding__at", "pk"), *fields_of_identity(scope, f"{whose}__"), *own)


def _emergencies(scope: Scope) -> Table:
    E = "randomization.EmergencyUnblinding"
    columns = (
        *identity_at(scope, "participant__"),
        Column("opened_at", Kind.MOMENT, _("Opened"), lambda row: row.at, f"{E}.at"),
        Column("role", Kind.CODE, _("Role of who opened"), lambda row: row.role, f"{E}.role"),
        _coded("reason", _("Reason"), f"{E}.reason", EmergencyUnblinding.Reason),
        Column("explanation", Kind.TEXT, _("Explanation"), _given("explanation"), f"{E}.explanation", shared=False),
    )
    return Table("emergencies", _("Emergency unblindings"), columns, partial(_emergency_rows, scope))


def _emergency_rows(scope: Scope) -> Iterator[Any]:
    rows = EmergencyUnblinding.objects.filter(participant__in=scope.participants().order_by(), at__lte=scope.cut)
    own = ("at", "role", "reason", "explanation")
    return flat(rows.order_by(scope.order, "at", "pk"), *fields_of_identity(scope, "participant__"), *own)
