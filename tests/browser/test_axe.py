"""Every page that every role can reach, on a phone and at a desk, light and dark: everybody can use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import office
from tests.browser.hands.filling import leave
from tests.browser.house import PHONE, House, running
from tests.browser.looking import Watch

pytestmark = pytest.mark.browser
KINDS = {
    "elise": 18,
    "amelie": 4,
    "marc": 8,
    "priya": 4,
    "ingrid": 2,
    "samuel": 9,
    "ruth": 9,
    "helen": 5,
    "tomas": 4,
    "noor": 5,
}
"""At least so many kinds of page are linked for each of the cast."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[House]:
    with running("peopled", "embedded", tmp_path_factory.mktemp("peopled"), chromium) as house:
        yield house


@pytest.mark.parametrize("who", KINDS)
def test_every_page_of_somebody_of_the_staff(who: str, house: House) -> None:
    watch = Watch(house.enter(who))
    watch.crawl()
    assert watch.faults == []
    assert len(set(watch.kinds)) >= KINDS[who], sorted(set(watch.kinds))


def test_therapists_pages_on_a_phone(house: House) -> None:
    page = house.enter("marc")
    page.set_viewport_size(PHONE["viewport"])
    watch = Watch(page)
    watch.crawl()
    assert watch.faults == []


def test_every_kind_of_question_on_a_phone(house: House) -> None:
    watch = Watch(house.context("phone", **PHONE).new_page())
    for address in house.world["questionnaire"]:
        watch.open(f"{house.url}{address}")
    assert watch.faults == []


@pytest.mark.parametrize(
    "rest",
    [
        "screening/new/",
        "participants/{eligible}/screen/",
        "participants/{eligible}/consent/",
        "participants/{eligible}/contact-log/",
        "participants/{consented}/decide/after_mri/",
        "participants/{consented}/appointments/new/",
        "participants/{consented}/withdraw/",
    ],
)
def test_a_form_sent_empty_says_what_is_missing(rest: str, house: House) -> None:
    page = house.enter("elise")
    page.goto(house.page(rest.format(**house.world["numbers"])))
    check_refused(page)


@pytest.mark.parametrize("who", ["amelie", "marc"])
def test_a_form_of_the_worklist_sent_empty_says_what_is_missing(who: str, house: House) -> None:
    page = house.enter(who)
    leave(page, page.locator('.act a[href*="/forms/"], .act a[href*="/sessions/"]').first)
    check_refused(page)


def check_refused(page: Page) -> None:
    watch = Watch(page)
    leave(page, page.locator("main form .actions button.btn").first)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    watch.look()
    assert watch.faults == []


def test_before_anybody_signed_in(house: House) -> None:
    watch = Watch(house.context("nobody", **PHONE).new_page())
    own = ("/accounts/login/", "/accounts/password/reset/", "/t/STRONG-BACK/")
    for address in (*own, "/trials/", "/trials/STRONG-BACK/"):
        assert watch.open(f"{house.url}{address}") == 200
    assert watch.faults == []


def test_a_dataset_is_downloaded_again_from_the_same_page(house: House) -> None:
    page = house.enter("elise")
    page.goto(house.page("monitoring/exports/"))
    button = page.locator("main form[data-download] .actions button.btn").first
    for _each in range(2):
        expect(button).not_to_have_attribute("aria-busy", "true")
        with page.expect_download() as download:
            button.click()
        assert download.value.suggested_filename.endswith(".zip")


def test_where_there_is_nothing(house: House) -> None:
    watch = Watch(house.enter("amelie"))
    assert watch.open(house.page("participants/MTL-0000/")) == 404
    assert watch.open(house.page("sequence/")) == 403
    assert watch.faults == []


def test_the_offices_before_the_list_is_active(tmp_path: Path, chromium: Browser) -> None:
    with running("empty", "embedded", tmp_path, chromium) as house:
        faults = []
        for who, step in (("helen", office.sign_strata), ("samuel", office.prepare_list), ("ruth", None)):
            watch = Watch(house.enter(who))
            watch.crawl()
            if step is not None:
                step(house.enter(who))
                watch.look()
            faults += watch.faults
        assert faults == []
