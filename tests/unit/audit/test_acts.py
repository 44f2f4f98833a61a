"""One verb, one transaction, one entry; and a trail that cannot be altered unseen."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from audit import chain
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act, together
from audit.models import Change, Entry
from audit.records import WrittenOutsideAct
from core import clock
from core.problems import Conflict
from trials.models import Site, Trial

pytestmark = pytest.mark.django_db
BY = Actor(ActorKind.PERSON, "someone", "Someone", Origin.WEB)


def make_trial(code: str = "t-one") -> Trial:
    with act("trial.make", grant=Grant(BY, "operator")) as a:
        return a.create(Trial(code=code, title="T"))


def test_creating_and_changing_leave_one_entry_each_with_a_row_per_field() -> None:
    trial = make_trial()
    with act("trial.rename", grant=Grant(BY, "operator"), subject=trial, reason="A typing error") as a:
        a.change(trial, title="T two", code="t-one")
    made, renamed = Entry.objects.order_by("number")
    assert (made.verb, renamed.verb, renamed.reason) == ("trial.make", "trial.rename", "A typing error")
    (row,) = Change.objects.filter(entry_id=renamed.pk)
    assert (row.field, row.old, row.new) == ("title", '"T"', '"T two"')


def test_records_refuse_writes_outside_an_act() -> None:
    trial = make_trial()
    trial.title = "sneaky"
    for write in (
        trial.save,
        trial.delete,
        lambda: Trial.objects.update(title="x"),
        lambda: Trial.objects.all().delete(),
        lambda: Trial.objects.create(code="x", title="x"),
        lambda: Trial.objects.bulk_create([Trial(code="x", title="x")]),
        lambda: Trial.objects.bulk_update([trial], ["title"]),
    ):
        with pytest.raises(WrittenOutsideAct):
            write()
    assert Trial.objects.get().title == "T"


def test_a_failed_act_leaves_nothing() -> None:
    with pytest.raises(RuntimeError), act("trial.make", grant=Grant(BY, "operator")) as a:
        a.create(Trial(code="lost", title="T"))
        raise RuntimeError
    assert not Trial.objects.exists()
    assert not Entry.objects.exists()


def test_an_inner_act_that_fails_leaves_no_entry_while_the_outer_one_does() -> None:
    with act("outer", grant=Grant(BY, "operator")) as outer:
        trial = outer.create(Trial(code="kept", title="T"))
        with pytest.raises(RuntimeError), act("inner", grant=Grant(BY, "operator")) as inner:
            inner.create(Site(trial=trial, code="A", name="A", time_zone="UTC"))
            raise RuntimeError
    assert list(Entry.objects.values_list("verb", flat=True)) == ["outer"]
    assert not Site.objects.exists()


def test_the_second_of_two_people_saving_is_told() -> None:
    make_trial()
    first, second = Trial.objects.get(), Trial.objects.get()
    with act("trial.rename", grant=Grant(BY, "operator")) as a:
        a.change(first, title="First")
    with pytest.raises(Conflict) as caught, act("trial.rename", grant=Grant(BY, "operator")) as a:
        a.change(second, title="Second")
    assert "Somebody else saved this" in caught.value.sentence
    assert Trial.objects.get().title == "First"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET reason = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_change",
        "UPDATE audit_change SET new = 'x'",
    ],
)
def test_the_database_refuses_to_change_the_trail(sql: str) -> None:
    make_trial()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert chain.verify("installation") is None


def test_the_database_refuses_to_replace_or_empty_the_trail() -> None:
    make_trial()
    key = Entry.objects.get().pk
    if connection.vendor == "postgresql":
        sql, values = "TRUNCATE audit_entry", []
    else:
        sql = "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = %s"
        values = [key.hex]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    assert Entry.objects.count() == 1


def test_verify_names_an_altered_row(monkeypatch: pytest.MonkeyPatch) -> None:
    make_trial()
    make_trial("t-two")
    original = Entry.from_db.__func__

    def altered(cls, db, names, values):  # type: ignore[no-untyped-def]
        entry = original(cls, db, names, values)
        if entry.number == 2:
            entry.actor_name = "Somebody else"
        return entry

    monkeypatch.setattr(Entry, "from_db", classmethod(altered))
    finding = chain.verify("installation")
    assert finding is not None
    assert finding.number == 2
    assert "was altered" in finding.sentence


def test_a_user_is_no_record_and_saves_as_ever() -> None:
    assert User.objects.create_user("a@example.org", "A").name == "A"


@pytest.mark.parametrize(
    "at", ["2026-03-02T15:00:00+00:00", "2026-03-02T10:00:00-05:00", "2026-03-02T16:00:00.000+01:00"]
)
def test_a_moment_is_hashed_in_one_form(at: str) -> None:
    assert chain.moment(datetime.fromisoformat(at)) == "2026-03-02T15:00:00.000000+00:00"


def test_an_act_under_a_clock_of_another_zone_verifies_as_stored() -> None:
    for moment in (
        datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("America/Toronto")),
        datetime(2026, 3, 2, 15, 0, 0, 7, UTC),
    ):
        with clock.moved_to(moment):
            make_trial(f"t-{moment.microsecond}")
    assert chain.verify("installation") is None


def test_acts_together_reach_the_chain_last_or_not_at_all() -> None:
    with together():
        make_trial("t-one")
        with together():
            make_trial("t-two")
        # Until the end nobody else has to wait for the chain.
        assert not Entry.objects.exists()
        with pytest.raises(RuntimeError), act("trial.make", grant=Grant(BY, "operator")) as a:
            a.create(Trial(code="lost", title="T"))
            raise RuntimeError
    assert [entry.verb for entry in Entry.objects.all()] == ["trial.make", "trial.make"]
    with pytest.raises(RuntimeError), together():
        make_trial("t-three")
        raise RuntimeError
    assert sorted(Trial.objects.values_list("code", flat=True)) == ["t-one", "t-two"]
    assert Entry.objects.count() == 2


def test_acts_together_that_change_nothing_leave_no_entry() -> None:
    with together():
        pass
    assert not Entry.objects.exists()
