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


def test_an_answer_survives_a_dead_network_and_a_second_phone(chromium: Browser, house: House) -> None:
    context = phone(chromium)
    page = context.new_page()
    page.goto(house.page("odi"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_contain_text("Incapacité")
    page.locator(".actions a.btn:not(.quiet)").tap()
    for number in range(1, 5):
        place(page, number)
        tap(page, 2)
        expect(page.locator("#saved")).to_contain_text("10:00")
        go_on(page)
    place(page, 5)
    context.set_offline(True)
    tap(page, 3)
    expect(page.locator("#saved")).to_have_text(page.locator("form").get_attribute("data-kept") or "")
    go_on(page)
    place(page, 5)
    expect(page.locator('input[value="3"]')).to_be_checked()
    context.set_offline(False)
    place(page, 6)
    context.close()

    other = phone(chromium)
    page = other.new_page()
    page.goto(house.page("odi"))
    place(page, 6)
    for number in range(6, 11):
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
    context.set_offline(True)
    tap(page, 5)
    page.locator(".actions a.quiet").tap()
    place(page, 2)
    context.set_offline(False)
    place(page, 1)
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
