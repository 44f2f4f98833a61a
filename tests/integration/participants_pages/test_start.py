"""The door and the start page: who asks, what is due, and what a bad link is told."""

from datetime import timedelta

from django.test import Client, override_settings

from audit.models import Entry
from core import clock
from instruments import catalogue
from outcomes.actions import links
from review.actions import locks
from tests import cast
from tests.integration.participants_pages.conftest import World
from web.participants import doors


def test_the_start_says_who_asks_what_is_due_and_how_long_it_takes(world: World) -> None:
    page = world.client.get(world.url())
    html = page.content.decode()
    assert page.status_code == 200
    assert "about 31 minutes" in html
    assert "saved at every tap" in html
    assert html.count("<dt>") == 8
    assert world.url("sociodemographic") in html
    assert world.participant.number not in html


def test_no_login_is_asked_for(world: World) -> None:
    assert Client().get(world.url()).status_code == 200


def test_the_introduction_says_what_one_part_is_about(world: World) -> None:
    html = world.client.get(world.url("odi")).content.decode()
    assert "Part 3 of 8" in html
    assert catalogue.load("odi").instructions["en"] in html
    assert world.url("odi", "1/") in html


def test_after_the_last_part_thanks_and_what_happens_next(world: World) -> None:
    with clock.moved_to(clock.now() + timedelta(days=1)):
        world.link_to("baseline_nights")
        for item, value in diary().items():
            place = catalogue.load("sleep_diary").item_codes().index(item) + 1
            world.client.post(world.url("sleep_diary", f"{place}/"), {item: value, "step": "next"})
        page = world.client.post(world.url("sleep_diary", "check/"), follow=True)
    html = page.content.decode()
    assert page.redirect_chain[-1][0] == world.url(rest="thanks/")
    assert "Thank you" in html
    assert "4 March 2026" in html


def diary() -> dict[str, str]:
    return {
        "into_bed": "22:30",
        "try_sleep": "22:45",
        "sol_min": "20",
        "n_awakenings": "0",
        "final_awakening": "06:30",
        "tasafa_min": "5",
        "out_of_bed": "06:45",
        "quality": "4",
    }


def test_thanks_come_only_when_all_is_sent(world: World) -> None:
    assert world.client.get(world.url(rest="thanks/"))["Location"] == world.url()


def test_a_link_that_is_none_is_told_calmly_whom_to_call(world: World) -> None:
    tampered = world.token[:-1] + ("A" if world.token[-1] != "A" else "B")
    for token in ("x", tampered, "y" * 500):
        page = Client().get(f"/q/{token}/")
        assert page.status_code == 404
        assert "study team" in page.content.decode()
        assert world.participant.number not in page.content.decode()


def test_an_expired_link_says_so(world: World) -> None:
    with clock.moved_to(clock.now() + timedelta(days=90)):
        page = world.client.get(world.url())
    assert page.status_code == 410
    assert "time to answer has passed" in page.content.decode()


def test_a_link_switched_off_says_so(world: World) -> None:
    links.revoke(link=world.link, by=cast.actor(world.people.elise), reason="Wrong address")
    assert world.client.get(world.url()).status_code == 410


def test_in_a_locked_trial_a_link_says_that_nothing_more_is_asked(world: World) -> None:
    locks.lock_trial(trial=world.trial, reason="The end", by=cast.actor(world.people.noor))
    before = Entry.objects.count()
    page = world.client.get(world.url())
    assert page.status_code == 410
    assert "The study takes no more answers." in page.content.decode()
    assert Entry.objects.count() == before


def test_who_tries_many_bad_links_waits_while_good_ones_open(world: World) -> None:
    guesser = Client()
    answers = [guesser.get(f"/q/guess{n}/").status_code for n in range(doors.BAD_LINKS + 2)]
    assert answers[0] == 404
    assert answers[-1] == 429
    page = guesser.get("/q/guess/")
    assert "Wait ten minutes" in page.content.decode()
    assert page["Retry-After"] == str(doors.BAD_LINKS_SECONDS)
    assert world.client.get(world.url()).status_code == 200


def test_one_visitor_behind_a_proxy_holds_up_no_other(world: World) -> None:
    guesser = Client(headers={"x-forwarded-for": "203.0.113.7"})
    stranger = Client(headers={"x-forwarded-for": "198.51.100.9"})
    with override_settings(TRUSTED_PROXIES=1):
        answers = [guesser.get(f"/q/guess{n}/").status_code for n in range(doors.BAD_LINKS + 1)]
        assert answers[-1] == 429
        assert stranger.get("/q/guess/").status_code == 404
    with override_settings(TRUSTED_PROXIES=0):
        invented = [
            Client(headers={"x-forwarded-for": f"192.0.2.{n}"}).get("/q/guess/").status_code
            for n in range(doors.BAD_LINKS + 1)
        ]
        assert invented[-1] == 429


def test_the_language_is_kept_on_the_device_and_leads_back(world: World) -> None:
    answer = world.client.post(world.url(rest="language/"), {"language": "fr", "next": world.url("odi")})
    assert answer["Location"] == world.url("odi")
    assert '<html lang="fr"' in world.client.get(world.url()).content.decode()
    away = world.client.post(world.url(rest="language/"), {"language": "fr", "next": "https://example.org/"})
    assert away["Location"] == world.url()


def test_search_engines_and_caches_keep_out(world: World) -> None:
    page = world.client.get(world.url())
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Cache-Control"] == "no-store"


def test_only_these_methods(world: World) -> None:
    assert world.client.post(world.url()).status_code == 405
    assert world.client.get(world.url(rest="language/")).status_code == 405


def test_after_the_window_the_last_possible_day_is_named(world: World) -> None:
    assert "Please answer by 30 March 2026." in world.client.get(world.url()).content.decode()
    with clock.moved_to(clock.now() + timedelta(days=30)):
        assert "Please answer by 6 April 2026." in world.client.get(world.url()).content.decode()
