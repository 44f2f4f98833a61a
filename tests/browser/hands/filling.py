"""Entering answers into any form of the house, by the names of its fields."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page

from instruments import catalogue


def put(page: Page, name: str, value: Any) -> None:
    """Enter one value: choose, tick or type it, whatever the control."""
    controls = page.locator(f':is(input, select, textarea)[name="{name}"]')
    if not controls.count():
        put_date(page, name, value)
        return
    kind = controls.first.evaluate("each => each.type")
    if kind in ("radio", "checkbox"):
        for each in value if isinstance(value, list) else [value]:
            page.locator("label", has=page.locator(f'[name="{name}"][value="{coded(each)}"]')).click()
    elif kind == "select-one":
        controls.first.select_option(coded(value))
    else:
        controls.first.fill(coded(value))


def put_all(page: Page, values: Mapping[str, Any], prefix: str = "") -> None:
    """Enter many values; those of a part of a question stand under its name and a point."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            put_all(page, value, f"{prefix}{name}.")
        else:
            put(page, f"{prefix}{name}", value)


def put_date(page: Page, name: str, value: date | str) -> None:
    """Enter a date in its three boxes."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    for part in ("day", "month", "year"):
        page.fill(f'[name="{name}_{part}"]', str(getattr(day, part)))


def coded(value: Any) -> str:
    """A value as forms send it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def choose_named(page: Page, name: str, words: str) -> None:
    """Choose by what people read."""
    controls = page.locator(f':is(input, select, textarea)[name="{name}"]')
    if controls.first.evaluate("each => each.type") == "select-one":
        controls.first.select_option(label=words)
    else:
        page.locator("label", has=controls).filter(has_text=words).click()


def press(page: Page) -> None:
    """Press the main button of the form and wait for the page it leads to."""
    leave(page, page.locator("main .actions button.btn:not(.quiet):not(.link)").last)


def leave(page: Page, button: Locator) -> None:
    """Press something that leads to a page, and wait until it is there."""
    with page.expect_navigation():
        button.click()


def main_step(page: Page) -> None:
    """Follow the one thing to do next that a record offers."""
    leave(page, page.locator(".page-header .act a.btn"))


def named(instrument: str) -> "re.Pattern[str]":
    """The name of an instrument, in whichever language the page is."""
    definition = catalogue.load(instrument)
    return re.compile("|".join(re.escape(definition.title[code]) for code in definition.languages))
