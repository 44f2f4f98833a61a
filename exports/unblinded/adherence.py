"""The table of adherence: one row for everybody randomized to an arm with a programme."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import identity
from exports.scope import Scope
from exports.tables import CHUNK, Column, Kind, Label, Table, chunks
from participants.models import Participant
from randomization.queries import AllocationFact, allocations
from therapy.adherence import Adherence
from therapy.progress import adherences_of

Row = tuple[Participant, AllocationFact, Adherence]
_SESSION = "therapy.Session"
_FIGURES: tuple[tuple[str, Kind, Label, str], ...] = (
    ("planned", Kind.INTEGER, _("Sessions of the programme"), "number"),
    ("attended", Kind.INTEGER, _("Sessions attended, in full or shortened"), "status"),
    ("done", Kind.INTEGER, _("Sessions done in full"), "status"),
    ("shortened", Kind.INTEGER, _("Sessions shortened"), "status"),
    ("missed", Kind.INTEGER, _("Sessions missed"), "status"),
    ("cancelled", Kind.INTEGER, _("Sessions cancelled by the clinic"), "status"),
    ("attended_percent", Kind.DECIMAL, _("Attended, per cent of the programme"), "status"),
    ("within_window", Kind.INTEGER, _("Attended within the programme's weeks from randomization"), "held_at"),
    ("full_weeks", Kind.INTEGER, _("Weeks with all sessions"), "held_at"),
    ("minutes", Kind.INTEGER, _("Minutes in all"), "minutes"),
    ("timed", Kind.INTEGER, _("Attended sessions whose minutes are known"), "minutes"),
    ("long_enough", Kind.INTEGER, _("Attended for the minutes that the protocol asks at least"), "minutes"),
    ("late", Kind.INTEGER, _("Sessions recorded on a later day"), "late"),
    ("days_to_first", Kind.INTEGER, _("Days from randomization to the first session attended"), "held_at"),
)


def adherence_table(scope: Scope) -> Table:
    """Figures by the rules of ``therapy.adherence``. Needs an opening to be read."""
    arms = tuple((arm.code, arm.public_name.root) for arm in scope.protocol.design.arms)
    columns = (
        *identity(scope, lambda row: row[0]),
        Column("arm", Kind.CODE, _("Arm"), lambda row: row[1].arm, "randomization.Slot.sealed_arm", codes=arms),
        *(
            Column(name, kind, label, partial(_figure, name=name), f"{_SESSION}.{field}")
            for name, kind, label, field in _FIGURES
        ),
    )
    return Table("adherence", _("Adherence to the programme"), columns, partial(_rows, scope))


def _figure(row: Row, *, name: str) -> Any:
    value = getattr(row[2], name)
    return round(value, 2) if isinstance(value, float) else value


def _rows(scope: Scope) -> Iterator[Row]:
    allocated = {fact.participant_id: fact for fact in allocations(scope.trial) if fact.at <= scope.cut}
    answering = set(scope.answering().values_list("pk", flat=True))
    for people in chunks(scope.participants().select_related("site").iterator(chunk_size=CHUNK), CHUNK):
        kept = [person for person in people if person.pk in answering]
        found = adherences_of(kept, allocated, scope.protocol, until=scope.cut)
        yield from ((person, allocated[person.pk], found[person.pk]) for person in kept if person.pk in found)
