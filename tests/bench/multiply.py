"""More participants by the owner's SQL: every row of a participant copied with new ids, nothing told by a verb.

A copy's id is its original's with the number of the copy in front. Its trail is there but does not chain, and its
identifiers cannot be opened: pages are measured on originals among copies.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, models

from audit.models import Entry, Head
from outcomes import models as outcomes
from participants import models as participants
from randomization import lists
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation, Sequence, Stratum
from reminders.models import Message
from safety import models as safety
from tests.bench.world import World
from therapy import models as therapy

COPIED: tuple[type[models.Model], ...] = (
    participants.Participant,
    participants.Screening,
    participants.Decision,
    participants.Consent,
    participants.IdentifierKey,
    participants.IdentifierHash,
    participants.Contact,
    participants.ContactAttempt,
    participants.Appointment,
    participants.Milestone,
    participants.Task,
    participants.Withdrawal,
    outcomes.Visit,
    outcomes.Form,
    outcomes.Response,
    outcomes.Link,
    Message,
    therapy.Assignment,
    therapy.Session,
    therapy.PerformedExercise,
    safety.AdverseEvent,
    safety.EventReport,
    safety.Clock,
    safety.Causality,
    safety.Deviation,
    safety.ConcomitantCare,
    safety.Asking,
    Entry,
)
THROUGH: dict[type[models.Model], tuple[str, type[models.Model]]] = {
    therapy.PerformedExercise: ("session_id", therapy.Session),
    safety.EventReport: ("event_id", safety.AdverseEvent),
    safety.Clock: ("event_id", safety.AdverseEvent),
    safety.Causality: ("event_id", safety.AdverseEvent),
}
"""What belongs to a participant by way of another row."""
_FIRST = "originals"


class Owner:
    """A connection of the owner's, which no authorizer and no role holds back."""

    def __init__(self, world: World) -> None:
        self.is_postgres = connection.vendor == "postgresql"
        self.world = world
        self.taken: dict[tuple[UUID, int], tuple[str, str]] = {}
        self.free: dict[tuple[UUID, str], list[int]] = {}
        if self.is_postgres:
            self.raw: Any = _postgres(world)
        else:
            self.raw = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            for pragma in ("synchronous=OFF", "cache_size=-200000", "foreign_keys=OFF"):
                self.run(f"PRAGMA {pragma}")

    def run(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        cursor = self.raw.cursor()
        cursor.execute(sql.replace("?", "%s") if self.is_postgres and values else sql, values)
        return list(cursor.fetchall()) if cursor.description else []

    def copied_id(self, column: str) -> str:
        """SQL: the id that the copy of a row has. The version nibble keeps it apart from every original."""
        if self.is_postgres:
            bare = f"replace({column}::text, '-', '')"
            return f"({self._renamed(bare, 8)})::uuid"
        return self._renamed(column, 8)

    def copied_subject(self, column: str) -> str:
        """SQL: the same for an id that is kept as text with hyphens."""
        return self._renamed(column, 10)

    def copied_hash(self, column: str) -> str:
        """SQL: another text of the same length in place of a hash in hex."""
        return f"'z' || {self._copy()} || substr({column}, 6)"

    def _renamed(self, column: str, kept: int) -> str:
        return f"{self._copy()} || substr({column}, 5, {kept}) || 'e' || substr({column}, {6 + kept})"

    def _copy(self) -> str:
        return "lpad(to_hex(k), 4, '0')" if self.is_postgres else "printf('%04x', k)"

    def numbers(self, first: int, last: int) -> str:
        return (
            f"(WITH RECURSIVE n(k) AS (SELECT {first} UNION ALL SELECT k + 1 FROM n WHERE k < {last}) SELECT k FROM n)"
        )


def _postgres(world: World) -> Any:
    import psycopg2

    held = world.owner
    raw = psycopg2.connect(
        dbname=held["NAME"], user=held["USER"], password=held["PASSWORD"], host=held["HOST"], port=held["PORT"] or 5432
    )
    raw.autocommit = True
    raw.cursor().execute("SET session_replication_role = replica; SET synchronous_commit = off")
    return raw


@contextmanager
def owner(world: World) -> Iterator[Owner]:
    held = Owner(world)
    try:
        yield held
    finally:
        held.raw.close()


def remember_originals(held: Owner) -> None:
    """Note which rows are originals, and which slots are free, before the first copy is made."""
    for model in (*COPIED, Allocation):
        table = model._meta.db_table
        # The other entries of the trail tell of no participant.
        chain = held.world.company.trial.pk
        only = f" WHERE chain = '{chain}' AND subject_table = 'participants_participant'" if model is Entry else ""
        held.run(f'CREATE TABLE "{_FIRST}_{table}" AS SELECT * FROM "{table}"{only}')
    held.taken, held.free = _slots(held.world)


def copy(
    held: Owner,
    first: int,
    last: int,
    people: Iterable[participants.Participant],
    tables: Iterable[type[models.Model]] = COPIED,
) -> None:
    """Make the copies numbered ``first`` to ``last`` of some people, and bring the database's statistics up to date.

    With ``tables`` only those rows of them, and no slot of the list.
    """
    chosen = [each.pk for each in people]
    held.run("BEGIN")
    for model in tables:
        columns = {field.column: _value(held, model, field) for field in _fields(model)}
        names = ", ".join(f'"{name}"' for name in columns)
        source = f'FROM "{_FIRST}_{model._meta.db_table}", {held.numbers(first, last)} AS copies'
        only = f"WHERE {_whose(model, chosen)}"
        held.run(f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(columns.values())} {source} {only}')
    if tables is COPIED:
        _copy_allocations(held, first, last, {str(key) for key in chosen})
    head, entry = Head._meta.db_table, Entry._meta.db_table
    held.run(f'UPDATE "{head}" SET number = (SELECT max(e.number) FROM "{entry}" AS e WHERE e.chain = "{head}".chain)')
    held.run("COMMIT")
    if held.is_postgres:
        # As autovacuum would; a SQLite file has no statistics in life either.
        held.run("ANALYZE")


def _whose(model: type[models.Model], chosen: list[UUID]) -> str:
    """SQL: whether a row belongs to one of the people."""
    if model is Entry:
        texts = ", ".join(f"'{key}'" for key in chosen)
        return f"subject_id IN ({texts})"
    keys = ", ".join(f"'{_key(key)}'" for key in chosen)
    if model in THROUGH:
        column, parent = THROUGH[model]
        owned = f"{_FIRST}_{parent._meta.db_table}"
        return f'{column} IN (SELECT id FROM "{owned}" WHERE participant_id IN ({keys}))'
    return f"{'id' if model is participants.Participant else 'participant_id'} IN ({keys})"


def _copy_allocations(held: Owner, first: int, last: int, chosen: set[str]) -> None:
    """Each copy gets the next free slot of its original's arm, so that its sessions are those of its arm."""
    table = Allocation._meta.db_table
    columns = {field.column: _value(held, Allocation, field) for field in _fields(Allocation)} | {"position": "?"}
    names = ", ".join(f'"{name}"' for name in columns)
    insert = (
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())} '
        f'FROM "{_FIRST}_{table}", (SELECT ? AS k) AS copies WHERE "position" = ? AND stratum_id = ?'
    )
    for (stratum, position), (arm, whom) in held.taken.items():
        if whom not in chosen:
            continue
        for k in range(first, last + 1):
            held.run(insert, (held.free[stratum, arm].pop(0), k, position, _key(stratum)))
    for stratum in {stratum for stratum, _arm in held.free}:
        top = f'(SELECT max("position") FROM "{table}" WHERE stratum_id = ?)'
        held.run(
            f'UPDATE "{Stratum._meta.db_table}" SET used = COALESCE({top}, used) WHERE id = ?',
            (_key(stratum), _key(stratum)),
        )


