"""A coordinator loses a tab, a login and the race of two tabs in the middle of a screening, and no answer with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import cast
from tests.browser.hands.filling import press, put, put_all
from tests.browser.house import House, running
from tests.browser.world import PASSWORD

pytestmark = pytest.mark.browser
CALLER = "caller@example.org"


@pytest.fixture
def house(tmp_path: Path, chromium: Browser) -> Iterator[House]:
    with running("empty", "embedded", tmp_path, chromium) as house:
        yield house


def check_page(page: Page) -> None:
    """It fits a narrow phone, and everybody can use it."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def age(page: Page) -> str:
    return page.locator('input[name="q-age"]').input_value()


def sign_in(page: Page) -> None:
    page.fill("input[name=login]", cast.email_of("elise"))
    page.fill("input[name=password]", PASSWORD)
    page.locator(".actions button.btn").first.click()
    page.wait_for_url(lambda address: "/accounts/" not in address)


def test_a_screening_survives_whatever_happens_to_the_browser(house: House) -> None:
    page = house.enter("elise")
    page.goto(house.page("screening/new/"))
    put(page, "language", "fr")
    page.fill('input[name="q-age"]', "41")
    expect(page.locator("#saved")).to_have_text("Draft saved 10:00")
    page.wait_for_url("**/screening/new/?draft=*")
    draft = page.url
    check_page(page)
    close_the_tab_and_come_back(page, house)
    race_two_tabs(page, draft)
    lose_the_login(page)
    give_the_copy(page, house)


def close_the_tab_and_come_back(page: Page, house: House) -> None:
    page.goto(house.page("today/"))
    page.go_back()
    assert age(page) == "41"
    page.goto(house.page("screening/new/"))
    assert age(page) == ""
    page.get_by_role("link", name="Continue").click()
    assert age(page) == "41"
    expect(page.locator('input[name="language"][value="fr"]')).to_be_checked()


def race_two_tabs(page: Page, draft: str) -> None:
    other = page.context.new_page()
    other.goto(draft)
    other.fill('input[name="q-age"]', "42")
    other.locator('input[name="q-age"]').blur()
    expect(other.locator('input[name="revision"]')).not_to_have_value(
        page.locator('input[name="revision"]').input_value()
    )
    other.close()
    page.fill('input[name="q-age"]', "43")
    page.locator('input[name="q-age"]').blur()
    expect(page.locator("#saved")).to_contain_text("from another tab or device")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("from another tab or device")
    assert age(page) == "43"
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    assert age(page) == "43"


def lose_the_login(page: Page) -> None:
    page.context.clear_cookies(name="session")
    put_all(page, cast.ELIGIBLE, "q-")
    expect(page.locator("#saved")).to_contain_text("You were signed out")
    page.get_by_role("button", name="Save the screening").click()
    expect(page.get_by_text("You were signed out meanwhile")).to_be_visible()
    sign_in(page)
    expect(page.locator("[data-kept]")).to_be_focused()
    assert age(page) == str(cast.ELIGIBLE["age"])
    check_page(page)
    page.get_by_role("button", name="Save the screening").click()
    page.wait_for_url("**/contact/")


def give_the_copy(page: Page, house: House) -> None:
    put_all(page, {"name": "Camille Bouchard", "email": CALLER, "preferred_channel": "email"})
    press(page)
    record = page.url
    page.goto(f"{record}consent/")
    put_all(page, {"sharing": True, "interview": False, "recording": False, "recontact": True}, "clauses.")
    page.get_by_label("Élise Tremblay").check()
    put_all(page, {"signed_at_day": "2", "signed_at_month": "3", "signed_at_year": "2026", "signed_time": "09:45"})
    press(page)
    expect(page.get_by_text("A copy goes to the participant by e-mail.")).to_be_visible()
    page.get_by_role("link", name="Copy for the participant").click()
    expect(page.get_by_role("button", name="Print or save")).to_be_visible()
    check_page(page)
    page.emulate_media(media="print")
    expect(page.locator("article.sheet")).to_be_visible()
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.get_by_role("button", name="Send by e-mail")).to_have_count(0)
    house.tell("sweep")
    mails = [each["body"] for each in house.tell("mails") if CALLER in each["to"]]
    links = [line for body in mails for line in body.splitlines() if line.endswith("/copy/")]
    phone = house.context("participant", viewport={"width": 390, "height": 844}).new_page()
    phone.goto(links[0])
    expect(phone.get_by_role("heading", level=1)).to_contain_text("consentement")
    check_page(phone)
