"""Revealing after the lock, the record, and that somebody outside can verify it."""

import json
from pathlib import Path

from django.core.management import call_command
from django.test import Client

from randomization.queries import commitments_of, revealed_at
from tests.trail import content
from tests.unit.randomization_db.world import World

PAGE = "/t/STRONG-BACK/sequence/reveal-and-verify/"
WHY = "Verification by the sponsor's statistician"
PASSWORD = "a long password of Samuel"


def with_password(world: World) -> None:
    world.cast.samuel.set_password(PASSWORD)
    world.cast.samuel.save()


def test_before_the_lock_it_says_what_is_missing(world: World, client: Client) -> None:
    assert "There is no active list yet." in client.get(PAGE).content.decode()
    world.activate()
    html = client.get(PAGE).content.decode()
    assert "The list is revealed once the data manager has locked the trial." in html
    assert "Reveal seed and salt" not in html
    assert f"--commitment {commitments_of(world.trial)[0].sha256}" in html


def test_a_check_of_what_is_stored_at_any_time(world: World, client: Client) -> None:
    world.activate()
    world.allocate()
    page = client.get(PAGE, {"check": "1"})
    assert "Seed, list, commitment and allocations agree." in page.content.decode()


def test_revealed_with_password_and_purpose_then_verified_outside(world: World, client: Client, tmp_path: Path) -> None:
    world.activate()
    world.allocate()
    world.lock()
    with_password(world)
    client.force_login(world.cast.samuel)
    done = client.post(f"{PAGE}reveal/", {"purpose": WHY, "password": PASSWORD}, follow=True)
    assert "The list is revealed and closed for good." in done.content.decode()
    assert revealed_at(world.trial) is not None
    answer = client.post(f"{PAGE}record/", {"purpose": WHY})
    assert 'filename="randomization-strong-back.json"' in answer["Content-Disposition"]
    assert content(verb="sequence.export_record").reason == WHY
    file = tmp_path / "randomization-strong-back.json"
    file.write_bytes(answer.content)
    assert len(json.loads(answer.content)["allocations"]) == 1
    call_command("randomization", "verify", str(file), "--commitment", commitments_of(world.trial)[0].sha256)


def test_without_lock_password_or_purpose_nothing_is_revealed(world: World, client: Client) -> None:
    world.activate()
    with_password(world)
    client.force_login(world.cast.samuel)
    early = client.post(f"{PAGE}reveal/", {"purpose": WHY, "password": PASSWORD})
    assert early.status_code == 409
    world.lock()
    wrong = client.post(f"{PAGE}reveal/", {"purpose": WHY, "password": "another"})
    assert wrong.status_code == 422
    assert WHY.replace("'", "&#x27;") in wrong.content.decode()
    assert client.post(f"{PAGE}reveal/", {"purpose": "short", "password": PASSWORD}).status_code == 400
    assert revealed_at(world.trial) is None


def test_no_record_before_the_list_is_revealed(world: World, client: Client) -> None:
    world.activate()
    world.lock()
    page = client.post(f"{PAGE}record/", {"purpose": WHY})
    assert page.status_code == 409
    assert "The list is not revealed yet." in page.content.decode()
    assert client.post(f"{PAGE}record/", {"purpose": ""}).status_code == 422


def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client) -> None:
    assert client.post(PAGE).status_code == 405
    assert client.get(f"{PAGE}reveal/").status_code == client.get(f"{PAGE}record/").status_code == 405
    assert client.get("/t/OTHER/sequence/reveal-and-verify/").status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}reveal/").status_code == client.post(f"{PAGE}record/").status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == client.post(f"{PAGE}reveal/").status_code == 302
