"""Locking and lifting the lock: with a reason and the password."""

import pytest
from django.test import Client

from core.problems import Problem
from review.policies import is_locked
from tests import cast as people
from tests.integration.monitors.conftest import PASSWORD, World

PAGE = "/t/STRONG-BACK/monitoring/lock/"
WHY = {"reason": "The data are complete.", "password": PASSWORD}


def test_locked_and_nothing_can_be_written(world: World, manager: Client) -> None:
    done = manager.post(PAGE, {**WHY, "do": "lock"}, follow=True)
    assert is_locked(world.trial)
    assert "The trial is locked" in done.content.decode()
    assert "Noor Haddad, 2 March 2026, 15:00 UTC" in done.content.decode()
    with pytest.raises(Problem):
        people.screen_eligible(world.trial, world.cast)


def test_a_second_lock_is_told_and_the_lock_can_be_lifted(world: World, manager: Client) -> None:
    manager.post(PAGE, {**WHY, "do": "lock"})
    assert manager.post(PAGE, {**WHY, "do": "lock"}).status_code == 409
    assert manager.post(PAGE, {**WHY, "do": "unlock"}).status_code == 302
    assert not is_locked(world.trial)
    assert manager.post(PAGE, {**WHY, "do": "unlock"}).status_code == 409


def test_a_lock_under_which_the_code_was_broken_stays(
    world: World, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.post(PAGE, {**WHY, "do": "lock"})
    assert 'value="unlock"' in manager.get(PAGE).content.decode()
    monkeypatch.setattr("randomization.actions.locks.is_broken", lambda trial: trial == world.trial)
    page = manager.get(PAGE).content.decode()
    assert "so this lock stays" in page
    assert 'value="unlock"' not in page
    assert manager.post(PAGE, {**WHY, "do": "unlock"}).status_code == 409
    assert is_locked(world.trial)


def test_without_reason_or_password_nothing_happens(world: World, manager: Client) -> None:
    for given in ({**WHY, "reason": ""}, {**WHY, "password": "wrong"}, {}):
        page = manager.post(PAGE, {**given, "do": "lock"})
        assert page.status_code == 422
        assert PASSWORD not in page.content.decode()
    assert not is_locked(world.trial)
    kept = manager.post(PAGE, {**WHY, "password": "wrong", "do": "lock"}).content.decode()
    assert "The data are complete." in kept


def test_wrong_role_logged_out_wrong_method_other_trial(world: World, client: Client) -> None:
    for user in (world.cast.helen, world.cast.tomas, world.cast.samuel, world.cast.elise, world.cast.marc):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, WHY).status_code == 403
    client.force_login(world.cast.noor)
    assert client.put(PAGE).status_code == 405
    assert client.get("/t/OTHER/monitoring/lock/").status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302
