"""The weekly rating on a phone: from the link in the message to thanks in two taps, also where the network is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.hands import participant
from tests.browser.house import PHONE, House, running
from tests.cast import MONDAY

pytestmark = pytest.mark.browser


@pytest.fixture
def house(tmp_path: Path, chromium: Browser) -> Iterator[House]:
    with running("empty", "embedded", tmp_path, chromium) as house:
        number = house.tell("enrol", language="fr", randomized=True)
        house.tell("submit", number=number, visit="baseline", instruments=participant.ASKED)
        house.move(MONDAY + timedelta(days=14))  # the second week: the sleep diary is over
        yield house


class Taps:
    """Taps, counted."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, what: Locator) -> None:
        self.count += 1
        what.tap()


def rating(house: House) -> str:
    """The link to the weekly rating, from its message."""
    (mail,) = [each for each in house.tell("mails") if "/q/" in each["body"]]
    return house.links_in_mail(mail["to"][0])[-1]


def is_thanked(page: Page) -> None:
    page.wait_for_url("**/thanks/")
    expect(page.locator("h1")).to_have_text("Merci")


@pytest.mark.parametrize("script", [True, False])
def test_two_taps_from_the_link_to_thanks(house: House, script: bool) -> None:
    page = house.context("participant", java_script_enabled=script, **PHONE).new_page()
    page.goto(rating(house))
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        send = page.locator("button[value=next]")
        box = send.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844  # nothing to scroll
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    taps = Taps()
    taps.on(page.locator('.scale label:has(input[value="4"])'))
    taps.on(page.locator("button[value=next]"))
    is_thanked(page)
    assert taps.count == 2


def test_a_rating_given_without_a_network_goes_through_by_itself(house: House) -> None:
    context = house.context("participant", **PHONE)
    page = context.new_page()
    page.goto(rating(house))
    context.set_offline(True)
    page.locator('.scale label:has(input[value="4"])').tap()
    page.locator("button[value=next]").tap()
    expect(page.locator("#saved")).to_contain_text("Pas encore enregistré")
    context.set_offline(False)
    is_thanked(page)
