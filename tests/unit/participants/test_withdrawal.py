"""Withdrawing scope by scope, tasks, the story of a participant, and lists of flat cost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Permission
from core import clock
from core.problems import Conflict, NotFound, Problem, Refused
from participants.actions import appointments, completion, contacts, milestones, tasks, withdrawal
from participants.models import Appointment, Milestone, Participant, Withdrawal
from participants.queries import (
    counts_by_state,
    milestones_of,
    open_tasks,
    participant_by_number,
    participants_of,
    withdrawn_from,
)
from participants.timeline import timeline
from review.actions.locks import lock_trial
from tests.cast import (
    Cast,
    actor,
    book_first_session,
    consent,
    decide,
    first_site,
    hand_down_randomized,
    screen_eligible,
)
from trials.access import authorize
from trials.models import Trial

TODAY = date(2026, 3, 2)


def withdraw(participant: Participant, cast: Cast, *scopes: str, **changes: Any) -> Withdrawal:
    known = {"scopes": scopes, "reason_code": "time", "day": TODAY, "by": actor(cast.elise), **changes}
    return withdrawal.withdraw(participant=participant, **known)


def grant_of(participant: Participant, cast: Cast) -> Any:
    return authorize(actor(cast.elise), Permission.SCREEN, trial=participant.trial, site=participant.site)


def test_leaving_the_sessions_keeps_follow_up(consented: Participant, cast: Cast) -> None:
    session = book_first_session(consented)
    visit = appointments.book(
        participant=consented,
        purpose="assessment",
        starts_at=clock.now() + timedelta(days=1),
        place="reception",
        by=actor(cast.elise),
    )
    withdraw(consented, cast, "intervention")
    assert consented.state == "consented"
    assert withdrawn_from(consented, "intervention")
    assert not withdrawn_from(consented, "follow_up")
    assert Appointment.objects.get(pk=session.pk).state == "cancelled"
    assert Appointment.objects.get(pk=visit.pk).state == "booked"
    assert "first_session_booked" not in [m.kind for m in milestones_of(consented)]


def test_leaving_follow_up_ends_taking_part(consented: Participant, cast: Cast) -> None:
    held = withdraw(consented, cast, "follow_up", "intervention")
    assert (held.scopes, consented.state) == (["intervention", "follow_up"], "withdrawn")
    for attempt in (
        lambda: consent(consented),
        lambda: book_first_session(consented),
        lambda: decide(consented, "after_mri"),
        lambda: screen_eligible(consented.trial, cast, participant=consented),
    ):
        with pytest.raises(Conflict, match="has withdrawn"):
            attempt()


def test_taking_data_back_ends_follow_up_too_and_no_contact_means_none(consented: Participant, cast: Cast) -> None:
    withdraw(consented, cast, "data", "contact")
    assert withdrawn_from(consented, "follow_up")
    assert not withdrawn_from(consented, "intervention")
    with pytest.raises(Conflict, match="not to be contacted"):
        contacts.log_attempt(participant=consented, channel="phone", outcome="reached", by=actor(cast.elise))


def test_a_further_withdrawal_adds_and_the_same_is_told(consented: Participant, cast: Cast) -> None:
    withdraw(consented, cast, "intervention")
    assert withdraw(consented, cast, "intervention", "contact").scopes == ["contact"]
    with pytest.raises(Conflict, match="recorded already"):
        withdraw(consented, cast, "contact")


@pytest.mark.parametrize(
    ("scopes", "change", "code"),
    [
        ((), {}, "withdrawal.scopes"),
        (("everything",), {}, "withdrawal.scopes"),
        (("contact",), {"day": date(2026, 3, 3)}, "withdrawal.future"),
        (("contact",), {"day": date(2026, 3, 1)}, "withdrawal.early"),
        (("contact",), {"reason_code": "bored"}, "withdrawal.reason"),
    ],
)
def test_an_impossible_withdrawal_is_refused(
    consented: Participant, cast: Cast, scopes: tuple[str, ...], change: dict[str, Any], code: str
) -> None:
    with pytest.raises(Problem) as caught:
        withdraw(consented, cast, *scopes, **change)
    assert caught.value.code == code


def test_a_locked_trial_takes_nothing(trial: Trial, cast: Cast, consented: Participant) -> None:
    booked = book_first_session(consented)
    task = tasks.raise_task(participant=consented, kind="call", due_on=TODAY, grant=grant_of(consented, cast))
    lock_trial(trial=trial, reason="Data are complete", by=actor(cast.noor))
    coordinator = actor(cast.elise)
    for attempt in (
        lambda: screen_eligible(trial, cast),
        lambda: decide(consented, "after_mri"),
        lambda: consent(consented),
        lambda: contacts.save(participant=consented, contact={"phone": None}, by=coordinator),
        lambda: contacts.log_attempt(participant=consented, channel="phone", outcome="reached", by=coordinator),
        lambda: appointments.move(
            appointment=booked, reason_code="participant", starts_at=clock.now() + timedelta(days=1), by=coordinator
        ),
        lambda: appointments.cancel(appointment=booked, reason_code="other", by=coordinator),
        lambda: withdraw(consented, cast, "contact"),
        lambda: tasks.close(task=task, by=coordinator),
    ):
        with pytest.raises(Conflict, match="This trial is locked"):
            attempt()


def test_a_task_is_raised_once_while_open_and_closed_once(consented: Participant, cast: Cast) -> None:
    grant = grant_of(consented, cast)
    task = tasks.raise_task(participant=consented, kind="incomplete", about="lsiq", due_on=TODAY, grant=grant)
    assert tasks.raise_task(participant=consented, kind="incomplete", about="lsiq", due_on=TODAY, grant=grant) == task
    assert list(open_tasks([consented.site])) == [task]
    with pytest.raises(Refused):
        tasks.close(task=task, by=actor(cast.marc))
    tasks.close(task=task, by=actor(cast.elise))
    assert list(open_tasks([consented.site])) == []
    with pytest.raises(Conflict, match="done already"):
        tasks.close(task=task, by=actor(cast.elise))
    assert tasks.raise_task(participant=consented, kind="incomplete", about="lsiq", due_on=TODAY, grant=grant) != task


def test_randomization_is_handed_down_once(consented: Participant) -> None:
    hand_down_randomized(consented)
    assert consented.state == "randomized"
    with pytest.raises(Conflict, match="randomized already"):
        hand_down_randomized(consented)


def test_the_story_hides_sessions_from_those_blind_to_them(consented: Participant, cast: Cast) -> None:
    book_first_session(consented)
    hand_down_randomized(consented)
    kind = Milestone.Kind.SESSION
    milestones.hand_down(participant=consented, kind=kind, number=1, day=TODAY, grant=grant_of(consented, cast))
    seen = [(event.kind, event.code) for event in timeline(consented, "assessor")]
    assert set(seen) == {
        ("screening", "eligible"),
        ("consent", "1.0"),
        ("appointment", "booked"),
        ("milestone", "randomized"),
    }
    assert ("milestone", "session") in [(event.kind, event.code) for event in timeline(consented, "therapist")]


def test_lists_cost_the_same_at_any_length(trial: Trial, cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert [f"{p.number} {p.site.name}" for p in participants_of([site], states=["eligible"])]
            assert counts_by_state([site])["eligible"]
        return len(queries)

    site = first_site(trial)
    screen_eligible(trial, cast)
    few = cost()
    for _more in range(4):
        screen_eligible(trial, cast)
    assert cost() == few == 2


def test_a_number_is_found_as_people_type_it_and_only_at_their_sites(trial: Trial, eligible: Participant) -> None:
    site = first_site(trial)
    typed = f" {eligible.number.lower()} "
    assert participant_by_number(trial, typed, [site]) == eligible
    assert list(participants_of([site], search=eligible.number[-3:])) == [eligible]
    for number, sites in ((typed, []), ("MTL-0000", [site]), ("x" * 5000, [site])):
        with pytest.raises(NotFound):
            participant_by_number(trial, number, sites)


def test_another_role_withdraws_nobody(consented: Participant, cast: Cast) -> None:
    with pytest.raises(Refused):
        withdraw(consented, cast, "contact", by=actor(cast.amelie))


def test_completing_is_for_those_who_take_part_and_once(
    eligible: Participant, consented: Participant, cast: Cast
) -> None:
    with pytest.raises(Conflict, match="takes part"):
        completion.complete(participant=eligible, grant=grant_of(eligible, cast))
    hand_down_randomized(consented)
    assert completion.complete(participant=consented, grant=grant_of(consented, cast)).state == "completed"
    with pytest.raises(Conflict, match="takes part"):
        completion.complete(participant=consented, grant=grant_of(consented, cast))


def test_a_death_that_is_recorded_closes_its_task(consented: Participant, cast: Cast) -> None:
    grant = grant_of(consented, cast)
    withdrawal.raise_death(participant=consented, grant=grant)
    withdrawal.raise_death(participant=consented, grant=grant)
    assert [task.kind for task in open_tasks([consented.site])] == ["died"]
    withdraw(consented, cast, reason_code="died")
    assert not open_tasks([consented.site]).exists()
    assert withdrawn_from(consented, "contact")
    assert not withdrawn_from(consented, "data")
    withdrawal.raise_death(participant=consented, grant=grant)
    assert not open_tasks([consented.site]).exists()


def test_who_left_before_and_died_leaves_the_rest(consented: Participant, cast: Cast) -> None:
    withdraw(consented, cast, "intervention")
    assert withdraw(consented, cast, reason_code="died").scopes == ["follow_up", "contact"]
