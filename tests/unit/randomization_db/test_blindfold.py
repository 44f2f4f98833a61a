"""Sealed columns cannot be read but inside an opening, which asks who and why and leaves a note."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.http import StreamingHttpResponse

from accounts.permissions import Permission
from audit.acts import act
from audit.classes import FieldClass
from audit.models import Entry
from core import blindfold, clock
from core.problems import NotFound, Problem, Refused
from participants.models import Participant
from randomization import door
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation, Sequence, Slot, Stratum
from tests.trail import contents
from tests.unit.randomization_db.world import World
from therapy.models import Session
from trials.access import authorize


@pytest.fixture
def allocated(active: World, ready: Participant) -> Participant:
    door.allocate(participant=ready, by=active.marc)
    return ready


def opening(world: World, purpose: Purpose = Purpose.SEQUENCE, **more: Any):  # type: ignore[no-untyped-def]
    return unblinded(by=world.samuel, trial=world.trial, purpose=purpose, **more)


def raw(sql: str) -> Callable[[], Any]:
    def read() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    return read


READS: dict[str, Callable[[], Any]] = {
    "all": lambda: list(Allocation.objects.all()),
    "column": lambda: list(Slot.objects.values_list("sealed_arm")),
    "count": lambda: Allocation.objects.count(),
    "exists": lambda: Allocation.objects.exists(),
    "filter": lambda: list(Stratum.objects.filter(used=0)),
    "filter by an open join": lambda: list(Allocation.objects.filter(participant__number="x")),
    "aggregate": lambda: Slot.objects.aggregate(models.Max("position")),
    "sealed column of a half-open table": lambda: list(Sequence.objects.values_list("sealed_design")),
    "order by a sealed column": lambda: list(Sequence.objects.order_by("prepared_at").values_list("pk")),
    "filter by a sealed column": lambda: list(Sequence.objects.filter(prepared_by="x").values_list("pk")),
    "subquery": lambda: list(Participant.objects.filter(pk__in=Allocation.objects.values("participant"))),
    "sessions": lambda: Session.objects.count(),
    "raw": raw("SELECT stratum_id FROM randomization_allocation"),
    "raw upper case": raw("SELECT SEALED_ARM FROM RANDOMIZATION_SLOT"),
    "raw count": raw("SELECT count(*) FROM randomization_slot"),
    "raw join": raw(
        "SELECT p.number FROM participants_participant p JOIN randomization_allocation a ON a.participant_id = p.id"
    ),
    "raw order": raw(
        "SELECT p.number FROM participants_participant p "
        "ORDER BY (SELECT a.position FROM randomization_allocation a WHERE a.participant_id = p.id)"
    ),
}


def is_denied(read: Callable[[], Any]) -> bool:
    """Whether the database refuses; the transaction around it goes on."""
    try:
        with transaction.atomic():
            read()
    except DatabaseError:
        return True
    return False


def allowed() -> list[str]:
    return [name for name, read in READS.items() if not is_denied(read)]


def test_the_database_denies_every_way_of_reading(active: World, allocated: Participant) -> None:
    assert allowed() == []
    with opening(active):
        assert allowed() == list(READS)
    assert allowed() == []


def test_the_database_denies_every_way_of_writing(active: World, allocated: Participant) -> None:
    for sql in (
        "UPDATE randomization_stratum SET used = 0",
        "DELETE FROM randomization_slot",
        "INSERT INTO randomization_allocation SELECT * FROM randomization_allocation",
    ):
        assert is_denied(lambda sql=sql: raw(sql)()), sql  # type: ignore[misc]


def test_blind_rows_are_written_as_ever(active: World, allocated: Participant) -> None:
    """Keys into blind tables make the database look at sealed ones; it must not mind."""
    assert active.baseline().number != allocated.number


def test_the_commitment_is_public(active: World) -> None:
    (row,) = Sequence.objects.filter(trial=active.trial).values("state", "algorithm", "commitment", "activated_at")
    assert row["state"] == Sequence.State.ACTIVE


def test_after_an_exception_it_is_denied_again(active: World, allocated: Participant) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), opening(active):
        1 / (Allocation.objects.count() - 1)
    assert is_denied(READS["all"])


def test_after_a_database_error_inside_it_is_still_open(active: World, allocated: Participant) -> None:
    with opening(active):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("SELECT no_such_column FROM randomization_slot")()
        assert Allocation.objects.count() == 1
    assert is_denied(READS["all"])


def test_openings_nest(active: World, allocated: Participant) -> None:
    with opening(active):
        with opening(active):
            assert Allocation.objects.count() == 1
        assert Allocation.objects.count() == 1
    assert is_denied(READS["count"])


def test_a_statement_prepared_inside_does_not_work_outside(active: World, allocated: Participant) -> None:
    query = Allocation.objects.values_list("position")
    with opening(active):
        for _again in range(5):
            assert list(query.all()) == [(1,)]
    assert is_denied(lambda: list(query.all()))


def test_a_lazy_read_evaluated_outside_is_denied(active: World, allocated: Participant) -> None:
    with opening(active):
        lazy = Allocation.objects.all()
    assert is_denied(lambda: list(lazy))


def test_a_body_streamed_after_leaving_is_denied(active: World, allocated: Participant) -> None:
    def rows() -> Iterator[str]:
        for each in Allocation.objects.all():
            yield str(each.position)

    with opening(active):
        response = StreamingHttpResponse(rows())
    assert is_denied(lambda: list(response))


def test_sqlite_attaches_no_other_file(active: World) -> None:
    if connection.vendor == "sqlite":
        assert is_denied(raw("ATTACH ':memory:' AS other"))
    else:
        assert is_denied(raw("SET ROLE postgres"))


UNAUTHORIZED = [
    ("elise", Purpose.TREAT),
    ("elise", Purpose.SEQUENCE),
    ("elise", Purpose.VIEW),
    ("amelie", Purpose.ALLOCATE),
    ("amelie", Purpose.TREAT),
    ("tomas", Purpose.VIEW),
    ("helen", Purpose.SEQUENCE),
    ("noor", Purpose.EXPORT),
    ("marc", Purpose.SEQUENCE),
    ("marc", Purpose.EXPORT),
    ("samuel", Purpose.TREAT),
    ("amelie", Purpose.ERROR),
    ("tomas", Purpose.ERROR),
    ("elise", Purpose.FREEZE),
    ("marc", Purpose.FREEZE),
    ("noor", Purpose.REVEAL),
    ("marc", Purpose.REVEAL),
]


def test_nobody_opens_without_the_permission(world: World) -> None:
    for name, purpose in UNAUTHORIZED:
        opened = unblinded(by=getattr(world, name), trial=world.trial, purpose=purpose, reason="Curious")
        with pytest.raises(Refused), opened:
            pytest.fail(f"{name} may {purpose}")
    assert not blindfold.is_lifted()


def test_another_trial_is_no_reason(active: World, allocated: Participant) -> None:
    other = type(active.trial)(code="OTHER", title="Other")
    with pytest.raises((Refused, NotFound)), unblinded(by=active.samuel, trial=other, purpose=Purpose.SEQUENCE):
        pass


def noted(purpose: Purpose) -> list[Entry]:
    return list(Entry.objects.filter(verb=f"blind.open_{purpose}").order_by("number"))


def test_routine_openings_are_noted_once_a_day(active: World, allocated: Participant) -> None:
    before = len(noted(Purpose.TREAT))
    for _each in range(3):
        with unblinded(by=active.marc, trial=active.trial, purpose=Purpose.TREAT, participant=allocated):
            pass
    assert len(noted(Purpose.TREAT)) == before + 1
    with unblinded(by=active.priya, trial=active.trial, purpose=Purpose.TREAT, participant=allocated):
        pass
    clock.advance(timedelta(days=1))
    with unblinded(by=active.marc, trial=active.trial, purpose=Purpose.TREAT, participant=allocated):
        pass
    entries = noted(Purpose.TREAT)
    assert len(entries) == before + 3
    assert {entry.secrecy for entry in entries} == {FieldClass.UNBLINDING}
    assert entries[-1].subject_id == str(allocated.pk)


def test_openings_within_one_act_are_noted_once(active: World, allocated: Participant) -> None:
    """Their entry comes with the end of the act, so that the trail cannot be asked for it yet."""
    grant = authorize(active.marc, Permission.LOG_SESSION, trial=active.trial)
    with act("session.record", grant=grant, subject=allocated):
        for _each in range(3):
            with unblinded(by=active.marc, trial=active.trial, purpose=Purpose.TREAT, participant=allocated):
                pass
        with unblinded(by=active.marc, trial=active.trial, purpose=Purpose.TREAT):
            pass
    assert [entry.subject_id for entry in noted(Purpose.TREAT)] == [str(allocated.pk), ""]


def test_a_note_is_there_before_anything_is_read(active: World, allocated: Participant) -> None:
    with pytest.raises(ZeroDivisionError), unblinded(by=active.marc, trial=active.trial, purpose=Purpose.TREAT):
        raise ZeroDivisionError
    assert len(noted(Purpose.TREAT)) == 1


def test_exports_are_noted_each_time_with_their_reason(active: World) -> None:
    for _each in range(2):
        with opening(active, Purpose.EXPORT, reason="Interim report"):
            pass
    told = contents(verb="blind.open_export")
    assert [(each.reason, each.actor_id) for each in told] == [("Interim report", active.samuel.id)] * 2
    with pytest.raises(Problem) as caught, opening(active, Purpose.EXPORT):
        pass
    assert caught.value.code == "blind.reason"


def test_every_sealed_table_denies_everything_not_named_open(active: World) -> None:
    for table, open_columns in blindfold.sealed_tables().items():
        model = next(each for each in apps.get_models() if each._meta.db_table == table)
        for field in model._meta.concrete_fields:
            read = raw(f'SELECT "{field.column}" FROM "{table}"')
            assert is_denied(read) == (field.column not in open_columns), (table, field.column)
