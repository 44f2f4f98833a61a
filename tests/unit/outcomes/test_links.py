"""Links: one visit, one participant, until a day; and nothing to be learned from a bad one."""

from datetime import date, timedelta

import pytest

from accounts.permissions import Permission
from audit.models import Change, Entry
from core import clock
from core.problems import Conflict, NotFound, Problem, Refused
from outcomes.actions import links, responses
from outcomes.models import Link
from outcomes.queries import due_forms_of
from participants.actions import contacts, withdrawal
from participants.models import IdentifierHash, Participant
from review.actions import locks
from tests.unit.outcomes.world import World, answered, days, form_of, visit_of


def issue(world: World, participant: Participant, visit: str = "baseline", number: int = 1) -> tuple[Link, str]:
    grant = links.send_grant(participant=participant, by=world.coordinator)
    return links.issue(participant=participant, visit=visit_of(participant, visit, number), grant=grant)


def code_of(token: str) -> str:
    with pytest.raises(NotFound) as caught:
        links.open(token)
    return caught.value.code


def test_a_link_lets_the_participant_answer_their_forms_of_that_visit(world: World, participant: Participant) -> None:
    _link, token = issue(world, participant)
    opened = links.open(token)
    due = due_forms_of(opened.participant, opened.visit)
    codes = [form.instrument for form in due]
    assert codes == ["sociodemographic", "lsiq", "odi", "nprs", "promis29", "sf12v1", "sri", "ipaq_sf"]
    responses.submit(form=due[2], answers=answered("odi"), by=links.actor_of(opened))
    assert len(due_forms_of(opened.participant, opened.visit)) == 7


def test_the_token_is_stored_nowhere(world: World, participant: Participant) -> None:
    link, token = issue(world, participant)
    assert len(token) >= 43
    assert token not in link.token_hash
    assert not Change.objects.filter(new__contains=token).exists()


@pytest.mark.parametrize("wrong", ["", "x", "A" * 43, "é" * 43, "x" * 10_000_000])
def test_an_unknown_or_tampered_link_says_one_thing(world: World, participant: Participant, wrong: str) -> None:
    _link, token = issue(world, participant)
    assert code_of(wrong) == "link.unknown"
    assert code_of(token[:-1] + ("A" if token[-1] != "A" else "B")) == "link.unknown"
    assert code_of(token + token) == "link.unknown"


def test_a_link_ends_with_the_last_day_to_answer(world: World, participant: Participant) -> None:
    link, token = issue(world, participant)
    assert link.expires_at.isoformat() == "2026-06-09T00:00:00-04:00"
    with clock.moved_to(link.expires_at - timedelta(seconds=1)):
        assert links.open(token).pk == link.pk
    with clock.moved_to(link.expires_at):
        assert code_of(token) == "link.expired"
        with pytest.raises(Problem) as caught:
            issue(world, participant)
    assert caught.value.code == "link.too_late"


def test_the_link_of_a_recurring_visit_ends_with_its_window(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    link, _token = issue(world, participant, "weekly_pain", 2)
    assert link.expires_at.date() == date(2026, 5, 22)


def test_a_later_message_leaves_the_earlier_link_working(world: World, participant: Participant) -> None:
    tokens = [issue(world, participant)[1] for _ in range(3)]
    assert len({links.open(token).pk for token in tokens}) == 3


def test_a_revoked_link_is_off(world: World, participant: Participant) -> None:
    link, token = issue(world, participant)
    with pytest.raises(Problem):
        links.revoke(link=link, reason="", by=world.coordinator)
    links.revoke(link=link, reason="Sent to a wrong address", by=world.coordinator)
    assert code_of(token) == "link.revoked"
    with pytest.raises(Conflict):
        links.revoke(link=link, reason="Again", by=world.coordinator)
    with pytest.raises(Refused):
        links.send_grant(participant=participant, by=world.assessor)


def change(world: World, participant: Participant, **details: object) -> None:
    contacts.save(participant=participant, contact=details, by=world.coordinator)


@pytest.mark.parametrize("changed", [{"phone": "514 555 7777"}, {"email": "new@example.org"}, {"phone": None}])
def test_a_changed_phone_or_address_switches_earlier_links_off(
    world: World, participant: Participant, changed: dict[str, object]
) -> None:
    change(world, participant, email="old@example.org", phone="514 555 0000")
    _link, token = issue(world, participant)
    assert links.open(token)
    change(world, participant, **changed)
    assert code_of(token) == "link.moved"
    _link, newer = issue(world, participant)
    assert links.open(newer)


def test_what_does_not_change_how_somebody_is_reached_leaves_links_alone(
    world: World, participant: Participant
) -> None:
    change(world, participant, email="old@example.org", phone=None)
    _link, token = issue(world, participant)
    change(world, participant, name="Another Name", address="1 Main Street", phone="514 555 0000")
    change(world, participant, email="Old@Example.org")
    assert links.open(token)


def test_what_a_link_keeps_of_an_address_is_of_use_for_that_link_alone(world: World, participant: Participant) -> None:
    change(world, participant, phone="514 555 0000")
    first, second = issue(world, participant)[0], issue(world, participant)[0]
    assert first.phone_then != second.phone_then
    assert not IdentifierHash.objects.filter(value__in=[first.phone_then, second.phone_then]).exists()


def test_who_withdrew_from_follow_up_gets_no_link_and_opens_none(world: World, participant: Participant) -> None:
    _link, token = issue(world, participant)
    withdrawal.withdraw(
        participant=participant, scopes=["follow_up"], reason_code="time", day=date(2026, 5, 4), by=world.coordinator
    )
    for attempt in (lambda: links.open(token), lambda: issue(world, participant)):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "form.withdrawn"


def test_a_link_is_for_its_own_participant(world: World, participant: Participant) -> None:
    stranger = world.consented()
    with pytest.raises(NotFound):
        links.issue(
            participant=stranger,
            visit=visit_of(participant, "baseline"),
            grant=world.grant(Permission.SEND_LINK),
        )
    assert due_forms_of(stranger, visit_of(participant, "baseline")) == []


def test_use_is_noted_once_a_day(world: World, participant: Participant) -> None:
    _link, token = issue(world, participant)
    for _tap in range(3):
        links.open(token)
    clock.advance(days(1))
    links.open(token)
    assert Entry.objects.filter(verb="link.open", actor_kind="participant").count() == 2


def test_forms_of_a_visit_not_yet_open_are_not_offered(world: World, participant: Participant) -> None:
    world.reach(participant, "randomized", date(2026, 5, 4))
    assert due_forms_of(participant, visit_of(participant, "week16")) == []
    assert form_of(participant, "week16", "odi").state == "open"


def test_in_a_locked_trial_no_link_opens_is_made_or_switched_off_and_nothing_is_written(
    world: World, participant: Participant
) -> None:
    link, token = issue(world, participant)
    locks.lock_trial(trial=world.trial, reason="The end", by=world.manager)
    before = Entry.objects.count()
    with pytest.raises(Conflict) as closed:
        links.open(token)
    assert closed.value.code == "link.locked"
    for write in (
        lambda: links.revoke(link=link, by=world.coordinator, reason="Wrong address"),
        lambda: issue(world, participant),
    ):
        with pytest.raises(Conflict) as refused:
            write()
        assert refused.value.code == "trial.locked"
    link.refresh_from_db()
    assert (link.last_used_at, link.revoked_at) == (None, None)
    assert Entry.objects.count() == before
    locks.unlock_trial(trial=world.trial, reason="A late answer", by=world.manager)
    assert links.open(token).pk == link.pk
