"""A score that reaches a limit of the protocol: one task, the same day, the same for everybody."""

from datetime import date

import pytest

from accounts.roles import Role
from core import clock
from outcomes.actions import corrections, responses
from outcomes.codes import TASK_LIMIT
from outcomes.models import CorrectionRequest, Response
from participants.actions import tasks
from participants.models import Participant, Task
from tests import cast
from tests.unit.outcomes.world import World, days, form_of, participant_actor
from trials.actions import protocols
from trials.protocol import check_protocol

PAIN = "- {instrument: nprs, filled_by: participant, minutes: 1}\n  - code: week16_nights"
LIMITED = PAIN.replace(
    "minutes: 1}",
    "minutes: 1, limits: [{code: strong, score: score, at_least: 8, wording: {en: Ask about the pain, fr: Demander}}]}",
)


@pytest.fixture
def weekly(world: World, participant: Participant) -> Participant:
    text = cast.STRONG_BACK.read_text(encoding="utf-8")
    protocols.load(text=text.replace(PAIN, LIMITED), by=cast.actor(world.cast.noor))
    world.reach(participant, "randomized", date(2026, 5, 4))
    clock.advance(days(7))
    return participant


def rate(participant: Participant, value: int, number: int = 1) -> Response:
    form = form_of(participant, "weekly_pain", "nprs", number)
    return responses.submit(form=form, answers={"nprs": value}, by=participant_actor(participant))


def raised(participant: Participant) -> list[Task]:
    return list(Task.objects.filter(participant=participant, kind=TASK_LIMIT).order_by("raised_at", "pk"))


def test_the_limit_itself_raises_a_task_for_the_coordinator_today(weekly: Participant) -> None:
    rate(weekly, 8)
    (task,) = raised(weekly)
    assert (task.role, task.due_on) == ("coordinator", clock.today("America/Toronto"))
    assert task.about == "weekly_pain nprs strong"


def test_below_it_none(weekly: Participant) -> None:
    rate(weekly, 7)
    assert raised(weekly) == []


def test_each_form_raises_its_own_and_none_twice(world: World, weekly: Participant) -> None:
    first = rate(weekly, 9)
    tasks.close(task=raised(weekly)[0], by=world.coordinator)
    asked = corrections.request(
        response=first, item="nprs", value=10, why="pressed_wrong", by=participant_actor(weekly)
    )
    corrections.accept(request=CorrectionRequest.objects.get(pk=asked.pk), by=world.another(Role.COORDINATOR, "second"))
    assert Response.objects.get(pk=first.pk).scores["score"] == 10
    clock.advance(days(7))
    rate(weekly, 8, 2)
    assert [task.about for task in raised(weekly)] == ["weekly_pain nprs strong", "weekly_pain 2 nprs strong"]


def test_a_limit_on_what_the_coordinator_may_not_know_is_refused() -> None:
    hidden = LIMITED.replace("minutes: 1,", "minutes: 1, hidden_from: [coordinator],")
    text = cast.STRONG_BACK.read_text(encoding="utf-8")
    assert check_protocol(text.replace(PAIN, LIMITED)).is_clean == check_protocol(text).is_clean
    assert "hidden from them" in str(check_protocol(text.replace(PAIN, hidden)).problems)


def test_participants_are_shown_no_past_of_what_is_concealed_from_them() -> None:
    text = cast.STRONG_BACK.read_text(encoding="utf-8")
    lsiq = "{instrument: lsiq, filled_by: participant, minutes: 3}"
    shown = text.replace(lsiq, lsiq.replace("minutes: 3", "minutes: 3, shows_past: total"))
    assert "may know" in str(check_protocol(shown).problems)
