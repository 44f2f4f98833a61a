"""A participant answers on a phone: by link, in French, through a dead network, on a second phone, without script."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import serving

pytestmark = pytest.mark.browser
TOO_SMALL = """
    [...document.querySelectorAll("a[href]:not(.skip), button, label.option, .scale label, input[type=text]")]
      .map(each => [each.innerText, each.getBoundingClientRect()])
      .filter(([, box]) => box.height > 0 && (box.height < 44 || box.width < 43.5))
      .map(([text, box]) => `${text} ${box.width} x ${box.height}`)
"""
"""The targets of a page that are smaller than a finger, in CSS pixels."""
PHONE = {"width": 390, "height": 844}


class House:
    """The running server and its world."""

    def __init__(self, database: Path, world: dict[str, str]) -> None:
        self.database, self.world = database, world

    def page(self, instrument: str = "", rest: str = "") -> str:
        middle = f"{self.world[f'form_{instrument}']}/" if instrument else ""
        return f"{self.world['url']}/q/{self.world['token']}/{middle}{rest}"

    def stored(self, instrument: str) -> dict[str, Any] | None:
        """What the database holds of a submitted form."""
        with sqlite3.connect(self.database) as connection:
            found = connection.execute(
                "SELECT answers, missing, scores, language FROM outcomes_response WHERE instrument = ?", [instrument]
            ).fetchone()
        connection.close()
        if found is None:
            return None
        answers, missing, scores, language = found
        return {
            "answers": json.loads(answers),
            "missing": json.loads(missing),
            "scores": json.loads(scores),
            "language": language,
        }


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = tmp_path / "questionnaire.sqlite3"
    with serving(database, "tests.browser.one_participant", "fr") as world:
        yield House(database, world)


def phone(chromium: Browser, **options: Any) -> BrowserContext:
    return chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, **options)


def tap(page: Page, value: int) -> None:
    page.locator(f'label.option:has(input[value="{value}"])').tap()


def go_on(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Continue|Continuer)$")).tap()


def place(page: Page, number: int) -> None:
    expect(page.locator("progress")).to_have_attribute("value", str(number))


def ready(page: Page) -> None:
    """Every question of the part has come to the phone."""
    page.locator("form[data-ready]").wait_for()


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("10:00")


def test_a_dead_network_stops_nobody_and_a_second_phone_goes_on(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("odi"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_contain_text("Incapacité")
    page.locator(".actions a.btn:not(.quiet)").tap()
    ready(page)
    for number in range(1, 5):
        place(page, number)
        tap(page, 2)
        saved(page)
        go_on(page)
    place(page, 5)
    context.set_offline(True)
    tap(page, 3)
    expect(page.locator("#saved")).to_have_text(page.locator("form").get_attribute("data-kept") or "")
    go_on(page)
    place(page, 6)
    tap(page, 2)
    expect(page.locator("#saved")).to_contain_text("2 réponses")
    page.go_back()
    place(page, 5)
    expect(page.locator('input[value="3"]')).to_be_checked()
    go_on(page)
    place(page, 6)
    expect(page.locator('input[value="2"]')).to_be_checked()
    context.set_offline(False)
    saved(page)
    context.close()

    other = phone(chromium)
    page = other.new_page()
    page.goto(house.page("odi"))
    ready(page)
    for number in range(7, 11):
        place(page, number)
        tap(page, 2)
        go_on(page)
    expect(page.locator(".summary > div")).to_have_count(10)
    page.locator(".actions button.btn").tap()
    page.wait_for_url(re.compile(house.world["form_sociodemographic"]))
    stored = house.stored("odi")
    assert stored is not None
    assert stored["answers"] == {f"odi_{n}": 3 if n == 5 else 2 for n in range(1, 11)}
    assert stored["scores"]["score_pct"] == 42
    assert stored["language"] == "fr"
    page.go_back()
    page.reload()
    assert page.locator("input[type=radio]").count() == 0
    other.close()


def test_two_phones_at_once_converge_and_the_second_is_told(chromium: Browser, house: House) -> None:
    contexts = phone(chromium), phone(chromium)
    first, second = (context.new_page() for context in contexts)
    for page in (first, second):
        page.goto(house.page("odi", "1/"))
        ready(page)
    contexts[1].set_offline(True)
    tap(second, 1)
    go_on(second)
    tap(second, 4)
    for value in (0, 3):
        tap(first, value)
        saved(first)
        go_on(first)
    tap(first, 5)
    saved(first)
    contexts[1].set_offline(False)
    expect(second.locator("#saved")).to_contain_text("autre appareil")
    place(second, 2)
    expect(second.locator('input[value="3"]')).to_be_checked()
    go_on(second)
    place(second, 3)
    expect(second.locator('input[value="5"]')).to_be_checked()
    second.locator("#back").tap()
    second.locator("#back").tap()
    place(second, 1)
    expect(second.locator('input[value="0"]')).to_be_checked()
    for context in contexts:
        context.close()


def test_a_question_left_open_offline_keeps_why_and_is_not_asked_again(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("odi", "1/"))
    ready(page)
    context.set_offline(True)
    go_on(page)
    expect(page.locator("#skip")).to_be_visible()
    go_on(page)
    place(page, 2)
    page.locator('button[value="decline"]').tap()
    for number in range(3, 11):
        place(page, number)
        tap(page, 1)
        go_on(page)
    place(page, 10)
    expect(page.locator("#saved")).to_contain_text("10 réponses")
    context.set_offline(False)
    expect(page.locator(".summary > div")).to_have_count(10)
    page.locator(".actions button.btn").tap()
    page.wait_for_url(re.compile(house.world["form_sociodemographic"]))
    stored = house.stored("odi")
    assert stored is not None
    assert stored["missing"] == {"odi_1": "skipped", "odi_2": "prefers_not_to_say"}
    assert stored["answers"] == {f"odi_{n}": 1 for n in range(3, 11)}
    context.close()


def test_questions_that_do_not_apply_are_passed_over_offline_too(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("ipaq_sf", "1/"))
    ready(page)
    total = page.locator("progress").get_attribute("max")
    context.set_offline(True)
    page.locator('.field input[name="vig_days"]').fill("3")
    page.locator('.field input[name="vig_days"]').blur()
    expect(page.locator("progress")).not_to_have_attribute("max", total or "")
    context.set_offline(False)
    saved(page)
    context.close()


def test_without_a_network_a_number_that_cannot_be_goes_no_further(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("ipaq_sf", "1/"))
    ready(page)
    context.set_offline(True)
    page.locator('input[name="vig_days"]').fill("99")
    go_on(page)
    expect(page.locator("#saved")).to_have_text(page.locator("form").get_attribute("data-impossible") or "")
    place(page, 1)
    page.locator('input[name="vig_days"]').fill("3")
    go_on(page)
    place(page, 2)
    context.set_offline(False)
    saved(page)
    context.close()


def test_what_the_server_asks_about_is_asked_once_the_network_is_back(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("ipaq_sf", "1/"))
    ready(page)
    context.set_offline(True)
    for number in (1, 2, 3):
        place(page, number)
        page.locator('button[value="decline"]').tap()
    page.locator('input[name="sit_hours"]').fill("20")
    go_on(page)
    place(page, 5)
    page.locator('button[value="decline"]').tap()
    context.set_offline(False)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator('input[name="sit_hours"]')).to_have_value("20")
    page.locator('input[name="sit_hours-confirmed"]').check()
    go_on(page)
    place(page, 5)
    go_on(page)
    expect(page.locator(".summary > div")).to_have_count(5)
    context.close()


def test_it_works_without_script(chromium: Browser, house: House) -> None:
    context = phone(chromium, java_script_enabled=False)
    page = context.new_page()
    page.goto(house.page())
    page.goto(house.page("odi", "1/"))
    for number in range(1, 10):
        place(page, number)
        tap(page, 1)
        page.locator('button[value="next"]').tap()
    page.locator('button[value="next"]').tap()
    page.locator('button[value="skip"]').tap()
    expect(page.locator(".summary > div")).to_have_count(10)
    page.locator(".summary .change a").nth(2).tap()
    place(page, 3)
    tap(page, 4)
    page.locator('button[value="next"]').tap()
    expect(page.locator(".summary > div")).to_have_count(10)
    page.locator(".actions button.btn").tap()
    page.wait_for_url(re.compile(house.world["form_sociodemographic"]))
    stored = house.stored("odi")
    assert stored is not None
    assert stored["answers"]["odi_3"] == 4
    assert stored["missing"] == {"odi_10": "skipped"}
    assert stored["scores"]["score_pct"] == pytest.approx(100 * 12 / 45, abs=1)
    context.close()


def test_the_language_is_switched_on_the_way_and_nothing_is_lost(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("odi", "3/"))
    expect(page.locator("h1")).to_have_text("Soulever des objets")
    tap(page, 4)
    page.get_by_role("button", name="English").tap()
    expect(page.locator("h1")).to_have_text("Lifting objects")
    expect(page.locator('input[value="4"]')).to_be_checked()
    context.close()


def test_going_back_waits_for_the_answer_to_be_saved(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("odi", "2/"))
    ready(page)
    context.set_offline(True)
    tap(page, 5)
    page.locator("#back").tap()
    place(page, 1)
    page.locator("#back").tap()
    place(page, 1)
    context.set_offline(False)
    page.wait_for_url(house.page())
    page.goto(house.page("odi", "2/"))
    expect(page.locator('input[value="5"]')).to_be_checked()
    context.close()


def test_every_page_fits_the_phone_and_can_be_used_by_everybody(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    first = [house.page(), house.page("odi"), house.page("odi", "3/"), house.page("nprs", "1/"), house.page()[:-3]]
    for address in [*first, house.page("sociodemographic", "1/")]:
        page.goto(address)
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert page.evaluate(TOO_SMALL) == [], address
            found = Axe().run(page).response["violations"]
            assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == [], address
    context.close()
