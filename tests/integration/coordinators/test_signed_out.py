"""A login that runs out while somebody types: nothing is sent, nothing is lost, and nobody else sees it."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts import keeping
from accounts.models import KeptEntry
from audit.models import Entry
from core import clock
from participants.actions import withdrawal
from participants.models import ContactAttempt
from tests.integration.coordinators.test_consent import typed as consent_typed
from tests.integration.coordinators.world import World
from tests.integration.signed_out import Fields, check_kept, mark_on, send_signed_out
from web.keeping.filling import fill

pytestmark = pytest.mark.django_db
NOTE = 'Calls her "mum" <b>& rings</b> later\non Friday'
ATTEMPT = {"channel": "phone", "outcome": "no_answer", "note": NOTE, "at_day": "1", "at_month": "march", "at_time": "9"}


@pytest.fixture
def log(world: World) -> str:
    return world.url("coordinators:contact_log", number=world.eligible().number)


def test_texts_choices_and_half_a_date_stand_there_again(world: World, elise: Client, log: str) -> None:
    found = check_kept(elise, world.cast.elise, log, ATTEMPT)
    assert found["note"] == [NOTE]
    assert found["at_month"] == ["march"]
    assert not ContactAttempt.objects.exists()


def test_once_it_is_sent_it_is_forgotten(world: World, elise: Client, log: str) -> None:
    there = send_signed_out(elise, log, {"channel": "phone", "outcome": "no_answer", "note": ""})
    elise.force_login(world.cast.elise)
    assert elise.post(there, {"channel": "phone", "outcome": "", "note": ""}).status_code == 422
    assert KeptEntry.objects.exists()
    assert elise.post(there, {"channel": "phone", "outcome": "no_answer", "note": ""}).status_code == 302
    assert not KeptEntry.objects.exists()
    assert "Nothing of this was sent" not in elise.get(there).content.decode()


def test_consent_with_its_clauses_and_time(world: World, elise: Client) -> None:
    page = world.url("coordinators:consent", number=world.eligible().number) + "?language=fr"
    check_kept(elise, world.cast.elise, page, {**consent_typed(world), "clauses.interview": "no"})


def test_nobody_else_who_signs_in_sees_it(world: World, elise: Client, log: str) -> None:
    there = send_signed_out(elise, log, ATTEMPT)
    for name in ("tomas", "marc", "noor"):
        other = world.browser(name)
        assert "rings" not in other.get(there, follow=True).content.decode()
        assert "rings" not in other.get("/", follow=True).content.decode()
    assert "rings" in world.browser("elise").get(there).content.decode()


def test_a_page_of_somebody_else_is_never_sent_under_another_login(world: World, elise: Client, log: str) -> None:
    mark = mark_on(elise.get(log).content.decode())
    elise.force_login(world.cast.amelie)
    answer = elise.post(log, {**ATTEMPT, "at_day": "", "at_month": "", "at_time": "", "typed_by": mark})
    assert answer.status_code == 409
    assert "belongs to somebody who is not signed in any more" in answer.content.decode()
    assert "rings" not in answer.content.decode()
    assert not ContactAttempt.objects.exists()
    elise.force_login(world.cast.elise)
    waiting = elise.get("/").content.decode()
    assert log in waiting
    assert "rings" in elise.get(f"{log}?kept={KeptEntry.objects.get().pk}").content.decode()


def test_a_page_from_before_the_last_sign_in_is_filled_again(world: World, log: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.cast.elise)
    browser.cookies["django_language"] = "en"
    mark = mark_on(browser.get(log).content.decode())
    old = {**ATTEMPT, "typed_by": mark, "csrfmiddlewaretoken": "x" * 64}
    answer = browser.post(log, old, headers={"Origin": "http://testserver"})
    assert answer.status_code == 302
    assert "rings" in browser.get(answer["Location"]).content.decode()
    stranger = browser.post(log, old, headers={"Origin": "https://example.org"})
    assert stranger.status_code == 403
    assert KeptEntry.objects.count() == 1


def test_a_frame_without_an_origin_is_a_stranger(world: World, log: str) -> None:
    """Browsers write "null" for it, which reads like an address of ours."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.cast.elise)
    mark = mark_on(browser.get(log).content.decode())
    sent = {**ATTEMPT, "typed_by": mark, "csrfmiddlewaretoken": "x" * 64}
    assert browser.post(log, sent, headers={"Origin": "null"}).status_code == 403
    assert not KeptEntry.objects.exists()


def test_no_page_of_another_house_is_gone_back_to(world: World, elise: Client) -> None:
    held = world.book(world.eligible(), starts_at=clock.now() + timedelta(hours=1))
    names = {"number": held.participant.number, "appointment": held.pk}
    page, action = (world.url(f"coordinators:{name}", **names) for name in ("appointment", "appointment_kept"))
    mark = mark_on(elise.get(page).content.decode())
    elise.logout()
    for before in ("//example.org/x", "///example.org/x", "/\\example.org/x"):
        elise.post(action, {"typed_by": mark, "note": "x"}, headers={"Referer": f"http://testserver{before}"})
        assert "example.org" not in KeptEntry.objects.latest("kept_at").page


