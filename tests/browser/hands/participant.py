"""A participant with a phone: the link in the mail, one question a screen, no password."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from tests.unit.outcomes.world import answered

MAIN = ".actions a.btn:not(.quiet), .actions button.btn:not(.quiet)"


def answer_everything(page: Page, link: str, **given: Mapping[str, Any]) -> list[str]:
    """Open the link and answer until thanked; ``given`` holds answers by instrument. The titles of what was asked."""
    answers = {code: value for instrument in ASKED for code, value in (answered(instrument)).items()}
    for values in given.values():
        answers |= values
    titles: list[str] = []
    page.goto(link)
    while not page.url.endswith("/thanks/"):
        titles += answer_one(page, answers)
    return list(dict.fromkeys(titles))


def answer_one(page: Page, answers: Mapping[str, Any]) -> list[str]:
    """One screen: a question, or a page that leads on."""
    before, title = page.url, page.locator("h1").inner_text()
    question = page.locator("form[data-questionnaire]")
    if question.count():
        names = question.locator(".field [name]").evaluate_all("all => all.map(each => each.name)")
        enter(page, names[0], answers)
        title = ""
    page.locator(MAIN).last.tap()
    page.wait_for_url(lambda address: address != before)
    return [title] if title else []


def enter(page: Page, name: str, answers: Mapping[str, Any]) -> None:
    """Tap or type the answer to one question."""
    value = answers[name]
    box = page.locator(f'.field [name="{name}"]').first
    if box.get_attribute("type") in ("radio", "checkbox"):
        for each in value if isinstance(value, list) else [value]:
            page.locator("label", has=page.locator(f'[name="{name}"][value="{each}"]')).tap()
    else:
        box.fill(str(value))


ASKED = ("sociodemographic", "lsiq", "odi", "nprs", "promis29", "sf12v1", "sri", "ipaq_sf")
"""The questionnaires of STRONG-BACK's baseline."""
