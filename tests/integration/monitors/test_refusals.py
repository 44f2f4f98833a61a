"""What people are refused, by pages and by the API, stands in the trail: once, and without a record."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from accounts import tokens
from accounts.models import User
from accounts.roles import Role
from audit.classes import FieldClass
from audit.models import Entry
from core import clock
from participants.models import Participant
from review.actions.locks import lock_trial
from tests import cast as people
from tests.integration.coordinators.world import World
from tests.trail import content
from tests.unit.randomization_db.world import World as Stage
from trials.actions import memberships

REFUSALS = ("refusal.role", "refusal.state")
UNBLINDING = FieldClass.UNBLINDING.value


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A trial in which the coordinator randomizes."""
    text = people.STRONG_BACK.read_text(encoding="utf-8").replace("roles: [therapist]", "roles: [coordinator]")
    with clock.moved_to(people.MONDAY):
        yield World.build(text)


@pytest.fixture
def participant(world: World) -> Participant:
    return world.eligible()


def noted() -> list[dict[str, Any]]:
    """The refusals in the trail, oldest first, without what differs from entry to entry anyway."""
    apart = ("id", "number", "previous_hash", "hash", "actor_id", "mark")
    rows = Entry.objects.filter(verb__in=REFUSALS).order_by("number").values()
    return [{name: value for name, value in row.items() if name not in apart} for row in rows]


def randomize(world: World, participant: Participant) -> Any:
    typed = {"confirmed": "on", "revision": str(participant.revision)}
    return world.browser("elise").post(world.url("coordinators:randomize", number=participant.number), typed)


def allocate(world: World, who: User, participant: Participant) -> Any:
    """By the API, with a token of their own."""
    text = tokens.issue(user=who, purpose="tests", days=1, by=people.actor(who))[1]
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": "request-1"}
    path = f"/api/v1/trials/{world.code}/participants/{participant.number}/allocation/"
    participant.refresh_from_db()
    return Client().post(path, {"seen": participant.revision}, content_type="application/json", headers=headers)


def trail(world: World, **wanted: str) -> str:
    return world.browser("tomas").get(world.url("monitors:audit"), wanted).content.decode()


def test_a_wrong_role_is_noted_with_who_where_and_when(world: World) -> None:
    assert world.browser("elise").get(world.url("monitors:lock")).status_code == 403
    assert noted() == [
        {
            "chain": str(world.trial.pk),
            "at": clock.now(),
            "actor_kind": "person",
            "actor_name": "Élise Tremblay",
            "role": "coordinator",
            "site_id": world.site.pk,
            "origin": "web",
            "verb": "refusal.role",
            "subject_table": "",
            "subject_id": "",
            "subject_label": "",
            "reason": "",
            "facts": {"door": "monitors:lock", "codes": ["access.role"]},
            "secrecy": "technical",
            "format": 2,
            "sealed": "",
        }
    ]


def test_it_is_the_same_for_every_record(world: World, participant: Participant) -> None:
    for number in (participant.number, "MTL-0000"):
        url = world.url("coordinators:contact", number=number)
        assert world.browser("amelie").get(url).status_code == 403
        clock.advance(timedelta(hours=1))
    there, not_there = noted()
    assert {**there, "at": None} == {**not_there, "at": None}


def test_the_same_refusal_is_noted_once_an_hour(world: World) -> None:
    for _knock in range(3):
        world.browser("elise").get(world.url("monitors:lock"))
    assert len(noted()) == 1
    clock.advance(timedelta(hours=1))
    world.browser("elise").post(world.url("monitors:lock"), {})
    assert [each["facts"]["door"] for each in noted()] == ["monitors:lock"] * 2


def test_randomizing_too_early_is_noted_by_its_codes_alone(world: World, participant: Participant) -> None:
    assert randomize(world, participant).status_code == 422
    (entry,) = noted()
    assert (entry["verb"], entry["actor_name"], entry["role"]) == ("refusal.state", "Élise Tremblay", "coordinator")
    assert entry["facts"]["door"] == "coordinators:randomize"
    assert {"allocation.consent", "allocation.forms", "allocation.first_session"} <= set(entry["facts"]["codes"])
    assert participant.number not in str(entry)


def test_looking_at_what_is_not_yet_possible_is_no_refusal(world: World, participant: Participant) -> None:
    world.browser("elise").get(world.url("coordinators:randomize", number=participant.number))
    world.browser("elise").get(world.url("coordinators:contact", number="MTL-0000"))
    assert noted() == []


