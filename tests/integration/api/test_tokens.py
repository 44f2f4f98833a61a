"""Tokens: who calls, until when; what a request may hold."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from accounts import tokens
from accounts.models import ApiToken
from audit.models import Entry
from tests import cast
from tests.integration.api.conftest import Caller, World

STRONGER = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


def test_without_a_token_nothing_is_told(world: World) -> None:
    answer = world.caller(None).get("participants/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.parametrize("text", ["wrong", "a b", "é", "x" * 5000])
def test_a_wrong_token_is_refused(world: World, text: str) -> None:
    assert Caller(text, world.trial.code).get("participants/").status_code == 401


def test_a_login_in_the_browser_opens_no_door_to_data(world: World) -> None:
    from django.test import Client

    client = Client()
    client.force_login(world.people.elise)
    assert client.get(f"/api/v1/trials/{world.trial.code}/participants/").status_code == 401


def test_a_token_ends_on_its_day(world: World, later: Callable[[timedelta], None]) -> None:
    caller = world.caller(world.people.elise)
    later(timedelta(days=30) - timedelta(seconds=1))
    assert caller.get("participants/").status_code == 200
    later(timedelta(seconds=1))
    assert caller.get("participants/").status_code == 401


def test_a_revoked_token_is_refused(world: World) -> None:
    caller = world.caller(world.people.elise)
    tokens.revoke(token=ApiToken.objects.get(), by=cast.actor(world.people.elise))
    assert caller.get("participants/").status_code == 401


def test_the_token_of_a_person_who_left_is_refused(world: World) -> None:
    caller = world.caller(world.people.elise)
    world.people.elise.is_active = False
    world.people.elise.save()
    assert caller.get("participants/").status_code == 401


def test_a_changed_password_ends_the_tokens_issued_before(world: World, later: Callable[[timedelta], None]) -> None:
    elise = world.people.elise
    old = world.caller(elise)
    later(timedelta(minutes=1))
    elise.set_password("another long enough passphrase")
    elise.save()
    assert old.get("participants/").status_code == 401
    assert world.caller(elise).get("participants/").status_code == 200


def test_a_token_outlives_a_sign_in_that_writes_the_password_anew(
    world: World, later: Callable[[timedelta], None]
) -> None:
    """The hash of a password is made stronger at a sign-in after an update of the program; the password stays."""
    elise = world.people.elise
    elise.set_password("a long enough passphrase")
    elise.save()
    caller = world.caller(elise)
    later(timedelta(minutes=1))
    weak = elise.password
    with override_settings(PASSWORD_HASHERS=[STRONGER, *settings.PASSWORD_HASHERS]):
        assert elise.check_password("a long enough passphrase")
    elise.refresh_from_db()
    assert elise.password != weak
    assert caller.get("participants/").status_code == 200


def test_a_password_set_by_a_link_ends_them_too(world: World, later: Callable[[timedelta], None]) -> None:
    elise = world.people.elise
    caller = world.caller(elise)
    later(timedelta(minutes=1))
    get_adapter().set_password(elise, "another long enough passphrase")
    assert caller.get("participants/").status_code == 401


def test_the_list_says_which_tokens_a_password_ended(world: World, later: Callable[[timedelta], None]) -> None:
    world.caller(world.people.elise)
    later(timedelta(minutes=1))
    world.people.elise.set_password("another long enough passphrase")
    world.people.elise.save()
    out = StringIO()
    call_command("api_token", "list", "--user", "elise@example.org", stdout=out)
    assert "ended 2026-" in out.getvalue()


def test_the_command_prints_a_token_once_and_can_end_it(world: World) -> None:
    out = StringIO()
    call_command("api_token", "issue", "--user", "elise@example.org", "--days", "7", "--purpose", "import", stdout=out)
    caller = Caller(out.getvalue().strip(), world.trial.code)
    assert caller.get("participants/").status_code == 200
    assert not ApiToken.objects.filter(hash=caller.token).exists()
    call_command("api_token", "revoke", "--token", str(ApiToken.objects.get().pk))
    assert caller.get("participants/").status_code == 401
    assert Entry.objects.filter(verb="token.revoke").exists()


@pytest.mark.parametrize(
    ("user", "days", "purpose"),
    [("nobody@example.org", "7", "x"), ("elise@example.org", "900", "x"), ("elise@example.org", "7", " ")],
)
def test_the_command_says_what_is_wrong(world: World, user: str, days: str, purpose: str) -> None:
    with pytest.raises(CommandError):
        call_command("api_token", "issue", "--user", user, "--days", days, "--purpose", purpose)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[NaN]",
        b'{"a": 1, "a": 2}',
        b'{"language": "\\u0000"}',
        b'{"language": "\\ud800"}',
        b'{"\\u0000": 1}',
        b"\xff",
        b'{"age": 1e999}',
        b'{"age": 99999999999999999999}',
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_cannot_be_stored_is_not_read(world: World, body: bytes) -> None:
    answer = world.caller(world.people.elise).post("participants/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.unreadable")


def test_a_huge_paste_is_refused(world: World) -> None:
    answer = world.caller(world.people.elise).post("participants/", b'"' + b"x" * 10_000_000 + b'"')
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


def test_only_json_is_read(world: World) -> None:
    from django.test import Client

    caller = world.caller(world.people.elise)
    headers = {"Authorization": f"Bearer {caller.token}"}
    answer = Client().post(caller.url("participants/"), {"language": "en"}, headers=headers)
    assert answer.status_code == 415


def test_an_address_that_is_none_is_told_in_json(world: World) -> None:
    caller = world.caller(world.people.elise)
    assert caller.get("/api/v1/nothing").json()["code"] == "access.record"
    assert Caller().get("/api/v1/nothing").status_code == 401


def test_sentences_come_in_the_language_of_the_request(world: World) -> None:
    from django.test import Client

    answer = Client().get("/api/v1/nothing", headers={"Accept-Language": "fr"})
    assert answer["Content-Language"] == "fr"
