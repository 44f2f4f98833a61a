"""Where reminding brought nothing, a person gets one task."""

from datetime import date

from participants.actions import tasks
from participants.models import Task
from reminders import queries
from reminders.models import Message
from tests.unit.reminders.steps import go_to, outbox_of, run, weekly
from tests.unit.reminders.world import World
from trials.queries import protocol_of

State = Message.State
Reason = Message.Reason


def test_when_all_messages_brought_nothing_a_person_gets_one_task(trial_world: World) -> None:
    weekly(trial_world)
    for day in ("04", "05", "06"):
        go_to(f"2026-05-{day}T11:00")
        run()
    assert [each.state for each in outbox_of("weekly_pain")] == [State.SENT] * 3
    go_to("2026-05-07T23:00")
    assert run().tasks == 0
    go_to("2026-05-08T00:30")
    assert run().tasks == 1
    go_to("2026-05-09T11:00")
    assert run().tasks == 0
    task = Task.objects.get(kind="reminders_unanswered")
    assert (task.role, task.due_on, task.about) == ("coordinator", date(2026, 5, 8), "weekly_pain weekly_pain")
    assert queries.wording_of_task(protocol_of(trial_world.trial), task, "en") == "Call about the weekly rating"


def test_no_task_when_the_answer_came_after_the_last_message(trial_world: World) -> None:
    visit = weekly(trial_world)
    for day in ("04", "05", "06"):
        go_to(f"2026-05-{day}T11:00")
        run()
    trial_world.rate(visit)
    go_to("2026-05-08T11:00")
    run()
    assert not Task.objects.filter(kind="reminders_unanswered").exists()


def test_an_assessment_nobody_made_becomes_a_task_once_while_there_is_time(trial_world: World) -> None:
    trial_world.person()  # the baseline closes on 1 June; the last reminder is three days before
    go_to("2026-05-29T11:00")
    run()
    assert not Task.objects.filter(about__startswith="assessments_due").exists()
    go_to("2026-05-30T11:00")
    run()
    task = Task.objects.get(about__startswith="assessments_due")
    assert (task.role, task.due_on) == ("coordinator", date(2026, 5, 30))
    tasks.close(task=task, by=trial_world.by)
    run()
    assert Task.objects.filter(about__startswith="assessments_due").count() == 1
