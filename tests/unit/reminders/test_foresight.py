"""What another version of the protocol would change in the messages to come."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reminders.foresight import Upcoming, differences, upcoming
from tests import cast
from tests.unit.reminders.steps import book, only_plan, weekly
from tests.unit.reminders.world import ZONE, World
from trials.protocol import Protocol, read_protocol
from trials.queries import protocol_of

TEXT = cast.STRONG_BACK.read_text(encoding="utf-8")
WEEKLY = """      - {after_opening: 0}
      - {after_opening: 1}
      - {before_closing: 1}
"""
FEWER = """      - {after_opening: 0}
      - {after_opening: 2}
"""


def amended(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def changed(trial_world: World, protocol: Protocol) -> list[tuple[str, int, str | None, str | None]]:
    """(rule, number, local moment before, local moment after) of every difference in two weeks."""
    found = differences(
        trial_world.trial, [trial_world.site], before=protocol_of(trial_world.trial), after=protocol, days=14
    )

    def local(message: Upcoming | None) -> str | None:
        return message and message.at.astimezone(ZONE).strftime("%d.%m. %H:%M")

    return [(each.either.rule, each.either.number, local(each.before), local(each.after)) for each in found]


def test_the_same_protocol_changes_nothing(trial_world: World) -> None:
    weekly(trial_world)
    assert changed(trial_world, read_protocol(TEXT)) == []


def test_what_is_dropped_moved_and_added_is_told_for_each_message(trial_world: World) -> None:
    visit = weekly(trial_world)
    book(trial_world, visit.participant, "2026-05-14T15:30")
    only_plan()
    told = changed(trial_world, read_protocol(amended((WEEKLY, FEWER))))
    assert told == [
        ("weekly_pain", 2, "05.05. 09:00", "06.05. 09:00"),
        ("weekly_pain", 3, "06.05. 09:00", None),
        ("weekly_pain", 2, "12.05. 09:00", "13.05. 09:00"),
        ("weekly_pain", 3, "13.05. 09:00", None),
    ]
    earlier = amended(("- {before_appointment: 2}", "- {before_appointment: 3}"))
    assert changed(trial_world, read_protocol(earlier)) == [("appointment", 1, "12.05. 09:00", "11.05. 09:00")]


def test_a_visit_on_other_days_moves_its_messages(trial_world: World) -> None:
    weekly(trial_world)
    trial_world.person("bea")
    only_plan()
    week = "    offset_days: {}\n    window: {{before: 0, after: 3}}\n    repeat: {{every_days: 7"
    told = changed(trial_world, read_protocol(amended((week.format(7), week.format(8)))))
    moved = [(2, 5), (3, 6), (1, 11), (2, 12), (3, 13)]
    assert told[:5] == [
        ("weekly_pain", number, f"{day:02}.05. 09:00", f"{day + 1:02}.05. 09:00") for number, day in moved
    ]
    assert {rule for rule, *_moments in told} == {"weekly_pain"}


def test_a_visit_that_an_amendment_adds_or_drops_is_told_with_its_messages(trial_world: World) -> None:
    weekly(trial_world)
    only_plan()
    more = amended(
        (
            "  - code: week16_nights\n",
            """  - code: extra
    label: {en: Extra, fr: Supplémentaire}
    anchor: {milestone: randomized}
    offset_days: 10
    window: {before: 0, after: 3}
    forms:
      - {instrument: nprs, filled_by: participant, minutes: 1}
  - code: week16_nights
""",
        ),
        ("about: {visits: [weekly_pain]}", "about: {visits: [weekly_pain, extra]}"),
    )
    told = changed(trial_world, read_protocol(more))
    assert told[0] == ("weekly_pain", 1, None, "07.05. 09:00")
    assert len(told) == 3
    now, other = protocol_of(trial_world.trial), read_protocol(more)
    back = differences(trial_world.trial, [trial_world.site], before=other, after=now, days=14)
    assert [(each.before is None, each.after) for each in back] == [(False, None)] * 3


def test_the_commands_print_study_numbers_and_no_names(trial_world: World, tmp_path: Path) -> None:
    visit = weekly(trial_world)
    only_plan()
    told = StringIO()
    call_command("messages", "preview", trial_world.trial.code, "--days", "2", stdout=told)
    number = visit.participant.number
    assert f"2026-05-05 09:00 EDT  {number}  weekly_pain 2  weekly_pain  email" in told.getvalue()
    assert "anna" not in told.getvalue()
    file = tmp_path / "amended.yaml"
    file.write_text(amended((WEEKLY, FEWER)), encoding="utf-8")
    told = StringIO()
    call_command("messages", "changes", trial_world.trial.code, str(file), "--days", "2", stdout=told)
    assert f"~ 2026-05-05 09:00 EDT  {number}  weekly_pain 2" in told.getvalue()
    with pytest.raises(CommandError, match="another trial"):
        call_command("messages", "changes", trial_world.trial.code, str(cast.STRONG_BACK.with_name("balance.yaml")))


def test_a_month_ahead_holds_what_a_week_ahead_holds(trial_world: World) -> None:
    weekly(trial_world)
    only_plan()
    week, month = (upcoming(trial_world.trial, [trial_world.site], days=days) for days in (7, 30))
    assert [each.key for each in month][: len(week)] == [each.key for each in week]
    assert len(month) > len(week)
