"""A therapist on a phone: randomizes at the first session, logs it in a few taps, changes a dose in place."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.serving import serving

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
SMALL = """() => [...document.querySelectorAll(`main :is(
    .btn, .option, .scale label, select, textarea, input:not([type=radio], .option [type=checkbox], [type=hidden]))`)]
  .filter(each => each.checkVisibility() && !each.matches(".visually-hidden"))
  .map(each => [each.textContent.trim() || each.name, each.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([name]) => name)"""
"""The targets of a page that are smaller than a finger."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[dict[str, str]]:
    with serving(tmp_path / "session.sqlite3", "tests.browser.first_session") as world:
        yield world


@pytest.fixture
def phone(chromium: Browser, world: dict[str, str]) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-CA")
    context.add_cookies([{"name": "session", "value": world["session"], "url": world["url"]}])
    yield context.new_page()
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.tap()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.tap()


def choose(page: Page, field: str, value: str) -> None:
    page.locator(f'label:has(input[name="{field}"][value="{value}"])').tap()


def check_page(page: Page, title: str) -> None:
    """It fits a narrow phone, fingers hit what they aim at, and everybody can use it."""
    expect(page.locator("h1")).to_have_text(title)
    assert page.evaluate(SMALL) == []
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def randomize(page: Page, world: dict[str, str]) -> None:
    page.goto(f"{world['url']}/t/{world['trial']}/therapy/")
    follow(page, "Randomize")
    check_page(page, f"Randomize {world['number']}")
    press(page, f"Randomize {world['number']} now")
    expect(page.locator("h1")).to_have_text(f"{world['number']} is randomized")
    expect(page.get_by_text("You treat this participant.")).to_be_visible()


def test_randomized_and_logged_in_a_few_taps(phone: Page, world: dict[str, str]) -> None:
    randomize(phone, world)
    follow(phone, "Go to the sessions")
    follow(phone, "Log session 1")
    check_page(phone, "Session 1 of 48")
    choose(phone, "status", "done")
    press(phone, "Now")
    expect(phone.locator("input[name=held_on_day]")).to_have_value("2")
    expect(phone.locator("input[name=held_time]")).to_have_value("10:00")
    press(phone, "All as planned")
    cards = phone.locator("[data-exercise]")
    chosen = phone.locator("[data-exercise] .how input[value=as_planned]:checked")
    expect(chosen).to_have_count(cards.count())
    choose(phone, "events_noted", "no")
    phone.locator(".actions").get_by_role("button", name="Save session 1").tap()
    expect(phone.get_by_text("Session 1 is saved.")).to_be_visible()
    expect(phone.locator(".sessions .done")).to_have_count(1)


TAPS = """() => addEventListener("pointerdown", () => {
    sessionStorage.taps = Number(sessionStorage.taps || 0) + 1;
}, true)"""
MOST_TAPS = 12


def test_as_planned_with_one_load_changed_takes_twelve_taps_at_most(phone: Page, world: dict[str, str]) -> None:
    """From the list of the day to the saved session, both ratings of pain and every key of the load included."""
    randomize(phone, world)
    phone.add_init_script(f"({TAPS})()")
    phone.goto(f"{world['url']}/t/{world['trial']}/therapy/")
    phone.evaluate("sessionStorage.taps = 0")
    follow(phone, "Log session 1")
    choose(phone, "status", "done")
    press(phone, "Now")
    choose(phone, "pain_before", "4")
    press(phone, "All as planned")
    card = phone.locator("[data-exercise]:has(.as-done [data-key=load])").first
    loads = card.locator(".as-done [data-key=load]")
    loads.first.tap()
    phone.keyboard.type("40")
    if loads.count() > 1:
        card.locator("[data-same]").tap()
    assert {load.input_value() for load in loads.all()} == {"40"}
    choose(phone, "pain_after", "3")
    choose(phone, "events_noted", "no")
    taps = phone.evaluate("Number(sessionStorage.taps)") + len("40") + 1
    phone.locator(".actions").get_by_role("button", name="Save session 1").tap()
    expect(phone.get_by_text("Session 1 is saved.")).to_be_visible()
    assert 10 <= taps <= MOST_TAPS


def test_a_set_is_changed_in_place_and_an_exercise_left_out(phone: Page, world: dict[str, str]) -> None:
    randomize(phone, world)
    phone.goto(f"{world['url']}/t/{world['trial']}/therapy/{world['number']}/sessions/1/")
    choose(phone, "status", "done")
    press(phone, "Now")
    press(phone, "All as planned")
    card = phone.locator("[data-exercise]:has(.as-done [data-key=load])").first
    title = card.locator("h3").inner_text()
    for value in card.locator(".as-done [data-key=reps]").all():
        value.fill("12")
    for value in card.locator(".as-done [data-key=load]").all():
        value.fill("30")
    expect(card.locator(".how input[value=changed]")).to_be_checked()
    card.get_by_role("button", name="Add a set").tap()
    expect(card.locator(".as-done tbody tr").last.locator("[data-key=load]")).to_have_value("30")
    sets = card.locator(".as-done tbody tr").count()
    other = phone.locator("[data-exercise]:not(:has(.as-done [data-key=load]))").first
    other.locator("label:has(input[value=dropped])").tap()
    expect(other.locator(".as-done")).to_be_hidden()
    other.locator("select").first.select_option("pain")
    choose(phone, "events_noted", "no")
    phone.locator(".actions").get_by_role("button", name="Save session 1").tap()
    follow(phone, "Session 1")
    row = phone.locator("tr").filter(has_text=title)
    expect(row).to_contain_text(re.compile(rf"{sets} × 12 at 30"))
    expect(row).to_contain_text("Changed")


def test_a_missed_session_folds_away_what_was_not_held(phone: Page, world: dict[str, str]) -> None:
    randomize(phone, world)
    phone.goto(f"{world['url']}/t/{world['trial']}/therapy/{world['number']}/sessions/1/")
    press(phone, "All as planned")
    choose(phone, "status", "missed")
    expect(phone.locator("[data-held]")).to_be_hidden()
    press(phone, "Now")
    phone.locator("select[name=reason_code]").select_option("illness")
    phone.locator(".actions").get_by_role("button", name="Save session 1").tap()
    expect(phone.get_by_text("Session 1 is saved.")).to_be_visible()
    expect(phone.locator(".sessions .missed")).to_have_count(1)


def as_planned(page: Page, world: dict[str, str]) -> None:
    """Session 1 is filled in, and not saved yet."""
    randomize(page, world)
    page.goto(f"{world['url']}/t/{world['trial']}/therapy/{world['number']}/sessions/1/")
    choose(page, "status", "done")
    press(page, "Now")
    choose(page, "pain_before", "4")
    press(page, "All as planned")
    choose(page, "events_noted", "no")


def save(page: Page) -> None:
    page.locator(".actions").get_by_role("button", name="Save session 1").tap()


def test_the_network_goes_in_the_middle_of_a_log_and_comes_back(phone: Page, world: dict[str, str]) -> None:
    as_planned(phone, world)
    phone.context.set_offline(True)
    expect(phone.locator("#saved")).to_contain_text("No connection. Go on")
    choose(phone, "pain_after", "3")
    save(phone)
    expect(phone.locator("#saved")).to_contain_text("Not saved yet. What you typed is kept on this page")
    phone.locator(".actions").get_by_role("link", name="Cancel").tap()
    expect(phone.locator("input[name=pain_after][value='3']")).to_be_checked()
    assert phone.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    check_page(phone, "Session 1 of 48")
    phone.context.set_offline(False)
    expect(phone.get_by_text("Session 1 is saved.")).to_be_visible()
    expect(phone.locator(".sessions .done")).to_have_count(1)
    follow(phone, "Session 1")
    expect(phone.get_by_text("3 of 10")).to_be_visible()


def test_an_answer_that_never_came_is_asked_for_again_and_the_session_is_saved_once(
    phone: Page, world: dict[str, str]
) -> None:
    lost = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    as_planned(phone, world)
    phone.route("**/sessions/1/", lose)
    save(phone)
    expect(phone.get_by_text("Session 1 is saved.").first).to_be_visible()
    assert lost == [201]
    expect(phone.locator(".sessions .done")).to_have_count(1)


def test_after_a_login_that_ran_out_everything_stands_on_the_page_again(phone: Page, world: dict[str, str]) -> None:
    as_planned(phone, world)
    card = phone.locator("[data-exercise]:has(.as-done [data-key=load])").first
    card.locator(".as-done [data-key=load]").first.fill("40")
    phone.context.clear_cookies()
    save(phone)
    expect(phone.get_by_text("You were signed out meanwhile, and nothing was sent.")).to_be_visible()
    back = phone.locator("input[name=next]").first.input_value()
    phone.context.add_cookies([{"name": "session", "value": world["session"], "url": world["url"]}])
    phone.goto(world["url"] + back)
    expect(phone.locator("input[name=pain_before][value='4']")).to_be_checked()
    expect(card.locator(".as-done [data-key=load]").first).to_have_value("40")
    save(phone)
    expect(phone.get_by_text("Session 1 is saved.")).to_be_visible()
    expect(phone.locator(".sessions .done")).to_have_count(1)
