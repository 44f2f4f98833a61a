"""The file by arm: given with a purpose, to statisticians only."""

import io
import zipfile

from django.test import Client

from audit.models import Entry
from tests.trail import content
from tests.unit.randomization_db.world import World

PAGE = "/t/STRONG-BACK/sequence/exports/"
WHY = {"purpose": "Report to the monitoring committee"}


def test_with_a_purpose_the_file_comes(world: World, client: Client) -> None:
    answer = client.post(PAGE, WHY)
    assert answer["Content-Type"] == "application/zip"
    assert 'filename="strong-back-by-arm-2026-03-02.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert {"allocations.csv", "sessions.csv", "codebook.csv", "manifest.json"} <= set(archive.namelist())
    assert content(verb="blind.open_export").reason == WHY["purpose"]


def test_without_a_purpose_nothing_is_opened(world: World, client: Client) -> None:
    for purpose in ("", "short"):
        page = client.post(PAGE, {"purpose": purpose})
        assert page.status_code in (400, 422)
        assert "Error:" in page.content.decode()
    assert not Entry.objects.filter(verb="blind.open_export").exists()


def test_the_page_warns_before_the_lock(world: World, client: Client) -> None:
    assert "The trial is not locked." in client.get(PAGE).content.decode()


def test_wrong_role_logged_out_and_wrong_method(world: World, client: Client) -> None:
    assert client.put(PAGE).status_code == 405
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, WHY).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_another_trials_address_is_not_there(world: World, client: Client) -> None:
    assert client.get("/t/OTHER/sequence/exports/").status_code == 404
