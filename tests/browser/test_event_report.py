"""An adverse event reported on a phone between two patients: in a few taps, and nothing entered that nobody tapped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import serving
from tests.browser.test_session_log import PHONE, TAPS, check_page, choose, follow, press, randomize

pytestmark = pytest.mark.browser
MOST_TAPS = 12
"""From the page where one works to the reported event: an event of today that is not serious, without words."""
SAID = {"severity": "mild", "serious": "no", "action": "none", "outcome": "resolving", "found": "told"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[dict[str, str]]:
    with serving(tmp_path / "events.sqlite3", "tests.browser.first_session") as world:
        yield world


def phone_of(chromium: Browser, world: dict[str, str], session: str) -> Page:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-CA")
    context.add_cookies([{"name": "session", "value": session, "url": world["url"]}])
    return context.new_page()


def start_counting(page: Page, address: str) -> None:
    page.add_init_script(f"({TAPS})()")
    page.goto(address)
    page.evaluate("sessionStorage.taps = 0")


def report(page: Page, lead: str) -> int:
    """Fill the form and send it; how many taps it took, counting two for the list of what can have happened."""
    check_page(page, "Report an adverse event")
    assert page.locator("main input:checked").count() == 0
    assert page.locator("input[name=onset_day]").input_value() == ""
    page.locator("select[name=term]").select_option("soreness")
    press(page, "Today")
    assert [page.locator(f"input[name=onset_{part}]").input_value() for part in ("day", "month", "year")] == [
        "2",
        "3",
        "2026",
    ]
    for field, value in SAID.items():
        choose(page, field, value)
    taps = int(page.evaluate("Number(sessionStorage.taps)"))
    page.locator(".actions").get_by_role("button", name="Report the event").tap()
    expect(page.get_by_text(lead).first).to_be_visible()
    return taps + 2 + 1


def test_a_therapist_reports_in_twelve_taps_at_most(chromium: Browser, world: dict[str, str]) -> None:
    phone = phone_of(chromium, world, world["session"])
    randomize(phone, world)
    start_counting(phone, f"{world['url']}/t/{world['trial']}/therapy/{world['number']}/")
    follow(phone, "Adverse events")
    follow(phone, "Report an adverse event")
    assert 9 <= report(phone, "The event is reported.") <= MOST_TAPS


def test_an_assessor_reports_from_the_visit_in_twelve_taps_at_most(chromium: Browser, world: dict[str, str]) -> None:
    phone = phone_of(chromium, world, world["assessor"])
    start_counting(phone, f"{world['url']}/t/{world['trial']}/assessments/visits/{world['visit']}/")
    follow(phone, "Report an adverse event")
    assert 9 <= report(phone, "The event is reported.") <= MOST_TAPS
