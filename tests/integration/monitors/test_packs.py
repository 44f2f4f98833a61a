"""Content packs: what is in force, loading a file, the languages side by side."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast as people
from tests import packs
from tests.integration.monitors.conftest import World
from trials.models import LoadedPack
from trials.queries import protocol_of
from web.monitors.pack_form import MOST_SENTENCES

PAGE = "/t/STRONG-BACK/monitoring/content-packs/"
ODI = f"{PAGE}odi/"


def upload(document: str | bytes, **more: str) -> dict[str, object]:
    data = document.encode() if isinstance(document, str) else document
    return {"file": SimpleUploadedFile("pack.json", data), "do": "load", **more}


def test_a_pack_is_loaded_and_listed_with_its_licence(world: World, manager: Client) -> None:
    before = manager.get(PAGE).content.decode()
    assert "Disability from low back pain (ODI topics): English, French" in before
    done = manager.post(PAGE, upload(packs.document("odi")), follow=True).content.decode()
    assert "Forms begun from now on show these words." in done
    assert "content pack 1" in done
    assert "Owner, L-1" in done
    assert "Noor Haddad, 2 Mar 2026, 15:00 UTC" in done
    assert "Disability from low back pain (ODI topics): English, French" not in done


def test_only_checking_loads_nothing(world: World, manager: Client) -> None:
    done = manager.post(PAGE, {**upload(packs.document("odi")), "do": "check"}, follow=True)
    assert "It is not loaded yet." in done.content.decode()
    assert not LoadedPack.objects.exists()


def test_every_mistake_is_listed_and_of_very_many_the_first(world: World, manager: Client) -> None:
    answer = manager.post(PAGE, upload(packs.document("odi", title="", recall="")))
    assert answer.status_code == 422
    assert "title: is empty. Fill it in." in answer.content.decode()
    assert "recall: is empty. Fill it in." in answer.content.decode()
    many = {f"no_{number}": {"text": "Extra"} for number in range(200)}
    page = manager.post(PAGE, upload(packs.document("odi", items=many))).content.decode()
    assert page.count("is not an item of odi") <= 2 * MOST_SENTENCES  # in the summary and at the field
    assert "more mistakes." in page


def test_what_is_no_text_is_refused(world: World, manager: Client) -> None:
    for data, words in (
        (b"\xff\xfe", "The file is not UTF-8 text."),
        (b" " * 1_000_001, "The file is larger than 1 MB."),
        (b"", "this is not JSON"),
        (b"<script>alert(1)</script>", "this is not JSON"),
    ):
        answer = manager.post(PAGE, upload(data))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert manager.post(PAGE, {"do": "load"}).status_code == 422


def test_other_words_need_a_new_version_and_a_reason(world: World, manager: Client) -> None:
    manager.post(PAGE, upload(packs.document("odi")))
    other = packs.document("odi", title="Mended")
    assert manager.post(PAGE, upload(other)).status_code == 409
    newer = packs.document("odi", title="Mended", version="2")
    refused = manager.post(PAGE, upload(newer))
    assert refused.status_code == 422
    assert "Say why they change." in refused.content.decode()
    assert manager.post(PAGE, upload(newer, reason="A word was mistyped.")).status_code == 302
    loaded = manager.get(ODI).content.decode().split("Packs loaded", 1)[1]
    assert re.findall(r'<th scope="row">\s*(\d)\s*</th>', loaded) == ["2", "1"]


def test_languages_stand_side_by_side_with_code_and_topic(world: World, manager: Client) -> None:
    manager.post(PAGE, upload(packs.document("odi")))
    page = manager.get(ODI).content.decode()
    assert "<code>odi_4</code><br>Walking" in page
    assert '<td data-label="French"><div lang="fr"><p>Real odi_4</p>' in page
    assert '<td data-label="English"><div lang="en"><p>Walking</p>' in page
    assert "topics stand in for licensed words" in page


def test_words_of_a_pack_are_text_and_never_markup(world: World, manager: Client) -> None:
    manager.post(PAGE, upload(packs.document("odi", instructions="<b>Real</b>")))
    assert "&lt;b&gt;Real&lt;/b&gt;" in manager.get(ODI).content.decode()


def test_nothing_tells_whose_form_it_is_or_when_it_is_asked(world: World, manager: Client) -> None:
    protocol = protocol_of(world.trial)
    telling = [arm.code for arm in protocol.design.arms] + [visit.label.root["en"] for visit in protocol.visits]
    for address in (PAGE, f"{PAGE}interview_record/"):
        main = manager.get(address).content.decode().split("<main", 1)[1]
        assert not [word for word in telling if re.search(rf"\b{re.escape(word)}\b", main)]


def test_a_page_costs_the_same_whatever_is_loaded(
    world: World, manager: Client, django_assert_max_num_queries: object
) -> None:
    noor = people.actor(world.cast.noor)
    manager.get(ODI)
    for language in ("en", "fr"):
        packs.load(world.trial, noor, "odi", language)
    manager.get(ODI)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        manager.get(ODI)


def test_wrong_role_logged_out_wrong_method_bad_id_other_trial(world: World, client: Client) -> None:
    for user in (world.cast.helen, world.cast.tomas, world.cast.samuel, world.cast.elise, world.cast.marc):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE).status_code == 403
        assert client.get(ODI).status_code == client.get(f"{PAGE}horoscope/").status_code == 403
    client.force_login(world.cast.noor)
    assert client.get(f"{PAGE}horoscope/").status_code == 404
    assert client.get(f"{PAGE}rmdq/").status_code == 404  # an instrument that the trial does not use
    assert client.put(PAGE).status_code == client.post(ODI).status_code == 405
    assert client.get("/t/OTHER/monitoring/content-packs/").status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == client.get(ODI).status_code == 302


def test_a_form_that_lacks_words_is_named_once_with_its_languages(world: World, manager: Client) -> None:
    lacking = manager.get(PAGE).context["lacking"]
    assert "Disability from low back pain (ODI topics): English, French" in lacking
    packs.load(world.trial, people.actor(world.cast.noor), "odi", "fr")
    assert "Disability from low back pain (ODI topics): English" in manager.get(PAGE).context["lacking"]
