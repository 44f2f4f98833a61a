"""The file without arms: for those who may export, of their sites."""

import io
import zipfile
from typing import Any

from django.test import Client

from accounts.roles import Role
from tests.integration.monitors.conftest import World

PAGE = "/t/STRONG-BACK/monitoring/exports/"


def files_of(answer: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    return found


def test_the_file_comes_with_tables_codebook_and_manifest(world: World, investigator: Client) -> None:
    answer = investigator.post(PAGE)
    assert 'filename="strong-back-blinded-2026-03-02.zip"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"
    files = files_of(answer)
    assert {"participants.csv", "form_odi.csv", "codebook.csv", "codebook.json", "manifest.json"} <= set(files)
    assert world.participant.number.encode() in files["participants.csv"]


def test_for_sharing_by_a_tick(world: World, investigator: Client) -> None:
    files = files_of(investigator.post(PAGE, {"for_sharing": "on"}))
    assert files["participants.csv"].count(b"\r\n") == 1  # nobody consented yet
    assert b"site" not in files["participants.csv"]


def test_of_the_persons_sites_only(world: World, client: Client) -> None:
    client.force_login(world.somebody(Role.COORDINATOR, world.other_site()))
    assert "Sites: Québec." in client.get(PAGE).content.decode()
    assert world.participant.number.encode() not in files_of(client.post(PAGE))["participants.csv"]


def test_wrong_role_logged_out_and_wrong_method(world: World, client: Client) -> None:
    for user in (world.cast.tomas, world.cast.amelie, world.cast.marc, world.cast.ingrid):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE).status_code == 403
    client.force_login(world.cast.noor)
    assert client.put(PAGE).status_code == 405
    client.logout()
    assert client.get(PAGE).status_code == 302
