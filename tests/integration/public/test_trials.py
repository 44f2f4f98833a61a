"""The public pages of trials: what anybody reads, without a login, of trials that were opened and of no other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from core import clock, ids
from randomization.queries import commitments_of
from review.actions import locks
from tests import cast as people
from tests.unit.randomization_db.world import World, build
from trials.models import Trial

LIST = "/trials/"
PAGE = "/trials/STRONG-BACK/"
TEXT = "/trials/STRONG-BACK/commitments-{}.txt"
BALANCE = Path(settings.BASE_DIR) / "trials" / "protocols" / "balance.yaml"
VISITOR_HEADERS = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.moved_to(people.MONDAY), ids.seeded(3):
        yield build()


@pytest.fixture
def visitor() -> Client:
    return Client(headers=VISITOR_HEADERS)


@dataclass(frozen=True)
class Page:
    status: int
    html: str


def read(client: Client, url: str = PAGE) -> Page:
    answer = client.get(url)
    return Page(
        answer.status_code, re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", answer.content.decode())
    )


def in_words(html: str) -> str:
    """The work of a page, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


def test_a_visitor_reads_what_the_trial_is_about(world: World, visitor: Client) -> None:
    page = read(visitor)
    assert page.status == 200
    words = in_words(page.html)
    assert "Exercise for long-lasting low back pain" in words
    assert "This study compares two supervised exercise programmes" in words
    assert "Registered as ISRCTN14864451" in words
    assert "State Recruiting" in words
    assert "Enrolment 1 December 2025 to 1 April 2028" in words
    assert "Primary outcome Disability" in words
    assert "Montreal STRONG-BACK study team strong-back@example.org" in words


def test_nothing_of_the_strata_the_arms_the_target_and_the_people_is_there(world: World, visitor: Client) -> None:
    world.activate()
    participant = world.allocate()
    words = in_words(read(visitor).html)
    for word in ("LSIQ", "instability", "MC+ILEX", "106", "permuted", "block", "stratum", "Helen Park", "MTL-"):
        assert word.lower() not in words.lower(), word
    assert participant.number not in words


def test_it_says_the_same_before_and_after_somebody_is_randomized(world: World, visitor: Client) -> None:
    world.activate()
    before = read(visitor)
    world.allocate()
    assert read(visitor) == before


def test_the_commitment_is_there_with_the_way_to_verify_it(world: World, visitor: Client) -> None:
    assert "No list is active yet." in in_words(read(visitor).html)
    assert "How to verify the list" not in read(visitor).html
    world.activate()
    (published,) = commitments_of(world.trial)
    words = in_words(read(visitor).html)
    assert f"Segment 1 {published.sha256} SHA-256, algorithm armslength-1, activated 2 March 2026, 15:00 UTC" in words
    assert f"randomization verify FILE --commitment {published.sha256}" in words


def test_it_leads_to_the_program_where_its_address_is_set(world: World, visitor: Client, settings: Any) -> None:
    world.activate()
    assert "The program, and its documentation" not in read(visitor).html
    settings.SOURCE_URL = "https://example.org/armslength"
    assert 'href="https://example.org/armslength"' in read(visitor).html


def test_every_segment_is_published(world: World, visitor: Client) -> None:
    world.activate()
    world.extend(200)
    html = read(visitor).html
    assert len(commitments_of(world.trial)) == 2
    for each in commitments_of(world.trial):
        assert f"--commitment {each.sha256}" in html
        assert each.sha256 in visitor.get(TEXT.format("en")).content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "sealed before it was used"), ("fr", "scellée avant d'être utilisée")],
)
def test_the_text_for_the_registry_is_a_file_in_each_language(
    world: World, visitor: Client, language: str, sentence: str
) -> None:
    world.activate()
    (published,) = commitments_of(world.trial)
    assert TEXT.format(language) in read(visitor).html
    answer = visitor.get(TEXT.format(language))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Language"] == language
    assert answer["Content-Disposition"] == f'attachment; filename="STRONG-BACK-commitments-{language}.txt"'
    text = answer.content.decode().replace("’", "'")
    assert sentence in text
    assert published.sha256 in text


def test_no_text_before_a_list_is_active_nor_in_another_language(world: World, visitor: Client) -> None:
    assert visitor.get(TEXT.format("en")).status_code == 404
    world.activate()
    assert visitor.get(TEXT.format("de")).status_code == 404


def test_a_visitor_reads_it_in_french(world: World, visitor: Client) -> None:
    world.activate()
    assert visitor.post("/language/", {"language": "fr", "next": PAGE})["Location"] == PAGE
    html = read(visitor).html
    assert '<html lang="fr"' in html
    assert "exercice pour le mal de dos persistant" in html
    assert "n'est pas décrit dans cette langue" not in unescape(html)
    assert "1er avril" in html
    assert "Recruiting" not in html


