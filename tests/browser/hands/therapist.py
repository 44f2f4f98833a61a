"""Therapists: reconfirm, randomize, take over, log the first session."""

from playwright.sync_api import Page

from tests import cast
from tests.browser.hands.filling import leave, press, put, put_all


def randomize(page: Page, number: str) -> str:
    """From the list of first sessions to the programme, as it is told to the therapist who randomized."""
    leave(page, page.locator(f'a[href$="/therapy/randomize/{number}/"]'))
    assert page.url.endswith("/eligibility/")
    put_all(page, cast.ELIGIBLE_LATER["randomization"], "q-")
    press(page)
    press(page)
    assert page.url.endswith("/result/")
    return page.locator("main .card h2").inner_text()


def treats(page: Page, number: str) -> bool:
    """Whether the page of the result leads on to the sessions."""
    return page.locator(f'main .actions a[href$="/therapy/{number}/"]').count() == 1


def take_over(page: Page, number: str) -> None:
    """Somebody who waits for a therapist of this qualification."""
    leave(page, page.locator(f'form[action$="/therapy/{number}/take/"] button'))


def log_first_session(page: Page) -> None:
    """Held now, every exercise as planned, the loads as used."""
    leave(page, page.locator('main a[href$="/sessions/1/"]').first)
    put(page, "status", "done")
    page.locator("button[data-now-button]").click()
    put(page, "pain_before", 4)
    for load in page.locator('.as-done input[data-key="load"]').all():
        load.fill("20")
    page.locator("button[data-all]").click()
    put_all(page, {"pain_after": 3, "effort": 5, "minutes": 55, "events_noted": False})
    press(page)
