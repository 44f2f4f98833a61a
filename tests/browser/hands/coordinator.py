"""The coordinator: from the first call to the booked session."""

import re
from datetime import date
from typing import Any

from playwright.sync_api import Page

from tests import cast
from tests.browser.hands.assessor import submit
from tests.browser.hands.filling import choose_named, leave, main_step, named, press, put, put_all, put_date
from tests.unit.outcomes.world import answered


def screen(page: Page) -> str:
    """Somebody who calls and speaks French is asked every criterion; their study number."""
    leave(page, page.locator('nav a[href$="/screening/new/"]').first)
    put(page, "language", "fr")
    put_all(page, cast.ELIGIBLE, "q-")
    press(page)
    found = re.search(r"/participants/([^/]+)/contact/$", page.url)
    assert found is not None, page.url
    return found[1]


def keep_contact(page: Page, email: str) -> None:
    """Who it is, once eligible."""
    put_all(page, {"name": "Camille Bouchard", "email": email, "phone": "514 555 0101", "preferred_channel": "email"})
    put_date(page, "date_of_birth", date(1985, 4, 12))
    press(page)


def record_consent(page: Page, day: date) -> None:
    """Clause by clause, in the participant's language; the record led here."""
    main_step(page)
    assert "Mes données, sans rien qui permette de m'identifier" in page.locator("main").inner_text()
    put_all(page, {"sharing": True, "interview": False, "recording": False, "recontact": True}, "clauses.")
    choose_named(page, "explained_by", "Élise Tremblay")
    put_date(page, "signed_at", day)
    put(page, "signed_time", "09:45")
    press(page)


def book(page: Page, record: str, purpose: str, day: date, time: str, person: str = "") -> None:
    """An appointment at the reception."""
    page.goto(f"{record}appointments/new/")
    assert not re.search(r"Marc Roy|Priya Nair", page.content())
    put(page, "purpose", purpose)
    put_date(page, "starts_at", day)
    put_all(page, {"time": time, "place": "reception"})
    if person:
        choose_named(page, "person", person)
    press(page)


def enter_result(page: Page, record: str, instrument: str, **given: Any) -> None:
    """A result that comes from elsewhere, from the matrix of the record."""
    page.goto(record)
    row = page.locator("table.matrix tbody tr").filter(has_text=named(instrument))
    leave(page, row.locator("a").first)
    submit(page, answered(instrument, **given))


def decide_after_mri(page: Page, record: str) -> None:
    """Eligibility once more, when the record says it is time."""
    page.goto(record)
    main_step(page)
    assert page.url.endswith("/decide/after_mri/")
    put_all(page, cast.ELIGIBLE_LATER["after_mri"], "q-")
    press(page)


def send_link(page: Page, record: str) -> None:
    """The link to what is open now, by hand."""
    page.goto(f"{record}link/")
    page.locator("main label.option").last.click()
    press(page)
