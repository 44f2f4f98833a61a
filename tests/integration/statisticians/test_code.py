"""Breaking the code: refused before the lock, with a purpose after it."""

from django.test import Client

from randomization.models import CodeBreak
from tests.trail import content
from tests.unit.randomization_db.world import World

PAGE = "/t/STRONG-BACK/sequence/code/"
WHY = {"purpose": "Analysis by the plan of 3 March"}


def test_before_the_lock_it_is_refused_with_what_to_do(world: World, client: Client) -> None:
    world.activate()
    world.allocate()
    assert "disabled" in client.get(PAGE).content.decode()
    answer = client.post(PAGE, WHY)
    assert answer.status_code == 409
    assert "The code is broken after the lock only" in answer.content.decode()
    assert not CodeBreak.objects.filter(trial=world.trial).values_list("at").exists()


def test_after_the_lock_everybodys_arm_is_handed_out_and_it_is_recorded(world: World, client: Client) -> None:
    world.activate()
    world.allocate()
    world.lock()
    assert client.post(PAGE, {"purpose": ""}).status_code == 422
    answer = client.post(PAGE, WHY)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert content(verb="code.break").reason == WHY["purpose"]
    assert "The code was broken" in client.get(PAGE).content.decode()


def test_the_other_cases(world: World, client: Client) -> None:
    assert client.put(PAGE).status_code == 405
    assert Client().get(PAGE).status_code == 302
    assert client.get("/t/NO-TRIAL/sequence/code/").status_code == 404
    for key in ("elise", "amelie", "marc", "helen", "leila", "tomas", "noor"):
        client.force_login(getattr(world.cast, key))
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, WHY).status_code == 403
