"""Results from a file: checked, looked at, entered."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from outcomes.models import Response
from outcomes.result_files import LARGEST
from tests.integration.coordinators.walls import check_refused, check_walls
from tests.integration.coordinators.world import World
from tests.unit.outcomes.test_imports import row, written


@pytest.fixture
def url(world: World) -> str:
    return world.url("coordinators:results")


def sent(document: str | bytes, **more: str) -> dict[str, object]:
    data = document.encode() if isinstance(document, str) else document
    return {"instrument": "mri", "file": SimpleUploadedFile("scans.csv", data), "do": "check", **more}


def hidden(page: str) -> dict[str, str]:
    """What the page sends again, as a browser does: lines end with CR LF."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {**found, "document": found["document"].replace("\n", "\r\n"), "do": "enter"}


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:results")
    check_walls(world, "coordinators:results_table", instrument="mri")
    check_refused(world, "amelie", world.url("coordinators:results"))


def test_checked_looked_at_and_entered(world: World, elise: Client, url: str) -> None:
    participant = world.consented()
    page = elise.post(url, sent(written(row(participant)))).content.decode()
    assert "The file fits: 1 form would be entered. Nothing is entered yet." in page
    assert participant.number in page
    assert not Response.objects.exists()
    done = elise.post(url, hidden(page), follow=True).content.decode()
    assert "1 form was entered." in done
    assert Response.objects.get().originator == "import"
    listed = done[done.index("Files entered so far") :]
    assert "Élise Tremblay" in listed
    assert hidden(page)["sha256"][:12] in listed


def test_before_the_first_file_the_page_says_so(world: World, elise: Client, url: str) -> None:
    assert "No file was entered yet." in elise.get(url).content.decode()


def test_unusual_values_are_listed_and_asked_about(world: World, elise: Client, url: str) -> None:
    participant = world.consented()
    page = elise.post(url, sent(written(row(participant, fat_l1_left=95)))).content.decode()
    assert f"Row 2 ({participant.number}), fat_l1_left = 95.0: This value is unusual" in page
    again = elise.post(url, hidden(page))
    assert again.status_code == 422
    assert "Confirm the unusual values, or correct them in the file." in again.content.decode()
    assert not Response.objects.exists()
    elise.post(url, {**hidden(again.content.decode()), "confirmed": "on"})
    assert Response.objects.get().confirmed == ["fat_l1_left"]


def test_every_mistake_is_told_with_its_row(world: World, elise: Client, url: str) -> None:
    participant = world.consented()
    answer = elise.post(url, sent(written(row(participant, fat_l1_left=140), row("MTL-9999"))))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"Row 2 ({participant.number}, baseline): fat_l1_left: Enter a number from 0 to 100." in page
    assert "Row 3 (MTL-9999, baseline): No form is expected" in page


def test_what_changed_after_the_look_is_told_and_nothing_is_entered(world: World, elise: Client, url: str) -> None:
    participant = world.consented()
    page = elise.post(url, sent(written(row(participant)))).content.decode()
    elise.post(url, hidden(page))
    again = elise.post(url, hidden(page))
    assert again.status_code == 409
    assert "Nothing was entered." in again.content.decode()
    assert "This form was submitted already" in again.content.decode()
    assert Response.objects.count() == 1


def test_what_is_no_text_or_too_large_is_refused(world: World, elise: Client, url: str) -> None:
    for data, words in (
        (b"\xff\xfe", "The file is not UTF-8 text."),
        (b" " * (LARGEST + 1), "The file is larger than 500 kB."),
        (b"", "The file holds no rows."),
    ):
        answer = elise.post(url, sent(data))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert elise.post(url, {"do": "enter"}).status_code == 422
    assert elise.post(url, {"do": "check"}).status_code == 422


def test_the_empty_table_holds_the_forms_that_wait(world: World, elise: Client, url: str) -> None:
    first, second = world.consented(), world.consented()
    elise.post(url, hidden(elise.post(url, sent(written(row(first)))).content.decode()))
    answer = elise.get(world.url("coordinators:results_table", instrument="mri"))
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("number,visit,done,not_done_reason,scan_date")
    assert [line.split(",")[:2] for line in lines[1:]] == [[second.number, "baseline"]]
    assert elise.get(world.url("coordinators:results_table", instrument="odi")).status_code == 404


def test_a_row_of_the_empty_table_filled_in_is_accepted(world: World, elise: Client, url: str) -> None:
    participant = world.consented()
    empty = elise.get(world.url("coordinators:results_table", instrument="mri")).content.decode()
    filled = empty.replace("baseline,,,", "baseline,0,declined,")
    assert "1 form would be entered" in elise.post(url, sent(filled)).content.decode()
    assert participant.number in filled