def test_words_in_another_language_than_the_page_are_marked(db: None) -> None:
    with clock.moved_to(people.MONDAY):
        people.make_trial(BALANCE.read_text(encoding="utf-8"))
        html = read(Client(headers={"accept-language": "fr"}), "/trials/BALANCE/").html
    assert '<html lang="fr"' in html
    assert '<h1 lang="en">Balance training for low back pain</h1>' in html
    assert '<dd lang="en">Non-specific low back pain</dd>' in html
    assert "Cet essai n'est pas décrit dans cette langue. Langue de ses textes : Anglais." in unescape(html)
    assert '<li lang="en">Endurance of the back muscles</li>' in html


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2025, 11, 30), "Not recruiting yet."),
        (date(2025, 12, 1), "Recruiting"),
        (date(2028, 4, 1), "Recruiting"),
        (date(2028, 4, 2), "Closed: nobody is enrolled any more."),
    ],
)
def test_the_state_follows_from_the_dates(world: World, visitor: Client, day: date, state: str) -> None:
    with clock.moved_to(datetime(day.year, day.month, day.day, 17, tzinfo=UTC)):
        assert f"State {state} Enrolment" in in_words(read(visitor).html)


def test_a_locked_trial_stays_public(world: World, visitor: Client) -> None:
    world.activate()
    world.lock()
    words = in_words(read(visitor).html)
    assert "State Ended: the data are locked." in words
    assert commitments_of(world.trial)[0].sha256 in words


def test_the_list_names_the_trials_that_were_opened(world: World, visitor: Client) -> None:
    people.make_trial(BALANCE.read_text(encoding="utf-8"), recruiting=False)
    html = read(visitor, LIST).html
    assert f'<a href="{PAGE}">Exercise for long-lasting low back pain</a>' in html
    assert "BALANCE" not in html


def test_the_list_names_a_trial_once_however_often_it_was_locked(world: World, visitor: Client) -> None:
    for _time in range(3):
        world.lock()
        locks.unlock_trial(trial=world.trial, reason="A mistake was found", by=world.noor)
    assert read(visitor, LIST).html.count(f'href="{PAGE}"') == 1


def test_the_list_before_any_trial_is_open(db: None, visitor: Client) -> None:
    with clock.moved_to(people.MONDAY):
        people.make_trial(recruiting=False)
    assert "No trial is open yet." in read(visitor, LIST).html


def test_a_trial_that_is_set_up_is_as_little_there_as_an_unknown_one(db: None, visitor: Client) -> None:
    with clock.moved_to(people.MONDAY):
        trial = people.make_trial(recruiting=False)
        cast = people.cast_of(trial)
        member = Client(headers=VISITOR_HEADERS)
        member.force_login(cast.elise)
        for client in (visitor, member):
            assert read(client).status == 404
            unknown = read(client, "/trials/NO-SUCH/")
            assert read(client).html.replace("STRONG-BACK", "NO-SUCH") == unknown.html
            assert client.get(TEXT.format("en")).status_code == 404
        locks.lock_trial(trial=trial, reason="Given up", by=people.actor(cast.noor))
        assert Trial.objects.get(pk=trial.pk).state == Trial.State.LOCKED
        assert read(visitor).status == 404


def test_whoever_works_in_the_trial_reads_the_same(world: World, visitor: Client) -> None:
    world.activate()
    seen = read(visitor)
    for key in ("elise", "marc", "samuel"):
        member = Client(headers=VISITOR_HEADERS)
        member.force_login(getattr(world.cast, key))
        assert in_words(read(member).html) == in_words(seen.html)


@pytest.mark.parametrize("url", [LIST, PAGE, TEXT.format("en")])
def test_nothing_is_sent_there(world: World, visitor: Client, url: str) -> None:
    world.activate()
    assert visitor.head(url).status_code == 200
    assert visitor.post(url).status_code == 405


def test_ways_there(world: World, visitor: Client) -> None:
    assert f'href="{LIST}"' in read(visitor, "/accounts/login/").html
    member = Client(headers=VISITOR_HEADERS)
    member.force_login(world.cast.amelie)
    assert f'href="{PAGE}"' in read(member, "/t/STRONG-BACK/trial/").html


def test_no_way_to_the_public_page_of_a_trial_that_has_none(db: None) -> None:
    with clock.moved_to(people.MONDAY - timedelta(days=1)):
        trial = people.make_trial(recruiting=False)
        member = Client(headers=VISITOR_HEADERS)
        member.force_login(people.cast_of(trial).amelie)
        assert "/trials/" not in read(member, "/t/STRONG-BACK/trial/").html


def test_in_french_the_first_of_a_month_is_an_ordinal(world: World) -> None:
    words = in_words(read(Client(headers={"accept-language": "fr"})).html)
    assert "1er décembre 2025 au 1er avril 2028" in words
