"""An assessor fills a form by keyboard: items that do not apply are folded away, everything is saved as typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def world(tmp_path: Path) -> Iterator[dict[str, str]]:
    with serving(tmp_path / "staff.sqlite3", "tests.browser.one_participant", "en") as world:
        yield world


@pytest.fixture
def page(chromium: Browser, world: dict[str, str]) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "session", "value": world["session"], "url": world["url"]}])
    yield context.new_page()
    context.close()


def test_measured_by_keyboard_saved_as_typed_and_submitted(page: Page, world: dict[str, str]) -> None:
    page.goto(f"{world['url']}/t/{world['trial']}/assessments/forms/{world['form_hip_rom']}/")
    first = page.locator("input[name=flexion_left_1]")
    expect(first).to_be_hidden()
    page.locator('input[name=done][value="1"]').focus()
    page.keyboard.press("Space")
    expect(first).to_be_visible()
    expect(page.locator("select[name=not_done_reason], input[name=not_done_reason]").first).to_be_hidden()
    page.keyboard.press("Tab")
    for angle in ["104,5", "105", "106", "98", "99", "20"]:
        page.keyboard.type(angle)
        page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("10:00")
    expect(page.locator("[data-item=flexion_right_3] [data-unusual]")).to_contain_text("unusual")
    page.context.set_offline(True)
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_have_text(
        page.locator("form[data-staff-form]").get_attribute("data-unsaved") or ""
    )
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("10:00", timeout=10_000)
    page.reload()
    expect(first).to_have_value("104.5")
    expect(page.locator("input[name=extension_left_1]")).to_have_value("12")
    for code in ("left_2", "left_3", "right_1", "right_2", "right_3"):
        page.fill(f"input[name=extension_{code}]", "11")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_label("20 ° is correct").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".summary").first).to_contain_text("104.5 °")


def test_everybody_can_use_the_forms(page: Page, world: dict[str, str]) -> None:
    for instrument in ("hip_rom", "medx_strength", "dynamometry"):
        page.goto(f"{world['url']}/t/{world['trial']}/assessments/forms/{world[f'form_{instrument}']}/")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, instrument
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == [], instrument
