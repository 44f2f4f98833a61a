"""A screening saved as it is typed: found again, told of in a second tab, gone once it is saved."""

import pytest
from django.test import Client

from core import clock
from participants.actions.screening_drafts import KEPT_FOR
from participants.models import Participant, ScreeningDraft
from tests.integration.coordinators.test_screening import typed, url
from tests.integration.coordinators.world import World
from tests.integration.signed_out import Fields, check_kept

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def half(**changes: str) -> dict[str, str]:
    """A page half filled, with a number that will be refused."""
    whole = {"language": "fr", "q-age": "4x", "q-lbp_months": "18", "declined_reason": ""}
    return {**whole, "once": "pass", "revision": "0", "step": "save", **changes}


def test_saved_by_the_script_at_every_change(world: World, elise: Client) -> None:
    first = elise.post(url(world), half(), headers=JSON).json()
    assert first == {"saved": "Draft saved 10:00", "revision": 1, "address": f"{url(world)}?draft=pass"}
    second = elise.post(url(world), half(revision="1", **{"q-age": "41"}), headers=JSON).json()
    assert second["revision"] == 2
    assert ScreeningDraft.objects.count() == 1
    assert not Participant.objects.exists()


def test_found_again_as_typed_and_not_judged(world: World, elise: Client) -> None:
    saved = elise.post(url(world), half())
    assert saved["Location"] == f"{url(world)}?draft=pass"
    body = elise.get(saved["Location"]).content.decode()
    found = Fields(body).values
    assert (found["q-age"], found["q-lbp_months"], found["language"]) == (["4x"], ["18"], ["fr"])
    assert (found["once"], found["revision"]) == (["pass"], ["1"])
    assert "There is a problem" not in body
    assert "Draft saved 10:00" in body


def test_a_closed_tab_is_listed_at_the_next_and_can_be_thrown_away(world: World, elise: Client) -> None:
    elise.post(url(world), half())
    body = elise.get(url(world)).content.decode()
    assert "Not finished yet" in body
    assert f"{url(world)}?draft=pass" in body
    assert 'value="4x"' not in body
    assert "Not finished yet" not in world.browser("elise").get(f"{url(world)}?draft=pass").content.decode()
    assert elise.post(url(world), {"discard": "pass"}).status_code == 302
    assert not ScreeningDraft.objects.exists()
    assert "This draft is not there any more" in elise.get(f"{url(world)}?draft=pass").content.decode()


def test_of_two_tabs_the_second_is_told_and_loses_nothing(world: World, elise: Client) -> None:
    elise.post(url(world), half())
    told = elise.post(url(world), half(**{"q-age": "50"}), headers=JSON)
    assert told.status_code == 409
    assert "from another tab or device" in told.json()["sentence"]
    page = elise.post(url(world), half(**{"q-age": "50"}))
    body = page.content.decode()
    assert page.status_code == 409
    assert Fields(body).values["q-age"] == ["50"]
    assert Fields(body).values["revision"] == ["1"]
    assert elise.post(url(world), half(revision="1", **{"q-age": "50"})).status_code == 302
    kept = elise.get(f"{url(world)}?draft=pass").content.decode()
    assert Fields(kept).values["q-age"] == ["50"]


def test_a_screening_is_not_saved_from_a_tab_that_is_behind(world: World, elise: Client) -> None:
    elise.post(url(world), half())
    elise.post(url(world), half(revision="1"))
    behind = elise.post(url(world), {**typed(), "once": "pass", "revision": "1"})
    assert behind.status_code == 409
    assert Fields(behind.content.decode()).values["q-age"] == [typed()["q-age"]]
    assert not Participant.objects.exists()
    assert elise.post(url(world), {**typed(), "once": "pass", "revision": "2"}).status_code == 302
    assert Participant.objects.count() == 1
    assert not ScreeningDraft.objects.exists()


def test_once_it_is_saved_a_second_tab_makes_no_second_person(world: World, elise: Client) -> None:
    elise.post(url(world), half())
    elise.post(url(world), {**typed(), "once": "pass", "revision": "1"})
    number = Participant.objects.get().number
    again = elise.post(url(world), {**typed(), "once": "pass", "revision": "1"})
    assert again["Location"] == world.url("record", number=number)
    late = elise.post(url(world), half(revision="1"), headers=JSON)
    assert late.status_code == 409
    assert "saved in another tab" in late.json()["sentence"]
    assert Participant.objects.count() == 1


def test_of_somebody_screened_again(world: World, elise: Client) -> None:
    participant = world.eligible()
    page = world.url("coordinators:screen_again", number=participant.number)
    assert elise.post(page, half())["Location"] == f"{page}?draft=pass"
    assert "Not finished yet" in elise.get(page).content.decode()
    assert "Not finished yet" not in elise.get(url(world)).content.decode()
    assert elise.post(page, {**typed(), "once": "pass", "revision": "1"}).status_code == 302
    assert not ScreeningDraft.objects.exists()


def test_a_draft_of_one_person_never_fills_the_page_of_another(world: World, elise: Client) -> None:
    first, second = world.eligible(), world.eligible()
    page, other = (world.url("coordinators:screen_again", number=each.number) for each in (first, second))
    elise.post(page, half())
    for there in (other, url(world)):
        assert 'value="4x"' not in elise.get(f"{there}?draft=pass").content.decode()
        assert elise.post(there, half(revision="1"), headers=JSON).status_code == 409
    assert ScreeningDraft.objects.get().participant == first


def test_it_says_how_long_it_waits_and_goes(world: World, elise: Client) -> None:
    elise.post(url(world), half())
    assert "thrown away after 7 days" in elise.get(url(world)).content.decode()
    clock.advance(KEPT_FOR)
    assert "Not finished yet" not in world.browser("elise").get(url(world)).content.decode()


def test_a_login_that_ran_out_loses_nothing_of_a_draft(world: World, elise: Client) -> None:
    elise.post(url(world), half())
    answer = elise.get(f"{url(world)}?draft=pass")
    assert answer.status_code == 200
    later = {**half(revision="1"), "q-age": "44", "q-radiculopathy": "no"}
    check_kept(elise, world.cast.elise, f"{url(world)}?draft=pass", later, action=f"{url(world)}?draft=pass")
    assert ScreeningDraft.objects.get().revision == 1


def test_who_has_too_many_is_told_and_loses_nothing(
    world: World, elise: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("participants.actions.screening_drafts.MOST_OPEN", 1)
    elise.post(url(world), half())
    told = elise.post(url(world), half(once="another"), headers=JSON)
    assert told.status_code == 409
    assert "You have 1 unfinished screenings in this trial" in told.json()["sentence"]
    page = elise.post(url(world), half(once="another"))
    assert page.status_code == 409
    assert Fields(page.content.decode()).values["q-age"] == ["4x"]
    assert f"{url(world)}?draft=pass" in elise.get(url(world)).content.decode()
    done = elise.post(url(world), {**typed(), "once": "another"})
    assert done.status_code == 302
    assert Participant.objects.count() == 1
