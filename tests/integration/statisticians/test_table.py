"""A list made elsewhere: uploaded in REDCap's format, its codes explained, its faults told by row."""

import base64
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from randomization import lists
from randomization.actions import sequences
from randomization.blindfold import Purpose, unblinded
from randomization.queries import commitments_of, draft_of
from tests.unit.randomization_db.world import World

PAGE = "/t/STRONG-BACK/sequence/design/uploaded_table/"
EXTEND = "/t/STRONG-BACK/sequence/extend/"
CODES = {"arm_0": "1", "arm_1": "2", "column_0": "lsiq_high", "level_0_0": "1", "level_0_1": "0"}
HEAD = "redcap_randomization_number,redcap_randomization_group,lsiq_high"


def table(places: int = 106, *, extra: str = "") -> bytes:
    """A table with the arms in turn, which nobody should use; every stratum has its own start."""
    rows = [f",{(place + level) % 2 + 1},{level}" for level in (0, 1) for place in range(places)]
    return ("\r\n".join([HEAD, *rows, extra]) + "\r\n").encode()


def upload(data: bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="text/csv")


def sentences(page: Any) -> list[str]:
    return [str(sentence) for sentence in page.context["form"].errors["table"]]


def test_a_table_is_read_with_its_codes_and_counted_out(world: World, client: Client) -> None:
    page = client.post(PAGE, {**CODES, "table": upload(table()), "do": "try"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "Counted out in the table as it is." in html
    assert "The table runs in blocks of 2." in html
    assert [str(row[1].text) for row in page.context["foresight"].places.rows] == ["106", "106"]


def test_the_file_need_not_be_chosen_twice(world: World, client: Client) -> None:
    world.sign_strata()
    page = client.post(PAGE, {**CODES, "table": upload(table()), "do": "try"})
    assert "Kept on this page: list.csv" in page.content.decode()
    held = page.context["form"].held
    assert base64.b64decode(held) == table()
    done = client.post(PAGE, {**CODES, "held": held, "held_name": "list.csv", "do": "prepare"})
    assert done.status_code == 302
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        draft = draft_of(world.trial)
        assert draft is not None
        design = lists.design_of(draft)
    assert [design.arms[arm] for arm in design.arms_of("lsiq=low")[:2]] == ["MC+ILEX", "RT"]


def test_a_large_file_has_to_be_chosen_again(world: World, client: Client) -> None:
    page = client.post(PAGE, {**CODES, "table": upload(table(extra=",,\r\n" * 260_000)), "do": "try"})
    assert page.status_code == 200
    assert "The file is too large to be kept on this page." in page.content.decode()
    assert page.context["form"].held == ""


def test_every_faulty_row_is_told_at_the_file_and_codes_stay(world: World, client: Client) -> None:
    page = client.post(PAGE, {**CODES, "table": upload(table(extra=",3,1\r\n,1,7")), "do": "prepare"})
    assert page.status_code == 422
    assert sentences(page) == [
        "Row 214: redcap_randomization_group cannot be 3. Its codes are 1, 2.",
        "Row 215: lsiq_high cannot be 7. Its codes are 1, 0.",
    ]
    assert 'value="lsiq_high"' in page.content.decode()


def test_a_table_too_short_or_of_another_kind_is_refused(world: World, client: Client) -> None:
    short = client.post(PAGE, {**CODES, "table": upload(table(50)), "do": "try"})
    assert short.status_code == 422
    assert "Each stratum needs at least 106 places" in short.content.decode()
    other = client.post(PAGE, {**CODES, "table": upload(b"\xff\xfe"), "do": "try"})
    assert sentences(other) == ["Row 1 is not UTF-8 text. Save the file as CSV UTF-8."]
    empty = client.post(PAGE, {**CODES, "table": upload(b""), "do": "try"})
    assert sentences(empty) == ["Choose the file of the allocation table."]
    assert sentences(client.post(PAGE, {**CODES, "held": "no Base64!", "do": "try"})) == sentences(empty)


def test_a_code_stands_for_one_thing(world: World, client: Client) -> None:
    page = client.post(PAGE, {**CODES, "arm_1": "1", "table": upload(table()), "do": "try"})
    assert page.status_code == 422
    assert page.context["form"].errors["arm_1"] == ["1 stands for something else already. Give each its own code."]


def test_a_table_is_never_drawn_as_a_dummy(world: World, client: Client) -> None:
    assert "Dry run" not in client.get(PAGE).content.decode()
    for do in ("dummy", "dummy_file"):
        page = client.post(PAGE, {**CODES, "table": upload(table()), "do": do})
        assert page.status_code == 422
        assert "An uploaded table is the list itself." in page.content.decode()


def test_a_table_is_extended_by_a_table(world: World, client: Client) -> None:
    world.sign_strata()
    client.post(PAGE, {**CODES, "table": upload(table()), "do": "prepare"})
    with unblinded(by=world.ruth, trial=world.trial, purpose=Purpose.SEQUENCE):
        held = draft_of(world.trial)
    assert held is not None
    sequences.activate(sequence=held, by=world.ruth)
    tried = client.post(EXTEND, {**CODES, "table": upload(table(10)), "do": "try"})
    assert [str(row[1].text) for row in tried.context["then"].rows] == ["116", "116"]
    done = client.post(EXTEND, {**CODES, "held": tried.context["form"].held, "do": "prepare"})
    assert done.status_code == 302
    assert len(commitments_of(world.trial)) == 1