def test_what_is_mistyped_is_no_refusal(world: World, participant: Participant) -> None:
    url = world.url("coordinators:appointment_new", number=participant.number)
    for typed in ({}, {"purpose": "session", "minutes": "x"}):
        assert world.browser("elise").post(url, typed).status_code == 422
    assert noted() == []


def test_a_second_randomization_and_a_locked_trial_are_noted(world: World) -> None:
    stage = Stage(world.trial, world.cast)
    stage.activate()
    participant = stage.ready()
    assert allocate(world, world.cast.elise, participant).status_code == 201
    somebody = User.objects.create_user("olga@example.org", "Olga Petrov")
    memberships.grant(user=somebody, trial=world.trial, role=Role.COORDINATOR, site=world.site, by=stage.noor)
    assert allocate(world, somebody, participant).json()["code"] == "allocation.twice"
    lock_trial(trial=world.trial, reason="The last visit is done.", by=stage.noor)
    url = world.url("coordinators:contact_log", number=participant.number)
    assert world.browser("elise").post(url, {"channel": "phone", "outcome": "reached"}).status_code == 409
    twice, locked = noted()
    assert (twice["actor_name"], twice["origin"]) == ("Olga Petrov", "api")
    assert twice["facts"] == {"door": "api:allocation", "codes": ["allocation.twice"]}
    assert locked["facts"] == {"door": "coordinators:contact_log", "codes": ["trial.locked"]}


def test_the_api_notes_a_wrong_role_of_the_person_of_the_token(world: World, participant: Participant) -> None:
    assert allocate(world, world.cast.amelie, participant).status_code == 403
    (entry,) = noted()
    assert (entry["actor_name"], entry["origin"], entry["verb"]) == ("Amélie Gagnon", "api", "refusal.role")


def test_an_attempt_to_unblind_somebody_is_noted_though_a_role_was_typed(world: World) -> None:
    typed = {"email": world.cast.elise.email, "role": Role.THERAPIST, "qualification": "kinesiologist", "site": "all"}
    answer = world.browser("noor").post(world.url("monitors:people"), typed)
    assert answer.status_code == 422
    assert [each["facts"]["codes"] for each in noted()] == [["membership.walls"]]


def test_nothing_is_noted_of_visitors_and_of_people_of_other_trials(world: World, client: Client) -> None:
    client.get(world.url("monitors:lock"))
    client.get(f"/api/v1/trials/{world.code}/participants/")
    outsider = User.objects.create_user("outsider@example.org", "Otto Outsider")
    client.force_login(outsider)
    assert client.get(world.url("monitors:lock")).status_code == 404
    assert noted() == []


@pytest.mark.parametrize(
    ("who", "page"),
    [("marc", "monitors:lock"), ("samuel", "coordinators:participants"), ("elise", "statisticians:sequence")],
)
def test_unblinding_roles_and_sealed_rooms_are_not_told_of(world: World, who: str, page: str) -> None:
    assert world.browser(who).get(world.url(page)).status_code == 403
    (entry,) = noted()
    assert entry["secrecy"] == UNBLINDING
    assert (entry["actor_name"], entry["facts"]) == ("", {})
    assert content(verb="refusal.role").actor_id == str(getattr(world.cast, who).pk)
    assert "Refused" not in trail(world).split("<tbody>")[1]
    assert "No entry fits." in trail(world, verb="refusal.role")


def test_the_trail_shows_refusals_marked_and_can_be_asked_for_them(world: World, participant: Participant) -> None:
    world.browser("elise").get(world.url("monitors:lock"))
    randomize(world, participant)
    everything = trail(world)
    assert everything.count('class="st st-not_done"') == 2
    found = trail(world, verb="refusal.state").split("<tbody>")[1]
    assert "Refused: not in this state" in found
    assert "coordinators:randomize: allocation.consent, allocation.eligible" in found
    assert "Refused: not in this role" not in found
    assert "monitors:lock: access.role" in trail(world, verb="refusal.role")


def test_who_is_refused_is_told_so_even_if_it_cannot_be_noted(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("audit.refusals.note", fail)
    assert world.browser("elise").get(world.url("monitors:lock")).status_code == 403
    assert "A refusal at monitors:lock could not be noted." in caplog.text
