"""Data for analysts: letters in place of arms, given with a purpose, to statisticians only."""

import io
import zipfile

from django.test import Client

from audit.models import Entry
from tests.trail import content
from tests.unit.randomization_db.world import World

PAGE = "/t/STRONG-BACK/unblinded/analysts/"
WHY = {"purpose": "Blinded analysis by Dr. Hale"}


def test_with_a_purpose_the_file_comes(world: World, client: Client) -> None:
    answer = client.post(PAGE, WHY)
    assert 'filename="strong-back-dummy-arms-2026-03-02.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert {"arms.csv", "participants.csv", "codebook.csv", "manifest.json"} <= set(archive.namelist())
    assert content(verb="export.dummy").reason == WHY["purpose"]


def test_without_a_purpose_nothing_is_opened(world: World, client: Client) -> None:
    for purpose in ("", "short"):
        assert client.post(PAGE, {"purpose": purpose}).status_code in (400, 422)
    assert not Entry.objects.filter(verb="blind.open_export").exists()


def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client) -> None:
    assert "The arms are not of equal size." not in client.get(PAGE).content.decode()
    assert client.put(PAGE).status_code == 405
    assert client.get("/t/OTHER/unblinded/analysts/").status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, WHY).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302
