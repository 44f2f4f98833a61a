"""The assessor: from the worklist to the form, measured, submitted."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.hands.filling import leave, named, press, put, put_all
from tests.browser.world import PASSWORD
from tests.unit.outcomes.world import answered

MEASURED: dict[str, dict[str, Any]] = {
    "medx_strength": {"done": 1},
    "dynamometry": {"extension_done": 1, "abduction_done": 1},
    "hip_rom": {"done": 1},
}


def measure(page: Page, number: str) -> None:
    """Every form that waits for a participant, from the list of what is due."""
    home = page.url
    for instrument, begun in MEASURED.items():
        page.goto(home)
        row = page.locator("ul.rows li").filter(has_text=number).filter(has_text=named(instrument))
        leave(page, row.locator(".act a").first)
        submit(page, answered(instrument, **begun))


def submit(page: Page, answers: dict[str, Any]) -> None:
    """Enter all and submit; the page then reads it back."""
    put_all(page, answers)
    press(page)
    expect(page.locator("form[data-staff-form]")).to_have_count(0)


def sign(page: Page) -> None:
    """Asked after the last form: read, and signed with the password."""
    expect(page).to_have_url(re.compile(r"/sign/$"))
    put(page, "password", PASSWORD)
    press(page)


def guess(page: Page) -> None:
    """Asked after the signature: one choice, saved."""
    expect(page).to_have_url(re.compile(r"/guess/$"))
    page.locator("main form label").first.click()
    leave(page, page.locator('main button[name="step"][value="guess"]'))
