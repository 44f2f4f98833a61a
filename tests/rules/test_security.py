"""Doors that a stranger, a careless colleague or somebody at the database might try."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings

from accounts.models import User
from audit import chain
from audit.models import Entry
from config.access_log import AccessLog
from config.logs import KeylessFormatter, without_keys
from core import clock, encryption, guards
from tests import cast as house
from trials.models import Trial

PASSWORD = "a long enough passphrase"
KEY = "Zk3-secret_key_of_a_link"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    cache.clear()
    with clock.moved_to(house.MONDAY):
        yield


@pytest.fixture
def trial(db: None) -> Trial:
    return house.make_trial()


@pytest.fixture
def amelie(trial: Trial) -> User:
    user = house.cast_of(trial).amelie
    user.set_password(PASSWORD)
    user.save()
    return user


def tried(sql: str) -> bool:
    """Whether the database did it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError:
        return False
    return True


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE randomization_allocation RENAME TO plain",
        "ALTER TABLE therapy_session RENAME COLUMN session_type TO id2",
        "CREATE TRIGGER copied AFTER INSERT ON randomization_allocation BEGIN SELECT 1; END",
        "CREATE TEMP TRIGGER copied AFTER INSERT ON randomization_allocation BEGIN SELECT 1; END",
        "CREATE VIEW plain AS SELECT * FROM randomization_slot",
        "CREATE TABLE plain AS SELECT * FROM randomization_slot",
        "CREATE TABLE mine (id integer)",
        "DROP TRIGGER audit_entry_no_update",
        "DROP TABLE audit_entry",
        "DROP TABLE audit_head",
        "ANALYZE randomization_allocation",
        "PRAGMA writable_schema = ON",
        "PRAGMA Writable_Schema(1)",
        "VACUUM INTO '/nowhere/else.sqlite3'",
    ],
)
def test_sqlite_changes_its_schema_for_nobody_but_migrate(trial: Trial, sql: str) -> None:
    if connection.vendor == "sqlite":
        assert not tried(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE randomization_allocation RENAME TO plain",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_append_only_row ON audit_entry",
        "CREATE VIEW plain AS SELECT * FROM randomization_slot",
        "CREATE TABLE public.mine (id integer)",
        "COPY randomization_slot TO STDOUT",
        "SELECT * FROM randomization_slot FOR UPDATE",
        "TRUNCATE therapy_session",
        "DELETE FROM audit_head",
        "DELETE FROM participants_participant",
        "SET session_replication_role = replica",
        "GRANT SELECT ON randomization_slot TO PUBLIC",
        "SELECT lo_export(1, '/tmp/x')",
        "SELECT pg_read_file('pg_hba.conf')",
    ],
)
def test_the_web_role_of_postgresql_goes_round_no_wall(trial: Trial, sql: str) -> None:
    if connection.vendor == "postgresql":
        assert not tried(sql)


@pytest.mark.parametrize(
    "place", ["id, chain, number", "rowid, id, chain, number"], ids=["by place in the chain", "by row number"]
)
def test_no_entry_of_the_trail_is_replaced(trial: Trial, place: str) -> None:
    """INSERT OR REPLACE takes out a row that collides by any key, and fires no trigger of deletion for it."""
    if connection.vendor != "sqlite":
        return
    rest = (
        "at, actor_kind, actor_id, actor_name, role, origin, verb, subject_table, subject_id, subject_label, reason, "
    )
    rest += "facts, secrecy, format, sealed, mark, previous_hash, hash"
    values = place.replace("id, chain", "'0123', chain", 1) if "rowid" not in place else "rowid, '0123', 'other', 99"
    sql = f"INSERT OR REPLACE INTO audit_entry ({place}, {rest}) SELECT {values}, {rest} FROM audit_entry LIMIT 1"
    held = set(Entry.objects.values_list("pk", flat=True))
    assert not tried(sql)
    assert set(Entry.objects.values_list("pk", flat=True)) == held


def test_a_chain_that_lost_its_end_does_not_verify(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("audit", "verify", stdout=StringIO())
    from audit.models import Head

    monkeypatch.setattr(Head, "objects", Head.objects.none())
    monkeypatch.setattr(chain.Head, "objects", Head.objects)
    finding = chain.verify(str(trial.pk))
    assert finding is not None
    with pytest.raises(CommandError):
        call_command("audit", "verify", stdout=StringIO(), stderr=StringIO())


def test_health_says_when_the_database_role_sees_through_the_blind(
    client: Client, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    with override_settings(PRODUCTION=True):
        assert client.get("/healthz").status_code == 200
        monkeypatch.setattr(guards, "is_open_by_default", lambda _connection: True)
        assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "confirm-email/x/", "login/code/confirm/", "password/set/"]
)
def test_nobody_changes_the_login_they_were_given(client: Client, amelie: User, path: str) -> None:
    client.force_login(amelie)
    assert client.get(f"/accounts/{path}").status_code == 404
    sent = {"email": "other@example.org", "action_add": ""}
    assert client.post(f"/accounts/{path}", sent).status_code == 404
    amelie.refresh_from_db()
    assert amelie.email == house.email_of("amelie")