def test_a_mark_keeps_for_some_days_only(world: World, elise: Client, log: str) -> None:
    """Whoever finds one on a saved page cannot put entries before its person for ever."""
    mark = mark_on(elise.get(log).content.decode())
    clock.advance(keeping.MARKED_FOR + timedelta(days=1))
    elise.force_login(world.cast.elise)
    assert elise.post(log, {"channel": "phone", "outcome": "no_answer", "typed_by": mark}).status_code == 302
    elise.logout()
    elise.post(log, {**ATTEMPT, "typed_by": mark})
    assert not KeptEntry.objects.exists()


def test_the_database_alone_tells_nothing_and_the_trail_knows_nothing(
    world: World,
    elise: Client,
    log: str,
) -> None:
    elise.get(log)
    before = Entry.objects.count()
    send_signed_out(elise, log, {**ATTEMPT, "password": "my-secret", "code": "1234-5678"})
    entry = KeptEntry.objects.get()
    assert b"rings" not in bytes(entry.typed)
    kept = keeping.kept_of(world.cast.elise, entry.pk)
    assert kept is not None
    assert kept.typed["note"] == [NOTE]
    assert not {"password", "code"} & kept.typed.keys()
    assert Entry.objects.count() == before
    KeptEntry.objects.update(user=world.cast.noor)
    assert keeping.kept_of(world.cast.noor, entry.pk) is None


def test_it_is_forgotten_after_hours(world: World, elise: Client, log: str) -> None:
    there = send_signed_out(elise, log, ATTEMPT)
    clock.advance(keeping.KEPT_FOR + timedelta(seconds=1))
    assert "rings" not in world.browser("elise").get(there).content.decode()
    assert keeping.forget_expired() == 1


def test_a_mark_that_was_made_up_keeps_nothing(world: World, elise: Client, log: str) -> None:
    elise.logout()
    for mark in ("", "x", f"{world.cast.elise.pk}:forged"):
        answer = elise.post(log, {**ATTEMPT, "typed_by": mark})
        assert answer.status_code == 302
        assert "kept%3D" not in answer["Location"]
    assert not KeptEntry.objects.exists()


def test_a_page_that_only_posts_leads_back_to_where_it_was_pressed(world: World, elise: Client) -> None:
    held = world.book(world.eligible(), starts_at=clock.now() + timedelta(hours=1))
    clock.advance(timedelta(hours=2))
    names = {"number": held.participant.number, "appointment": held.pk}
    there = send_signed_out_of_button(elise, world, names)
    assert there == world.url("coordinators:appointment", **names)
    assert not KeptEntry.objects.exists()


def send_signed_out_of_button(client: Client, world: World, names: dict[str, object]) -> str:
    page, action = (world.url(f"coordinators:{name}", **names) for name in ("appointment", "appointment_kept"))
    mark = mark_on(client.get(page).content.decode())
    client.logout()
    answer = client.post(action, {"typed_by": mark}, headers={"Referer": f"http://testserver{page}"})
    return str(answer["Location"]).partition("next=")[2]


def test_a_page_that_does_not_open_any_more_still_shows_what_was_typed(world: World, elise: Client) -> None:
    participant = world.consented()
    page = world.url("coordinators:consent", number=participant.number)
    there = send_signed_out(elise, page, consent_typed(world))
    scopes = ["contact", "intervention", "follow_up", "data"]
    today = clock.today(world.site.time_zone)
    withdrawal.withdraw(participant=participant, scopes=scopes, reason_code="time", day=today, by=world.coordinator)
    elise.force_login(world.cast.elise)
    answer = elise.get(there)
    body = answer.content.decode()
    assert "What you had typed" in body
    assert "<dt>clauses.sharing</dt><dd>yes</dd>" in body


def test_a_script_is_told_in_a_sentence_and_loses_nothing(world: World, elise: Client, log: str) -> None:
    elise.logout()
    answer = elise.post(log, ATTEMPT, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "You were signed out" in answer.json()["sentence"]
    assert elise.post(log, {"check": "1"}, headers={"HX-Request": "true"}).status_code == 401


def test_what_waits_is_listed_on_the_way_in_and_can_be_forgotten(world: World, elise: Client, log: str) -> None:
    send_signed_out(elise, log, ATTEMPT)
    elise.force_login(world.cast.elise)
    listed = elise.get("/")
    assert log in listed.content.decode()
    assert elise.get("/?on=1").status_code == 302
    key = KeptEntry.objects.get().pk
    world.browser("noor").post("/", {"forget": str(key)})
    assert KeptEntry.objects.exists()
    elise.post("/", {"forget": str(key)})
    assert not KeptEntry.objects.exists()
    assert elise.post("/", {"forget": "x"}).status_code == 404


def test_every_field_of_a_page_keeps_its_own_value(world: World, elise: Client, log: str) -> None:
    """A log that is filled with nothing but what it shows is byte for byte the same log."""
    html = elise.get(log).content.decode()
    values = Fields(html).values
    typed = {name: each for name, each in values.items() if name not in ("csrfmiddlewaretoken", "typed_by", "next")}
    filled = fill(html, keeping.Kept(KeptEntry().pk, log, log, typed))
    assert Fields(filled.html).values == values
    assert filled.rest == {}
