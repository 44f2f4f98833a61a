"""Screening somebody, and screening them again."""

import pytest
from django.test import Client

from participants.models import Contact, Participant, Screening
from tests import cast as people
from tests.integration.coordinators.typed import criteria
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def url(world: World) -> str:
    return world.url("coordinators:screen_new")


def typed(**changes: object) -> dict[str, str]:
    return {"language": "fr", "declined_reason": "", **criteria({**people.ELIGIBLE, **changes})}


def test_walls_of_a_new_screening(world: World) -> None:
    check_walls(world, "coordinators:screen_new")


def test_walls_of_screening_again(world: World) -> None:
    check_walls(world, "coordinators:screen_again", number=world.eligible().number)


def test_every_criterion_is_asked_in_order_and_none_answered(world: World, elise: Client) -> None:
    body = elise.get(url(world)).content.decode()
    places = [body.index(f'name="q-{name}') for name in people.ELIGIBLE]
    assert places == sorted(places)
    assert "checked" not in body
    assert 'name="name"' not in body


def test_eligible_goes_on_to_contact_details(world: World, elise: Client) -> None:
    response = elise.post(url(world), typed())
    participant = Participant.objects.get()
    assert participant.state == Participant.State.ELIGIBLE
    assert participant.language == "fr"
    assert response["Location"] == world.url("coordinators:contact", number=participant.number)


def test_ineligible_keeps_reasons_and_asks_no_name(world: World, elise: Client) -> None:
    response = elise.post(url(world), typed(age=72, spinal_surgery=True), follow=True)
    screening = Screening.objects.get()
    assert screening.reasons == ["age", "surgery_or_fracture"]
    assert not Contact.objects.exists()
    assert "Aged 18 to 60" in response.content.decode()


def test_declined_needs_no_answers(world: World, elise: Client) -> None:
    elise.post(url(world), {"language": "en", "declined_reason": "travel"})
    assert Screening.objects.get().declined_reason == "travel"


def test_what_is_missing_is_said_at_the_question(world: World, elise: Client) -> None:
    answers = typed()
    del answers["q-radiculopathy"], answers["q-pddm.contextual"]
    response = elise.post(url(world), answers)
    body = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in body
    assert 'href="#id_q-radiculopathy_0"' in body
    assert 'href="#id_q-pddm.contextual' in body
    assert 'value="18"' in body
    assert not Participant.objects.exists()


def test_impossible_answers_are_refused(world: World, elise: Client) -> None:
    response = elise.post(url(world), typed(lbp_months=5000))
    assert response.status_code == 422
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, "Eligible by these answers."), ({"age": 72}, "Aged 18 to 60"), ({"age": ""}, "1 criterion")],
)
def test_checking_saves_nothing(world: World, elise: Client, changes: dict[str, object], said: str) -> None:
    response = elise.post(url(world), {**typed(**changes), "check": "1", "language": ""})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Participant.objects.exists()
    part = elise.post(url(world), {**typed(**changes), "check": "1"}, headers={"HX-Request": "true"})
    assert said in part.content.decode()
    assert b"<form" not in part.content


def test_a_double_click_screens_once(world: World, elise: Client) -> None:
    token = elise.get(url(world)).content.decode().partition('name="once" value="')[2].partition('"')[0]
    assert token
    first = elise.post(url(world), {**typed(age=72), "once": token})
    second = elise.post(url(world), {**typed(age=72), "once": token})
    assert Participant.objects.count() == 1
    assert second["Location"] == first["Location"]


def test_a_mended_form_can_be_sent_again(world: World, elise: Client) -> None:
    answers = {**typed(), "once": "pass"}
    assert elise.post(url(world), {**answers, "q-age": ""}).status_code == 422
    assert elise.post(url(world), answers).status_code == 302


def test_screening_again_is_linked(world: World, elise: Client) -> None:
    elise.post(url(world), typed(age=72))
    participant = Participant.objects.get()
    elise.post(world.url("coordinators:screen_again", number=participant.number), typed())
    assert Participant.objects.count() == 1
    newest = participant.screenings.get(next=None)
    assert newest.previous is not None
    assert newest.outcome == "eligible"


def test_nobody_randomized_is_screened_again(world: World, elise: Client) -> None:
    participant = world.randomized()
    assert elise.get(world.url("coordinators:screen_again", number=participant.number)).status_code == 409
