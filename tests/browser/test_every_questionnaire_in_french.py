"""A participant takes the demo's messages, answers every questionnaire of STRONG-BACK in French on a phone, loses the
network twice, and the coordinator reads the right scores."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from instruments import catalogue
from instruments.scoring import score_response
from tests import cast
from tests.browser.hands import participant
from tests.browser.house import PHONE, House, running
from tests.cast import MONDAY
from tests.unit.outcomes.world import answered
from trials.protocol import read_protocol
from web.instrument_forms.score_words import score_rows

pytestmark = pytest.mark.browser
GIVEN: dict[str, dict[str, Any]] = {
    "odi": {f"odi_{number}": 3 for number in range(1, 11)},
    "lsiq": {f"lsiq_{number}": int(number <= 9) for number in range(1, 16)},
    "nprs": {"nprs": 6},
}
KNOWN = {"odi": "60", "lsiq": "9", "nprs": "6"}
"""Scores by hand: 30 of 50, nine of fifteen, the number itself."""
INSTRUMENTS = (*participant.ASKED, "sleep_diary")
WITHOUT_NETWORK = {"odi": 4, "promis29": 6}
"""The network is lost at this question, and is back two questions later."""


FIRST_WEEKS, LAST_WEEKS = timedelta(days=1), timedelta(days=105)
"""After randomization: the first night of the sleep diary; the week in which night, pain and all else fall due."""


@pytest.fixture
def house(tmp_path: Path, chromium: Browser) -> Iterator[House]:
    with running("empty", "embedded", tmp_path, chromium, settings="tests.browser.outbox_settings") as house:
        yield house


def test_every_questionnaire_in_french_with_the_network_lost_twice(house: House) -> None:
    number = house.tell("enrol", language="fr", randomized=True)
    page = house.context("participant", **PHONE).new_page()
    answers = {instrument: answered(instrument, **GIVEN.get(instrument, {})) for instrument in INSTRUMENTS}
    told = {code: value for each in answers.values() for code, value in each.items()}
    lost, opened = Lost(house.contexts["participant"], page), set[str]()
    for later in (timedelta(), FIRST_WEEKS, LAST_WEEKS):
        house.move(MONDAY + later)
        for link in links_in_outbox(page, house) - opened:
            opened.add(link)
            page.goto(link)
            expect(page.locator("html")).to_have_attribute("lang", "fr")
            while not page.url.endswith("/thanks/"):
                lost.lose_or_find()
                participant.answer_one(page, told)
            expect(page.locator("h1")).to_have_text("Merci")
    assert lost.times == len(WITHOUT_NETWORK)
    elise, forms = house.enter("elise"), house.tell("answered", number=number)
    assert {(each["visit"], each["instrument"]) for each in forms} == asked_by_the_protocol()
    for form in forms:
        read = scores_read(elise, house, number, form)
        assert read == expected(form["instrument"], answers[form["instrument"]])


def links_in_outbox(page: Page, house: House) -> set[str]:
    """The links to questions in the newest post, as the demo's outbox shows them."""
    page.goto(f"{house.url}/demo/outbox/")
    found = page.locator(".letter a").evaluate_all("all => all.map(each => each.href)")
    return {link for link in found if "/q/" in link and not link.endswith(("/no-more/", "/copy/"))}


def asked_by_the_protocol() -> set[tuple[str, str]]:
    """Everything that STRONG-BACK asks of participants: (visit, instrument)."""
    visits = read_protocol(cast.STRONG_BACK.read_text(encoding="utf-8")).visits
    return {(v.code, form.instrument) for v in visits for form in v.forms if form.filled_by == "participant"}


class Lost:
    """Takes the network away and gives it back, by the question on the screen."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page, self.times, self.left = context, page, 0, 0

    def lose_or_find(self) -> None:
        names = self.page.locator(".field [name]").evaluate_all("all => all.map(each => each.name)")
        if self.left:
            self.left -= 1
            if not self.left:
                expect(self.page.locator("#saved")).to_contain_text("Pas encore enregistré")
                self.context.set_offline(False)
                expect(self.page.locator("#saved")).to_contain_text("Enregistré")
        elif self.times < len(WITHOUT_NETWORK) and names and self._is_here(names[0]):
            self.page.locator("form[data-ready]").wait_for()
            self.context.set_offline(True)
            self.times, self.left = self.times + 1, 3

    def _is_here(self, name: str) -> bool:
        return any(name == catalogue.load(code).items[place - 1].code for code, place in WITHOUT_NETWORK.items())


def scores_read(page: Page, house: House, number: str, form: dict[str, str]) -> list[tuple[str, str]]:
    """What a coordinator finds: from the record to the form, its scores opened."""
    page.goto(house.page(f"participants/{number}/"))
    page.locator(f'main a[href*="/forms/{form["key"]}/"]').first.click()
    page.wait_for_url(re.compile("/forms/"))
    expect(page.locator("main")).to_contain_text("answered by: participant")
    if not page.locator("details:has-text('Scores')").count():
        return []
    page.locator("summary", has_text="Scores").click()
    rows = page.locator("details dl.summary > div")
    return [(row.locator("dt").inner_text(), row.locator("dd").inner_text()) for row in rows.all()]


def expected(instrument: str, given: dict[str, Any]) -> list[tuple[str, str]]:
    """The scorer's own result, in the page's words; some of it known by hand."""
    rows = score_rows(score_response(catalogue.load(instrument), given).values)
    found = [(str(row.label), "Not answered" if row.value is None else str(row.value)) for row in rows]
    if instrument in KNOWN:
        assert KNOWN[instrument] in [value for _label, value in found]
    return found
