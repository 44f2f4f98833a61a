"""A participant's answers change only when the participant asks and a second person accepts."""

from collections.abc import Callable

from accounts.models import User
from core import ids
from outcomes.models import CorrectionRequest, Response
from tests.integration.form_pages.conftest import World

ASKED = {"odi_3": "5", "why": "pressed_wrong"}


def decide_url(world: World) -> str:
    return f"/t/{world.trial.code}/corrections/{CorrectionRequest.objects.get().pk}/"


def test_each_answer_can_be_asked_to_be_changed(as_elise: World, answered_odi: Callable[[], str]) -> None:
    html = as_elise.client.get(answered_odi()).content.decode()
    assert html.count(">Change<") == 10
    page = as_elise.client.get(as_elise.shared_url("odi", "correct/?item=odi_3")).content.decode()
    assert "Stored: Moderate difficulty" in page
    assert "checked" not in page


def test_the_answer_changes_when_another_person_accepts(
    as_elise: World, answered_odi: Callable[[], str], second_coordinator: User
) -> None:
    url = answered_odi()
    page = as_elise.client.post(as_elise.shared_url("odi", "correct/?item=odi_3"), ASKED, follow=True)
    assert "Another person decides on it." in page.content.decode()
    assert Response.objects.get().answers["odi_3"] == 2
    own = as_elise.client.post(decide_url(as_elise), {"step": "accept"})
    assert own.status_code == 400
    as_elise.client.force_login(second_coordinator)
    assert "Moderate difficulty" in as_elise.client.get(url).content.decode()
    assert as_elise.client.post(decide_url(as_elise), {"step": "accept"}).status_code == 302
    response = Response.objects.get()
    assert (response.answers["odi_3"], response.scores["score_pct"]) == (5, 46)
    assert as_elise.client.post(decide_url(as_elise), {"step": "accept"}).status_code == 409


def test_a_refusal_needs_its_reason(as_elise: World, answered_odi: Callable[[], str], second_coordinator: User) -> None:
    answered_odi()
    as_elise.client.post(as_elise.shared_url("odi", "correct/?item=odi_3"), ASKED)
    as_elise.client.force_login(second_coordinator)
    assert as_elise.client.post(decide_url(as_elise), {"step": "refuse"}).status_code == 200
    assert as_elise.client.post(decide_url(as_elise), {"step": "refuse", "reason": ""}).status_code == 422
    given = {"step": "refuse", "reason": "The recording says otherwise"}
    assert as_elise.client.post(decide_url(as_elise), given).status_code == 302
    assert Response.objects.get().answers["odi_3"] == 2


def test_a_request_says_what_and_why(as_elise: World, answered_odi: Callable[[], str]) -> None:
    answered_odi()
    url = as_elise.shared_url("odi", "correct/?item=odi_3")
    for data in ({"why": "misread"}, {"odi_3": "5", "why": ""}, {"odi_3": "9", "why": "misread"}):
        page = as_elise.client.post(url, data)
        assert page.status_code in (400, 422)
        assert "There is a problem" in page.content.decode()
    assert not CorrectionRequest.objects.exists()
    as_elise.client.post(url, ASKED)
    twice = as_elise.client.post(url, ASKED)
    assert twice.status_code == 409
    assert "asked for already" in twice.content.decode()


def test_an_item_that_is_none_leads_back(as_elise: World, answered_odi: Callable[[], str]) -> None:
    url = answered_odi()
    for item in ("", "?item=odi_99"):
        assert as_elise.client.get(as_elise.shared_url("odi", f"correct/{item}"))["Location"] == url


def test_who_may_not_decide(as_elise: World, answered_odi: Callable[[], str]) -> None:
    answered_odi()
    as_elise.client.post(as_elise.shared_url("odi", "correct/?item=odi_3"), ASKED)
    there, nowhere = decide_url(as_elise), f"/t/{as_elise.trial.code}/corrections/{ids.new_id()}/"
    assert as_elise.client.get(there).status_code == 405
    assert as_elise.client.post(nowhere, {"step": "accept"}).status_code == 404
    for person in (as_elise.people.amelie, as_elise.people.marc, as_elise.people.tomas):
        as_elise.client.force_login(person)
        answers = [as_elise.client.post(url, {"step": "accept"}).status_code for url in (there, nowhere)]
        assert answers == [403, 403]