def test_nobody_signs_up(client: Client, trial: Trial) -> None:
    before = User.objects.count()
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})
    assert User.objects.count() == before


def test_wrong_passwords_hold_up_the_account_even_for_the_right_one(client: Client, amelie: User) -> None:
    sent = {"login": amelie.email, "password": "wrong"}
    for _each in range(5):
        client.post("/accounts/login/", sent)
    client.post("/accounts/login/", {**sent, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_signing_in_makes_a_new_session_and_leads_nowhere_else(client: Client, amelie: User) -> None:
    client.get("/accounts/login/")
    client.session["kept"] = 1
    before = client.session.session_key
    sent = {"login": amelie.email, "password": PASSWORD}
    answer = client.post("/accounts/login/?next=https://elsewhere.example/", {**sent, "next": "//elsewhere.example/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session.session_key != before


def test_a_reset_says_the_same_of_known_and_unknown_addresses(amelie: User, mailoutbox: list[object]) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email}) for email in (amelie.email, "nobody@example.org")
    ]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1


def test_a_new_password_ends_the_sessions_of_the_old_one(client: Client, amelie: User) -> None:
    client.force_login(amelie)
    assert client.get("/").status_code != 302 or "login" not in client.get("/")["Location"]
    amelie.set_password("another long passphrase")
    amelie.save()
    assert "login" in client.get("/")["Location"]


def test_a_post_without_the_token_of_its_page_is_refused(amelie: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(amelie)
    for path in ("/accounts/logout/", "/language/", f"/q/{KEY}/language/"):
        assert strict.post(path, {"language": "fr"}).status_code == 403


@pytest.mark.parametrize("name", ["X-Frame-Options", "Content-Security-Policy", "Referrer-Policy", "Cache-Control"])
def test_every_page_says_how_it_may_be_used(client: Client, trial: Trial, name: str) -> None:
    for path in ("/accounts/login/", f"/q/{KEY}/", "/nowhere/", "/t/strong-back/"):
        assert name in client.get(path).headers, path


def test_another_host_gets_no_answer(client: Client, trial: Trial) -> None:
    assert client.get("/accounts/login/", headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\x.y"]
)
def test_changing_the_language_leads_nowhere_else(client: Client, trial: Trial, target: str) -> None:
    assert client.post("/language/", {"language": "fr", "next": target})["Location"] == "/"


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "\U0001f4a9", "%", "' OR 1=1 --", "9" * 5_000, "\u202e"])
def test_whatever_is_searched_for_is_answered(client: Client, trial: Trial, typed: str) -> None:
    people = house.cast_of(trial)
    client.force_login(people.elise)
    path = f"/t/{trial.code}/participants/"
    assert client.get(path, {"number": typed, "page": typed, "state": typed}).status_code == 200
    assert client.post(path, {"search": typed}).status_code in (200, 302)
    client.force_login(people.tomas)
    assert client.get(f"/t/{trial.code}/monitoring/participants/", {"search": typed}).status_code == 200


@pytest.mark.parametrize("path", ["/demo/enter/elise/", "/demo/outbox/"])
def test_the_doors_of_the_demo_are_in_the_demo_only(client: Client, trial: Trial, path: str) -> None:
    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        f"Not Found: /q/{KEY}/",
        f'GET /q/{KEY}/3f/2/?change=1 HTTP/1.1" "https://trial.example/q/{KEY}/"',
        f"/accounts/password/reset/key/{KEY}/",
        f"/fr/q/{KEY}",
    ],
)
def test_logs_hold_no_key(text: str) -> None:
    assert KEY not in without_keys(text)
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", text), None)
    assert KEY not in KeylessFormatter().format(record)


@pytest.mark.parametrize(
    "text",
    [
        'duplicate key value violates unique constraint "one"\nDETAIL:  Key (stratum_id)=(lsiq=high) already exists.\n',
        'null value in column "at"\nDETAIL:  Failing row contains (7, two\nlines, lsiq=high).\n\nThe above',
    ],
)
def test_logs_hold_no_row_that_failed(text: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s", (text,), None)
    told = KeylessFormatter().format(record)
    assert "lsiq=high" not in told
    assert text.split("\n")[0] in told
    assert ("The above" in told) == ("The above" in text)


@pytest.mark.parametrize("text", ["", "short", "demo-short", "é" * 32, "A" * 43])
def test_a_mistyped_key_stops_the_server_at_its_start(settings: Any, text: str) -> None:
    encryption.keyring.check()
    settings.ARMSLENGTH_KEYS = {**settings.ARMSLENGTH_KEYS, "sequence": text}
    with pytest.raises(ImproperlyConfigured, match="ARMSLENGTH_SEQUENCE_KEY"):
        encryption.keyring.check()


def test_the_access_log_holds_no_key() -> None:
    class Answer:
        status, sent, headers = "200 OK", 5, ()

    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/q/{KEY}/",
        "PATH_INFO": f"/q/{KEY}/",
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    environ["HTTP_REFERER"] = f"https://trial.example/q/{KEY}/"
    headers = [("REFERER", environ["HTTP_REFERER"])]
    log = AccessLog.__new__(AccessLog)
    found = log.atoms(Answer(), headers, environ, timedelta(seconds=1))
    assert KEY not in repr(found)
