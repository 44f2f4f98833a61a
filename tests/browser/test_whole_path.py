"""The whole path of STRONG-BACK in Chromium, from the first call to the dataset, each in a browser of their own."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.browser import arms
from tests.browser.hands import assessor, coordinator, office, participant, therapist
from tests.browser.house import DATABASES, PHONE, House, running

pytestmark = pytest.mark.browser
CALLER = "camille@example.org"
SEEDS = {"embedded": 1, "postgresql": 2}
"""Each database walks into another arm: one in which Marc, who randomizes, treats, and one in which Priya does."""
LONG = ["promis29", "sf12v1", "sri", "ipaq_sf"]
"""Tapped item by item on the embedded database, submitted by their verb on the other."""
BASELINE = {f"odi_{number}": 3 for number in range(1, 11)}
WEEK16 = {f"odi_{number}": 2 if number < 10 else 1 for number in range(1, 11)}
UNSTABLE = {f"lsiq_{number}": int(number <= 9) for number in range(1, 16)}
"""Nine of fifteen: the value that the registry left out."""


@pytest.fixture(params=DATABASES)
def house(request: pytest.FixtureRequest, tmp_path: Path, chromium: Browser) -> Iterator[House]:
    with running("empty", request.param, tmp_path, chromium, SEEDS[request.param]) as house:
        yield house


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo("America/Toronto"))


def test_from_the_first_call_to_the_dataset(house: House) -> None:
    open_the_list(house)
    number = enrol(house)
    arm = first_session(house, number)
    follow_up(house, number)
    close_and_export(house, number, arm)
    check_nothing_told_the_arm(house)
    assert house.tell("altered") == []


def open_the_list(house: House) -> None:
    office.sign_strata(house.enter("helen"))
    office.prepare_list(house.enter("samuel"))
    commitment = office.activate_list(house.enter("ruth"))
    assert re.fullmatch(r"[0-9a-f]{64}", commitment)


def enrol(house: House) -> str:
    elise = house.enter("elise")
    number = coordinator.screen(elise)
    record = house.page(f"participants/{number}/")
    coordinator.keep_contact(elise, CALLER)
    coordinator.record_consent(elise, date(2026, 3, 2))
    coordinator.book(elise, record, "assessment", date(2026, 3, 4), "10:00", "Amélie Gagnon")
    house.tell("sweep")
    if house.database == "postgresql":
        house.tell("submit", number=number, visit="baseline", instruments=LONG)
    phone = house.context("participant", **PHONE).new_page()
    asked = participant.answer_everything(phone, house.links_in_mail(CALLER)[0], odi=BASELINE, lsiq=UNSTABLE)
    assert "Incapacité liée au mal de dos (sujets de l'ODI)" in asked
    house.move(at(3, 4))
    amelie = house.enter("amelie")
    assessor.measure(amelie, number)
    assessor.sign(amelie)
    coordinator.enter_result(elise, record, "mri", done=1, scan_date="2026-03-03", regions=["spine"])
    coordinator.enter_result(elise, record, "actigraphy", done=1, first_night="2026-03-02")
    coordinator.decide_after_mri(elise, record)
    coordinator.book(elise, record, "session", date(2026, 3, 10), "14:00")
    return number


def first_session(house: House, number: str) -> str:
    house.move(at(3, 10, 14))
    marc = house.enter("marc")
    arm = therapist.randomize(marc, number)
    if therapist.treats(marc, number):
        marc.locator(f'main .actions a[href$="/therapy/{number}/"]').click()
        treating = marc
    else:
        assert house.page(f"therapy/{number}/") not in marc.content()
        treating = house.enter("priya")
        therapist.take_over(treating, number)
    therapist.log_first_session(treating)
    return arm


def follow_up(house: House, number: str) -> None:
    house.move(at(3, 17))
    phone = house.contexts["participant"].pages[0]
    participant.answer_everything(phone, house.links_in_mail(CALLER)[-1], nprs={"nprs": 6})
    house.move(at(6, 29))
    elise, record = house.enter("elise"), house.page(f"participants/{number}/")
    coordinator.book(elise, record, "assessment", date(2026, 6, 30), "10:00", "Amélie Gagnon")
    house.move(at(6, 30))
    house.tell("submit", number=number, visit="week16", instruments=["nprs", *LONG])
    coordinator.send_link(elise, record)
    participant.answer_everything(phone, house.links_in_mail(CALLER)[-1], odi=WEEK16)
    amelie = house.enter("amelie")
    assessor.measure(amelie, number)
    assessor.sign(amelie)
    assessor.guess(amelie)
    elise.goto(record)


def close_and_export(house: House, number: str, told: str) -> None:
    office.lock(house.enter("noor"))
    by_arm = office.download(house.enter("samuel"), "/sequence/exports/", "The primary analysis of the trial.")
    (allocated,) = by_arm.rows("allocations")
    assert (allocated["number"], allocated["stratum_lsiq"]) == (number, "high")
    assert arms.code_of(told) == allocated["arm"]
    before, after = by_arm.rows("odi")
    assert [before["number"], before["score_pct"], before["language"]] == [number, "60.0", "fr"]
    assert [after["number"], after["visit"], after["odi_1"], after["score_pct"]] == [number, "week16", "2", "38.0"]
    assert [row["nprs"] for row in by_arm.rows("nprs") if row["visit"] == "weekly_pain"] == ["6"]
    assert [row["session"] for row in by_arm.rows("sessions")] == ["1"]
    blinded = office.download(house.enter("helen"), "/monitoring/exports/")
    assert [row["score_pct"] for row in blinded.rows("odi")] == ["60.0", "38.0"]
    assert arms.found_in(blinded.files) == []
    assert not {"allocations.csv", "sessions.csv"} & set(blinded.files)


def check_nothing_told_the_arm(house: House) -> None:
    for name in ("elise", "amelie"):
        received = house.received(name)
        assert len(received) > 10
        # The page that asks for a guess offers every arm.
        offered = {where: received.pop(where) for where in list(received) if where.endswith("/guess/")}
        assert arms.found_in(received) == []
        assert all(arms.each_named_alike(text) for text in offered.values())
    assert arms.found_in(house.received("marc")) != []
    letters = {str(mail["to"]): mail["subject"] + mail["body"] for mail in house.tell("mails")}
    assert arms.found_in(letters) == []
