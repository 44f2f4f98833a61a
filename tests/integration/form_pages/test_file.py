"""A file as an answer: kept at once and encrypted, its kind read from its bytes, opened by who may read the form."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from core.problems import Invalid
from instruments.uploads import LARGEST
from outcomes.actions import responses
from outcomes.models import Attachment, Draft, Form, Response
from tests import cast as people
from tests.integration.coordinators.walls import check_refused
from tests.integration.coordinators.world import World

PDF = b"%PDF-1.7\nthe report of somebody"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
TYPED = {
    "reported_on_day": "1",
    "reported_on_month": "3",
    "reported_on_year": "2026",
    "incidental": "0",
    "step": "submit",
}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The cast's trial with a report of the imaging at baseline."""
    form = "      - {instrument: imaging_report, filled_by: coordinator}\n"
    text = people.STRONG_BACK.read_text(encoding="utf-8")
    first = text.index("      - {instrument: actigraphy, filled_by: imported}\n")
    with clock.moved_to(people.MONDAY - timedelta(days=60)):
        world = World.build(text[:first] + form + text[first:])
        clock.advance(timedelta(days=60))
        yield world


@pytest.fixture
def form(world: World) -> Form:
    return world.form(world.consented(), "baseline", "imaging_report")


def sent(content: bytes, name: str = "bouchard.pdf", **more: str) -> dict[str, object]:
    return {**TYPED, "report-upload": SimpleUploadedFile(name, content), **more}


def page_of(world: World, form: Form) -> str:
    return world.url("form", form=form.pk)


def file_of(world: World, form: Form, item: str = "report") -> str:
    return world.url("form_file", form=form.pk, item=item)


def submitted(world: World, form: Form, content: bytes = PDF) -> Client:
    elise = world.browser("elise")
    assert elise.post(page_of(world, form), sent(content)).status_code == 302
    return elise


def test_a_file_is_kept_encrypted_and_given_back_to_be_saved(world: World, form: Form) -> None:
    elise = submitted(world, form)
    kept = Attachment.objects.get()
    assert Response.objects.get(form=form).answers["report"] == str(kept.pk)
    assert (kept.kind, kept.size) == ("pdf", len(PDF))
    assert b"somebody" not in bytes(kept.content)
    assert file_of(world, form) in elise.get(page_of(world, form)).content.decode()
    answer = elise.get(file_of(world, form))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    number = form.participant.number
    assert answer["Content-Disposition"] == f'attachment; filename="{number}_imaging_report_report.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00 not a pdf", "The file is none of: PDF, PNG, JPEG."),
        (b"<html>%PDF-</html>", "The file is none of: PDF, PNG, JPEG."),
        (b"%PDF-" + b"x" * LARGEST, "The file is larger than 2 MB."),
    ],
)
def test_what_it_is_is_read_from_its_bytes_and_not_its_name(
    world: World, form: Form, content: bytes, words: str
) -> None:
    answer = world.browser("elise").post(page_of(world, form), sent(content, "report.pdf"))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Attachment.objects.exists()


def test_another_mistake_on_the_page_loses_no_file(world: World, form: Form) -> None:
    elise = world.browser("elise")
    answer = elise.post(page_of(world, form), sent(PDF, incidental=""))
    assert answer.status_code == 422
    key = str(Attachment.objects.get().pk)
    assert f'name="report" value="{key}"' in answer.content.decode()
    assert elise.post(page_of(world, form), {**TYPED, "report": key}).status_code == 302
    assert Response.objects.get(form=form).answers["report"] == key


def test_a_draft_keeps_its_file_and_another_takes_its_place(world: World, form: Form) -> None:
    elise = world.browser("elise")
    elise.post(page_of(world, form), sent(PDF, step="save"))
    assert elise.get(file_of(world, form)).content == PDF
    elise.post(page_of(world, form), sent(PNG, step="save"))
    assert elise.get(file_of(world, form))["Content-Type"] == "image/png"
    assert Draft.objects.filter(form=form, item="report").count() == 1
    assert world.browser("tomas").get(file_of(world, form)).status_code == 404


def test_no_file_needs_a_reason(world: World, form: Form) -> None:
    elise = world.browser("elise")
    assert elise.post(page_of(world, form), TYPED).status_code == 422
    assert elise.post(page_of(world, form), {**TYPED, "report-missing": "not_done"}).status_code == 302
    assert Response.objects.get(form=form).missing == {"report": "not_done"}
    assert elise.get(file_of(world, form)).status_code == 404


def test_a_correction_may_bring_another_file_and_the_old_one_stays(world: World, form: Form) -> None:
    elise = submitted(world, form)
    url = world.url("form_correct", form=form.pk)
    revision = str(Response.objects.get(form=form).revision)
    changed = elise.post(url, {**sent(PNG), "reason": "It was another person's.", "revision": revision})
    assert changed.status_code == 302
    assert elise.get(file_of(world, form)).content == PNG
    assert Attachment.objects.count() == 2


def test_a_file_of_another_form_is_no_answer(world: World, form: Form) -> None:
    submitted(world, form)
    other = world.form(world.consented(), "baseline", "imaging_report")
    foreign = str(Attachment.objects.get().pk)
    with pytest.raises(Invalid) as caught:
        responses.submit(
            form=other,
            answers={"reported_on": "2026-03-01", "incidental": 0, "report": foreign},
            by=world.coordinator,
        )
    assert [each.code for each in caught.value.problems] == ["upload.unknown"]


def test_who_may_not_read_the_form_gets_no_file(world: World, form: Form) -> None:
    submitted(world, form)
    assert world.browser("tomas").get(file_of(world, form)).content == PDF
    assert Client().get(file_of(world, form)).status_code == 302
    check_refused(world, "marc", file_of(world, form))
    check_refused(world, "samuel", file_of(world, form))
    elise = world.browser("elise")
    assert elise.get(file_of(world, form, "incidental")).status_code == 404
    assert elise.get(file_of(world, form, "nothing")).status_code == 404
    assert elise.post(file_of(world, form)).status_code == 405
