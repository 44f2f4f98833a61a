"""Due today: what waits for the coordinator."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from participants.actions import completion, contacts, withdrawal
from participants.models import Participant
from tests import cast as people
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World, answered

pytestmark = pytest.mark.django_db


def page(client: Client, world: World, query: str = "") -> str:
    response = client.get(world.url("coordinators:home") + query)
    assert response.status_code == 200
    return response.content.decode()


def section(body: str, title: str) -> str:
    """The part of the page under one heading."""
    return body.partition(f"<h2>{title} ")[2].partition("</section>")[0]


def test_only_coordinators_open_it(world: World) -> None:
    check_walls(world, "coordinators:home")


def test_an_empty_desk_says_so(world: World, elise: Client) -> None:
    assert "Nothing due." in page(elise, world)


def test_an_incomplete_lsiq_is_a_task_the_same_day(world: World, elise: Client) -> None:
    participant = world.consented()
    form = world.form(participant, "baseline", "lsiq")
    last = list(answered("lsiq"))[-1]
    world.submit(form, missing={last: "skipped"})
    today = section(page(elise, world), "Today")
    assert participant.number in today
    assert "Answers are missing" in today
    assert str(form.pk) in today


def test_a_task_is_marked_done_once(world: World, elise: Client) -> None:
    participant = world.consented()
    last = list(answered("lsiq"))[-1]
    world.submit(world.form(participant, "baseline", "lsiq"), missing={last: "skipped"})
    task = participant.tasks.get()
    url = world.url("coordinators:task_done", task=task.pk)
    assert elise.post(url).status_code == 302
    task.refresh_from_db()
    assert task.done_at is not None
    assert elise.post(url).status_code == 409
    assert "Answers are missing" not in page(elise, world)


def test_overdue_questionnaires_stand_in_one_row(world: World, elise: Client) -> None:
    participant = world.consented()
    world.submit(world.form(participant, "baseline", "odi"))
    clock.advance(timedelta(days=30))
    late = section(page(elise, world), "Late")
    assert late.count(participant.number + "</a>") == 4  # baseline, nights, MRI, watch
    assert "Baseline: 7 forms" in late
    assert "No message was sent" in late


def test_a_primary_outcome_about_to_be_lost_is_a_last_call(world: World, elise: Client) -> None:
    participant = world.consented()
    form = world.form(participant, "baseline", "odi")
    clock.advance(form.closes_on - clock.today(world.site.time_zone) - timedelta(days=4))
    assert "Last call" not in page(elise, world)
    clock.advance(timedelta(days=1))
    row = section(page(elise, world), "Closing soon").partition("Last call: ")[2]
    assert "3 days left" in page(elise, world)
    assert str(form.pk) in row
    world.submit(form)
    assert "Last call" not in page(elise, world)


def test_results_to_enter_link_to_their_form(world: World, elise: Client) -> None:
    participant = world.consented()
    form = world.form(participant, "baseline", "mri")
    assert world.url("form", form=form.pk) in section(page(elise, world), "Today")


def test_todays_appointments_and_those_ahead(world: World, elise: Client) -> None:
    first, second = world.eligible(), world.eligible()
    world.book(first, purpose="information", starts_at=clock.now() + timedelta(hours=2))
    world.book(second, purpose="information", starts_at=clock.now() + timedelta(days=3))
    body = page(elise, world)
    assert first.number in section(body, "Today")
    assert second.number in section(body, "Next 7 days")
    clock.advance(timedelta(days=1))
    assert first.number in section(page(elise, world), "Late")


def test_the_first_session_of_somebody_randomized_is_settled(world: World, elise: Client) -> None:
    participant = world.consented()
    people.book_first_session(participant)
    clock.advance(timedelta(days=8))
    assert "Exercise session" in section(page(elise, world), "Late")
    people.hand_down_randomized(participant)
    assert "Exercise session" not in page(elise, world)


def completed(world: World, participant: Participant) -> None:
    completion.complete(participant=participant, grant=world.grant())


def withdrawn(world: World, participant: Participant) -> None:
    why = {"scopes": ["follow_up"], "reason_code": "time", "day": clock.today(world.site.time_zone)}
    withdrawal.withdraw(participant=participant, by=world.coordinator, **why)


@pytest.mark.parametrize("leave", [completed, withdrawn])
def test_it_stays_settled_when_they_leave_the_trial(
    world: World, elise: Client, leave: Callable[[World, Participant], None]
) -> None:
    participant = world.consented()
    people.book_first_session(participant)
    people.hand_down_randomized(participant)
    clock.advance(timedelta(days=8))
    leave(world, Participant.objects.get(pk=participant.pk))
    assert "Exercise session" not in page(elise, world)


def test_who_asked_to_be_called_back_until_reached(world: World, elise: Client) -> None:
    participant = world.eligible()
    known = {"participant": participant, "channel": "phone", "by": world.coordinator}
    contacts.log_attempt(outcome="call_back", **known)
    assert "Asked to be called back" in section(page(elise, world), "Today")
    clock.advance(timedelta(hours=1))
    contacts.log_attempt(outcome="reached", **known)
    assert "Asked to be called back" not in page(elise, world)


def test_figures_count_randomized_and_ready(world: World, elise: Client) -> None:
    world.randomized()
    body = page(elise, world)
    assert "randomized of 106" in body
    assert "<dd>1</dd>" in body


def test_another_sites_work_is_not_there(world: World, elise: Client) -> None:
    other = world.elsewhere()
    assert other.number not in page(elise, world)


def test_the_cost_does_not_grow(world: World, elise: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as held:
            page(elise, world)
        return len(held)

    for _one in range(2):
        world.book(world.consented(), starts_at=clock.now() + timedelta(hours=2))
    clock.advance(timedelta(days=29))
    page(elise, world)
    before = count()
    clock.advance(-timedelta(days=29))
    for _one in range(4):
        world.book(world.consented(), starts_at=clock.now() + timedelta(hours=2))
    clock.advance(timedelta(days=29))
    assert count() <= before


def test_one_section_is_paged(world: World, elise: Client) -> None:
    participant = world.consented()
    clock.advance(timedelta(days=30))
    body = page(elise, world, "?show=overdue&page=99")
    assert participant.number in body
    assert "<h1>Late" in body