def _slots(world: World) -> tuple[dict[tuple[UUID, int], tuple[str, str]], dict[tuple[UUID, str], list[int]]]:
    """The arm and the participant of each slot that was taken, and the free slots of each arm, by stratum."""
    trial = world.company.trial
    with unblinded(by=world.by("samuel"), trial=trial, purpose=Purpose.SEQUENCE):
        sequence = Sequence.objects.get(trial=trial, state=Sequence.State.ACTIVE)
        strata = {each.key: each for each in Stratum.objects.filter(sequence=sequence)}
        slots = lists.slots_of(sequence, lists.design_of(sequence))
        places = Allocation.objects.filter(stratum__sequence=sequence).values_list(
            "stratum_id", "position", "participant_id"
        )
        held = {(stratum, position): str(whom) for stratum, position, whom in places}
    taken: dict[tuple[UUID, int], tuple[str, str]] = {}
    free: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    for slot in slots:
        stratum = strata[slot.stratum].pk
        if (stratum, slot.position) in held:
            taken[stratum, slot.position] = slot.arm, held[stratum, slot.position]
        else:
            free[stratum, slot.arm].append(slot.position)
    return taken, free


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def _value(held: Owner, model: type[models.Model], field: Any) -> str:
    """SQL: what the copy of a row has in a column."""
    column = f'"{field.column}"'
    own: dict[tuple[type[models.Model], str], Callable[[], str]] = {
        (participants.Participant, "number"): lambda: f"{column} || '-' || k",
        (Message, "key"): lambda: f"{column} || ':' || k",
        (outcomes.Link, "token_hash"): lambda: held.copied_hash(column),
        (participants.IdentifierHash, "value"): lambda: held.copied_hash(column),
        (therapy.Assignment, "therapist"): lambda: _colleague(held, column),
        (Entry, "number"): lambda: f'{column} + k * (SELECT max(number) FROM "{_FIRST}_{Entry._meta.db_table}")',
        (Entry, "subject_id"): lambda: held.copied_subject(column),
    }
    if (model, field.name) in own:
        return own[model, field.name]()
    if field.primary_key or (field.is_relation and field.related_model in COPIED):
        return held.copied_id(column)
    return column


def _colleague(held: Owner, column: str) -> str:
    people, colleagues = held.world.company.people, held.world.colleagues
    cases = " ".join(f"WHEN '{_key(people[who].pk)}' THEN '{_key(other.pk)}'" for who, other in colleagues.items())
    if held.is_postgres:
        return f"(CASE {column}::text {cases} END)::uuid"
    return f"CASE {column} {cases} END"


def _key(key: Any) -> str:
    return str(key) if connection.vendor == "postgresql" else key.hex
