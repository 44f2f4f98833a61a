"""What is done behind the wall stands in the trail without a clear word of who did it, why, and what was done."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from audit import chain
from audit.models import Entry
from core import clock
from participants.models import Participant
from randomization import door
from randomization.actions.unblindings import unblind
from tests import cast as people
from tests.unit.randomization_db.world import World, build
from tests.unit.therapy.conftest import arm_in_the_list
from tests.unit.therapy.test_assignments import therapist
from therapy import queries
from therapy.actions import assignments, corrections, sessions
from therapy.actions.first_session import randomize_at_first_session

PLANTED = "Could not use the leg press of the machines today"
UNREADABLE = "A list fault that somebody noticed at the machines"
TABLES = ("audit_entry", "audit_change")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(people.MONDAY):
        made = build()
        made.activate()
        yield made


def raw_rows() -> list[dict[str, Any]]:
    """Every row of the trail as the web role reads it, without an opening."""
    rows: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            rows += [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return rows


def words(rows: list[dict[str, Any]]) -> str:
    return " ".join(str(value) for row in rows for value in row.values()).replace("-", "").lower()


def one_of_each(world: World) -> dict[str, Participant]:
    """Somebody randomized by Marc into each arm; a block has 6 places at most."""
    found: dict[str, Participant] = {}
    for _each in range(7):
        participant = world.ready()
        randomize_at_first_session(participant=participant, by=world.marc)
        found.setdefault(str(arm_in_the_list(world, participant)), participant)
    assert len(found) == 2
    return found


def first_session(participant: Participant, by: Any) -> None:
    following = queries.next_session(participant, by)
    assert following is not None
    entries = [{"exercise": each.exercise.code, "status": "as_planned"} for each in following.exercises]
    sessions.record(participant=participant, number=1, status="done", held_at=clock.now(), exercises=entries, by=by)


def test_no_act_behind_the_wall_leaves_a_clear_word(world: World) -> None:
    spare = therapist(world, "spare")
    held = {row["id"] for row in raw_rows()}
    arms = one_of_each(world)
    treated = arms["MC+ILEX"]
    first_session(treated, world.marc)
    corrections.correct(participant=treated, number=1, reason=PLANTED, by=world.marc, note=PLANTED)
    assignments.hand_over(participant=treated, to=spare, reason=PLANTED, by=world.marc)
    assignments.take(participant=arms["RT"], by=world.priya)
    door.record_error(
        participant=treated, kind=door.ErrorKind.INELIGIBLE, explanation=UNREADABLE, by=people.actor(world.cast.marc)
    )
    unblind(participant=treated, reason="care", explanation=PLANTED, by=world.leila)
    door.freeze(trial=world.trial, incident=PLANTED, by=world.samuel)

    shown = [row for row in raw_rows() if row["id"] not in held and not by_the_blinded(row)]
    found = words(shown)
    for word in (PLANTED, UNREADABLE, "lumbar_extension", "segmentation"):
        assert word.replace("-", "").lower() not in found, word
    for user in (world.cast.marc, world.cast.priya, world.cast.leila, world.cast.samuel, spare):
        assert str(user.pk).replace("-", "") not in found
        assert user.name.lower() not in found
    assert chain.verify(str(world.trial.pk)) is None


def by_the_blinded(row: dict[str, Any]) -> bool:
    """Whether an entry tells of what Élise and her colleagues did on the way to randomization."""
    entry = Entry.objects.filter(pk=row.get("entry_id", row["id"])).get()
    return entry.role in {"coordinator", "investigator", "data_manager", "participant"}


def test_rows_of_a_session_are_as_many_and_as_long_in_both_arms(world: World) -> None:
    """Programmes differ in exercises, sets and doses: neither how much was written may tell, nor how often."""
    arms = one_of_each(world)
    assignments.take(participant=arms["RT"], by=world.priya)
    for arm, by in (("MC+ILEX", world.marc), ("RT", world.priya)):
        first_session(arms[arm], by)
    shapes = {arm: shape_of("session.record", arms[arm]) for arm in arms}
    assert shapes["MC+ILEX"] == shapes["RT"]


def shape_of(verb: str, participant: Participant) -> list[dict[str, int]]:
    keys = {each.pk for each in Entry.objects.filter(verb=verb, subject_id=str(participant.pk))}
    assert keys
    plain = {str(key).replace("-", "") for key in keys}
    rows = [row for row in raw_rows() if str(row.get("entry_id", row["id"])).replace("-", "") in plain]
    return [{name: len(str(value)) for name, value in row.items() if name != "number"} for row in rows]
