"""What staff read of messages."""

from datetime import timedelta

from core import clock
from reminders import foresight, queries
from reminders.models import Message
from tests.unit.reminders.steps import run
from tests.unit.reminders.world import World

State = Message.State
Reason = Message.Reason


def test_the_preview_tells_what_will_be_sent_and_the_sweep_keeps_to_it(trial_world: World) -> None:
    trial_world.person()
    run()
    expected = [(each.at, each.rule, each.number) for each in foresight.upcoming(trial_world.trial, [trial_world.site])]
    assert expected
    assert not foresight.upcoming(trial_world.trial, [])
    for _step in range(7 * 8):
        clock.advance(timedelta(hours=3))
        run()
    later = Message.objects.exclude(rule="baseline_forms", number=1).order_by("planned_for", "rule")
    assert list(later.values_list("planned_for", "rule", "number")) == expected


def test_messages_of_a_participant_and_the_pages_of_the_outbox(trial_world: World) -> None:
    anna, berta = trial_world.person("anna"), trial_world.person("berta")
    run()
    assert [each.participant for each in queries.messages_of(anna)] == [anna]
    page = queries.outbox([trial_world.site], states=[State.SENT])
    assert {each.participant for each in page} == {anna, berta}
    assert not queries.outbox([trial_world.site], states=[State.FAILED]).object_list
    assert not queries.outbox([]).object_list
