"""Ends of the chains, kept outside: a trail that was rewritten whole is caught by them."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from audit import chain
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from audit.models import Change, Entry, Head
from audit.tasks import anchor as daily
from config.celery import app
from core import clock
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
GRANT = Grant(Actor(ActorKind.PERSON, "someone", "Someone", Origin.WEB), "operator")


@pytest.fixture(autouse=True)
def file(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.ANCHORS_DIR = tmp_path / "elsewhere"
    with clock.moved_to(MONDAY):
        yield tmp_path / "elsewhere" / "anchors.jsonl"


def note(*verbs: str) -> None:
    for verb in verbs:
        with act(verb, grant=GRANT):
            pass


def audit(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


def fault(*arguments: str) -> str:
    errors = io.StringIO()
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--anchors", *arguments, stderr=errors, stdout=io.StringIO())
    return errors.getvalue().strip()


def rewritten(monkeypatch: pytest.MonkeyPatch, change: Callable[[Entry], None]) -> None:
    """The trail as its owner would leave it: entries changed, and every hash after them computed again.

    The database of the tests refuses to do it, so what is read is changed instead.
    """
    entries = list(Entry.objects.order_by("number"))
    previous = ""
    for entry in entries:
        change(entry)
        entry.previous_hash = previous
        entry.hash = previous = chain.digest(entry, list(Change.objects.filter(entry_id=entry.pk)))
    hashes: dict[Any, Entry] = {entry.pk: entry for entry in entries}
    Head.objects.update(hash=previous)
    original = Entry.from_db.__func__  # type: ignore[attr-defined]

    def read(cls: Any, db: Any, names: Any, values: Any) -> Any:
        stored = original(cls, db, names, values)
        return hashes.get(stored.pk, stored)

    monkeypatch.setattr(Entry, "from_db", classmethod(read))


def test_each_line_names_every_end_and_follows_from_the_one_before(file: Path) -> None:
    note("one", "two")
    first = audit("anchor").strip()
    note("three")
    daily()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert json.loads(first) == lines[0]
    assert lines[0]["at"] == "2026-03-02T15:00:00.000000+00:00"
    assert lines[0]["previous"] == ""
    assert lines[0]["heads"] == {"installation": [2, Entry.objects.get(number=2).hash]}
    assert lines[1]["heads"] == {"installation": [3, Entry.objects.get(number=3).hash]}
    assert "Every end that was anchored" in audit("verify", "--anchors")


def test_a_trail_rewritten_whole_verifies_but_not_against_its_anchors(monkeypatch: pytest.MonkeyPatch) -> None:
    note("one", "two")
    audit("anchor")
    note("three")
    audit("anchor")

    def change(entry: Entry) -> None:
        if entry.number == 2:
            entry.actor_name = "Somebody Else"

    rewritten(monkeypatch, change)
    assert "The audit trail verifies" in audit("verify")
    assert (
        fault() == "installation: Entry 2, anchored at 2026-03-02T15:00:00.000000+00:00 (line 1), is another one now."
    )


def test_what_was_anchored_may_not_be_missing(file: Path) -> None:
    note("one")
    audit("anchor")
    line = json.loads(file.read_text())
    file.write_text(json.dumps({**line, "heads": {"installation": [5, "0" * 64]}}) + "\n")
    assert "Entry 5, anchored at" in fault()
    assert "is missing" in fault()


def test_the_file_is_a_chain_itself(file: Path, tmp_path: Path) -> None:
    for verb in ("one", "two", "three"):
        note(verb)
        audit("anchor")
    lines = file.read_text().splitlines()
    copy = tmp_path / "copy.jsonl"
    for kept, place in ((lines[1:], 1), ([lines[0], lines[2]], 2), ([lines[0].replace("2026", "2025"), *lines[1:]], 2)):
        copy.write_text("\n".join(kept) + "\n")
        assert f"Line {place} of the anchors" in fault(str(copy))
        assert "does not follow" in fault(str(copy))
    copy.write_text(lines[0] + "\n{}\n")
    assert fault(str(copy)) == "Line 2 of the anchors cannot be read."
    copy.write_text("")
    assert "no anchors" in fault(str(copy))


def test_a_line_after_a_torn_one_stands_by_itself(file: Path) -> None:
    note("one")
    audit("anchor")
    with file.open("a") as torn:
        torn.write('{"at": "2026')
    audit("anchor")
    assert len(file.read_text().splitlines()) == 3
    assert fault() == "Line 2 of the anchors cannot be read."


def test_a_file_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CommandError, match="The anchors cannot be read"):
        audit("verify", "--anchors")
    with pytest.raises(CommandError, match="belongs to verify"):
        audit("heads", "--anchors")


def test_the_line_is_mailed_where_an_address_is_set(file: Path, settings: Settings) -> None:
    note("one")
    audit("anchor")
    assert mail.outbox == []
    settings.ANCHORS_MAIL = "qa@example.org"
    line = audit("anchor")
    (letter,) = mail.outbox
    assert letter.to == ["qa@example.org"]
    assert letter.body == line
    assert letter.body.strip() == file.read_text().splitlines()[-1]


def test_the_beat_asks_once_a_day_for_a_task_that_there_is() -> None:
    entry = app.conf.beat_schedule["anchor"]
    assert entry["task"] == daily.name
    assert (len(entry["schedule"].hour), len(entry["schedule"].minute)) == (1, 1)
    assert len(entry["schedule"].day_of_week) == 7


def test_verify_asks_the_same_number_of_questions_however_many_entries(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    note("one")
    with django_assert_num_queries(3):
        assert chain.verify("installation") is None
    note(*[f"verb {number}" for number in range(20)])
    with django_assert_num_queries(3):
        assert chain.verify("installation") is None
