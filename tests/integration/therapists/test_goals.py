"""Goals set with the participant and reviewed; the fidelity checklist; for who treats alone."""

from datetime import timedelta
from typing import Any

from django.test import Client

from audit.models import Entry
from core import clock
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from tests.integration.therapists.conftest import elsewhere, page, record
from tests.unit.randomization_db.world import World
from therapy.actions import assignments
from therapy.goals import Standing, goals_of
from therapy.models import FidelityCheck

LINES = ("exercises", "dose", "progression", "technique", "individual")


def standing(world: World, participant: Participant) -> list[Standing]:
    with unblinded(by=world.marc, trial=world.trial, purpose=Purpose.TREAT, participant=participant):
        return goals_of(participant)


def new(words: str, rating: str = "2") -> dict[str, str]:
    return {"new-wording": words, "new-rating": rating}


def reviewed(number: int, outcome: str, rating: str = "7") -> dict[str, str]:
    return {"goal": str(number), f"g{number}-rating": rating, f"g{number}-outcome": outcome}


def test_goals_are_set_reviewed_and_never_rewritten(world: World, marc: Client, marcs: Participant) -> None:
    address = page(world, f"{marcs.number}/goals/")
    empty = marc.post(address, new("", ""))
    assert empty.status_code == 422
    assert marc.post(address, new("Lift my child")).status_code == 302
    assert marc.post(address, reviewed(1, "going_on", "5")).status_code == 302
    clock.advance(timedelta(days=7))
    assert marc.post(address, reviewed(1, "reached", "9")).status_code == 302
    (goal,) = standing(world, marcs)
    assert [(each.rating, each.outcome) for each in goal.reviews] == [(5, "going_on"), (9, "reached")]
    assert (goal.goal.rating, goal.rating, goal.open) == (2, 9, False)
    assert marc.post(address, reviewed(1, "going_on")).status_code == 404
    html = marc.get(address).content.decode()
    assert html.count("Lift my child") == 3
    entries = Entry.objects.filter(verb__startswith="goal.")
    assert {entry.secrecy for entry in entries} == {"unblinding"}


def test_no_more_goals_than_the_protocol_allows(world: World, marc: Client, marcs: Participant) -> None:
    address = page(world, f"{marcs.number}/goals/")
    for words in ("Sit through a film", "Garden", "Run"):
        assert marc.post(address, new(words)).status_code == 302
    refused = marc.post(address, new("Swim"))
    assert refused.status_code == 409
    assert "3 goals are open, as many as the protocol allows." in refused.content.decode()
    assert "Swim" in refused.content.decode()
    marc.post(address, reviewed(2, "given_up"))
    assert marc.post(address, new("Swim")).status_code == 302
    assert [each.goal.number for each in standing(world, marcs)] == [1, 2, 3, 4]


def test_a_programme_without_goals_has_no_such_page(world: World, client: Client, waiting: Participant) -> None:
    assignments.take(participant=waiting, by=world.priya)
    client.force_login(world.cast.priya)
    assert client.get(page(world, f"{waiting.number}/goals/")).status_code == 404
    assert "/goals/" not in client.get(page(world, f"{waiting.number}/")).content.decode()


def answered(**changes: str) -> dict[str, Any]:
    return {"source": "self", **{f"item-{line}": "yes" for line in LINES}, **changes}


def test_the_checklist_is_filled_once_by_each_source(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs)
    record(world, marcs, 2, status="missed", reason_code="illness", exercises=())
    address = page(world, f"{marcs.number}/sessions/1/fidelity/")
    assert address in marc.get(page(world, f"{marcs.number}/sessions/1/")).content.decode()
    without = marc.post(address, answered(**{"item-dose": ""}))
    assert without.status_code == 422
    assert marc.post(address, answered(**{"item-dose": "no"})).status_code == 302
    again = marc.post(address, answered())
    assert again.status_code == 409
    assert "This checklist is filled in already." in again.content.decode()
    assert marc.post(address, answered(source="observer", **{"item-technique": "not_seen"})).status_code == 302
    with unblinded(by=world.marc, trial=world.trial, purpose=Purpose.TREAT, participant=marcs):
        held = {each.source: each.items for each in FidelityCheck.objects.order_by("source")}
    assert (held["self"]["dose"], held["observer"]["technique"]) == ("no", "not_seen")
    for number in (2, 3):
        assert marc.get(page(world, f"{marcs.number}/sessions/{number}/fidelity/")).status_code == 404


def test_only_who_treats_reaches_them(world: World, marc: Client, marcs: Participant, waiting: Participant) -> None:
    record(world, marcs)
    paths = [page(world, f"{marcs.number}/{rest}") for rest in ("goals/", "sessions/1/fidelity/")]
    for rest in ("goals/", "sessions/1/fidelity/"):
        assert marc.get(page(world, f"{waiting.number}/{rest}")).status_code == 404
        assert marc.get(page(world, f"MTL-ZZZZ/{rest}")).status_code == 404
    other = elsewhere(world)
    for path in paths:
        assert marc.get(path).status_code == 200
        assert marc.delete(path).status_code == 405
    for user, status in ((other, 404), (world.cast.elise, 403), (world.cast.amelie, 403), (world.cast.helen, 403)):
        marc.force_login(user)
        assert {marc.get(path).status_code for path in paths} == {status}
    marc.logout()
    assert {marc.get(path).status_code for path in paths} == {302}
