"""Odd input to pages: what no form of ours would send is answered in a sentence, never with a failure."""

import pytest
from django.http.multipartparser import MultiPartParser
from django.test import Client

from tests.integration.coordinators.world import World
from tests.integration.signed_out import mark_on

pytestmark = pytest.mark.django_db
NUL = "\0"


def test_characters_that_no_database_stores(world: World, elise: Client) -> None:
    new, found = world.url("coordinators:screen_new"), world.url("coordinators:participants")
    log = world.url("coordinators:contact_log", number=world.eligible().number)
    for answer in (
        elise.get(f"/t/{world.trial.code}/participants/%00/"),
        elise.get("/q/%00/"),
        elise.get(found, {"number": NUL}),
        elise.post(found, {"search": "a", NUL: "b"}),
        elise.get(new, {"draft": NUL}),
        elise.post(new, {"step": "save", "once": NUL}),
        elise.post(new, {"discard": NUL}),
        elise.post(found, {"search": NUL}),
        elise.post(log, {"channel": "phone", "outcome": "no_answer", "note": NUL}),
    ):
        assert answer.status_code < 500


def test_a_strangers_upload_to_the_api_is_refused_unread(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MultiPartParser, "parse", None)
    answer = Client().post(f"/api/v1/trials/{world.trial.code}/participants/", {"note": "x"})
    assert answer.status_code in (401, 415)


def test_a_form_to_an_odd_address_when_the_login_has_run_out(world: World, elise: Client) -> None:
    log = world.url("coordinators:contact_log", number=world.eligible().number)
    mark = mark_on(elise.get(log).content.decode())
    elise.logout()
    answer = elise.post(f"/t/{world.trial.code}/participants/%00/contact/", {"note": "x", "typed_by": mark})
    assert 300 <= answer.status_code < 500


def test_revisions_that_are_no_numbers(world: World, elise: Client) -> None:
    page = world.url("coordinators:contact", number=world.eligible().number)
    for revision in ("9" * 5000, "٣", "-1", "1e9", "99999999999999999999"):
        answer = elise.post(page, {"name": "A", "phone": "514 555 0100", "revision": revision})
        assert answer.status_code in (302, 409, 422), revision


def test_pages_and_groups_that_are_not_there(world: World, elise: Client) -> None:
    for query in ("page=9" + "9" * 5000, "page=x", "page=-1", "page=0"):
        for name in ("participants", "corrections", "home", "messages"):
            assert elise.get(f"{world.url(f'coordinators:{name}')}?{query}").status_code == 200, (name, query[:20])
    odd = f"{world.url('coordinators:screen_new')}?group={'g' * 500}"
    assert elise.get(odd).status_code < 500
    assert elise.post(odd, {"step": "save", "once": "a"}).status_code < 500
