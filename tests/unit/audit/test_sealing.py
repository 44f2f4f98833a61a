"""Entries behind the wall: sealed as they are written, read in an opening only, verified without a key."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from audit import chain
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from audit.classes import FieldClass
from audit.models import INSTALLATION, Change, Entry
from audit.sealing import mark_of
from audit.values import SealedValue, read_text, sealed_text
from core import blindfold
from randomization.trail import ReadOutsideOpening, content_of, opened_text
from tests.trail import content, contents

pytestmark = pytest.mark.django_db
MARC = Actor(ActorKind.PERSON, "7d1b2f9c", "Marc Roy", Origin.WEB)
UNBLINDING = FieldClass.UNBLINDING


def note(reason: str = "", *, behind: bool = False, secrecy: FieldClass = UNBLINDING, **facts: Any) -> Entry:
    with act("session.record", grant=Grant(MARC, "therapist", behind=behind), reason=reason, secrecy=secrecy) as a:
        a.note(**facts)
    return Entry.objects.latest("number")


def test_who_and_why_are_read_in_an_opening_only() -> None:
    entry = note("It was Pilates", sets=3)
    assert (entry.actor_id, entry.actor_name, entry.reason, entry.facts) == ("", "", "", {})
    assert (entry.verb, entry.role, entry.actor_kind) == ("session.record", "therapist", "person")
    with pytest.raises(ReadOutsideOpening):
        content_of(entry, [])
    told = content(verb="session.record")
    assert (told.actor_id, told.actor_name, told.reason, told.facts) == (
        MARC.id,
        MARC.name,
        "It was Pilates",
        {"sets": 3},
    )


def test_who_acts_in_a_role_behind_the_wall_is_sealed_whatever_they_do() -> None:
    assert note(secrecy=FieldClass.TECHNICAL, behind=True).actor_name == ""
    assert note(secrecy=FieldClass.TECHNICAL).actor_name == "Marc Roy"
    assert [each.actor_name for each in contents()] == ["Marc Roy", "Marc Roy"]


def test_the_chain_verifies_without_any_key() -> None:
    note("It was Pilates")
    with override_settings(ARMSLENGTH_KEYS={}):
        assert chain.verify(INSTALLATION) is None


@pytest.mark.parametrize("field", ["sealed", "mark", "format"])
def test_what_is_sealed_is_part_of_the_hash(monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    note()
    original = Entry.from_db.__func__  # type: ignore[attr-defined]

    def altered(cls: Any, db: Any, names: Any, values: Any) -> Any:
        entry = original(cls, db, names, values)
        setattr(entry, field, {"sealed": "AAAA", "mark": "ab", "format": 1}[field])
        return entry

    monkeypatch.setattr(Entry, "from_db", classmethod(altered))
    finding = chain.verify(INSTALLATION)
    assert finding is not None
    assert "was altered" in finding.sentence


def test_lengths_tell_neither_names_nor_reasons() -> None:
    assert (
        len({len(note(reason).sealed) for reason in ("", "Ill", "Could not use the machine, the springs were out")})
        == 1
    )


@pytest.mark.parametrize("kind", [FieldClass.CONCEALED, UNBLINDING])
def test_sealed_values_are_of_one_length(kind: FieldClass) -> None:
    change = Change(table="t", record_id="1", field="strata.lsiq", field_class=kind)
    sealed = [sealed_text(json.dumps(value), change) for value in ("high", "low", 7, "ends in blanks  ")]
    assert len({len(each or "") for each in sealed}) == 1
    with blindfold.lifted():
        assert [opened_text(each, change) for each in sealed] == ['"high"', '"low"', "7", '"ends in blanks  "']
    with pytest.raises(ReadOutsideOpening):
        opened_text(sealed[0], change)
    with pytest.raises(SealedValue):
        read_text(sealed[0], change)


def test_a_mark_is_equal_for_equal_parts_only() -> None:
    assert mark_of("a", "b") == mark_of("a", "b")
    assert len({mark_of("a", "b"), mark_of("ab"), mark_of("a", "b", ""), mark_of("b", "a")}) == 4


def first_format() -> Entry:
    """An entry as it was written before anything of it was sealed."""
    return Entry(
        id=UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        chain=INSTALLATION,
        at=datetime(2026, 3, 2, 15, tzinfo=UTC),
        actor_kind="person",
        actor_id=MARC.id,
        actor_name=MARC.name,
        role="therapist",
        origin="web",
        verb="session.record",
        reason="It was Pilates",
        facts={"sets": 3},
        secrecy="unblinding",
    )


def test_entries_of_the_first_format_are_read_and_verified_as_they_were() -> None:
    entry = first_format()
    change = Change(order=0, table="t", record_id="1", field="arm", field_class="unblinding")
    change.new = sealed_text('"RT"', change)
    chain.append([(entry, [change])])
    note()
    assert chain.verify(INSTALLATION) is None
    old, new = contents()
    assert (old.actor_name, old.reason, old.facts, old.changes[0].new) == (
        "Marc Roy",
        "It was Pilates",
        {"sets": 3},
        '"RT"',
    )
    assert new.actor_name == "Marc Roy"


def test_the_hash_of_the_first_format_is_what_it_was() -> None:
    entry = first_format()
    entry.number, entry.previous_hash = 1, ""
    assert chain.digest(entry, []) == "edef0683cc8ac208b23e6437fce31d06864ddd604499f2a2b523403b8e77e4ff"
