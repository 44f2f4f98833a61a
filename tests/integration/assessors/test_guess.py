"""After the last form of a visit: the guess, once, and what the assessor sees of it afterwards: nothing."""

import pytest
from django.test import Client

from core import ids
from outcomes.actions import responses
from outcomes.models import Guess, Visit
from tests import cast
from tests.integration.assessors.conftest import World, hip
from tests.unit.outcomes.world import answered, ask_for_guesses


def url(world: World, code: str = "baseline") -> str:
    visit = Visit.objects.filter(participant=world.participant, code=code)[0]
    return f"/t/{world.trial.code}/assessments/visits/{visit.pk}/guess/"


@pytest.fixture
def nearly(world: World) -> World:
    """A visit at which only the hips are left to measure."""
    ask_for_guesses(world.trial, "assessor")
    for instrument, given in (("medx_strength", {"done": 1}), ("dynamometry", {})):
        answers = answered(instrument, **given)
        responses.submit(form=world.form(instrument), answers=answers, by=cast.actor(world.people.amelie))
    return world


@pytest.fixture
def measured(nearly: World) -> World:
    nearly.client.post(nearly.url("hip_rom"), {**hip(), "step": "submit"})
    return nearly


def test_the_page_after_the_last_form_asks_for_it(nearly: World) -> None:
    answer = nearly.client.post(nearly.url("hip_rom"), {**hip(), "step": "submit"})
    assert (answer.status_code, answer["Location"]) == (302, url(nearly))
    html = nearly.client.get(url(nearly)).content.decode()
    assert "I do not know" in html
    assert html.count('type="radio"') == 5 + len(Guess.Skipped.choices)
    assert "checked" not in html


def test_by_the_record_page_too(nearly: World) -> None:
    answer = nearly.client.post(nearly.shared_url("hip_rom"), {**hip(), "step": "submit"})
    assert answer["Location"] == url(nearly)


def test_it_cannot_be_reached_before(nearly: World) -> None:
    for answer in (nearly.client.get(url(nearly)), nearly.client.post(url(nearly), {"guess": "RT:strongly"})):
        assert answer.status_code == 302
        assert not answer["Location"].endswith("guess/")
    assert not Guess.objects.exists()


def test_it_is_kept_and_never_shown_again(measured: World) -> None:
    assert url(measured) in measured.client.get(measured.home()).content.decode()
    answer = measured.client.post(url(measured), {"guess": "RT:somewhat", "step": "guess"}, follow=True)
    assert "not shown again" in answer.content.decode()
    guess = Guess.objects.get()
    assert (guess.arm, guess.certainty) == ("RT", "somewhat")
    assert url(measured) not in measured.client.get(measured.home()).content.decode()
    assert measured.client.get(url(measured)).status_code == 302


def test_not_knowing_and_not_guessing(measured: World) -> None:
    for wrong in ({}, {"step": "guess"}, {"step": "skip"}, {"guess": "PLACEBO:strongly"}):
        answer = measured.client.post(url(measured), wrong)
        assert answer.status_code == 422
        assert "Error:" in answer.content.decode()
    assert measured.client.post(url(measured), {"step": "skip", "skipped": "prefers_not"}).status_code == 302
    assert Guess.objects.get().skipped == "prefers_not"


def test_a_correction_after_it_is_flagged(measured: World) -> None:
    measured.client.post(url(measured), {"guess": "dont_know"})
    held = measured.form("hip_rom").response
    typed = {**hip(flexion_left_1="100"), "reason": "Misread the display.", "revision": str(held.revision)}
    assert measured.client.post(measured.url("hip_rom", "correct/"), typed).status_code == 302
    held.refresh_from_db()
    assert held.corrected_after_guess
    assert "Corrected after the guess" in measured.client.get(measured.url("hip_rom")).content.decode()


def test_the_other_five_cases(world: World) -> None:
    there, nowhere = url(world), f"/t/{world.trial.code}/assessments/visits/{ids.new_id()}/guess/"
    assert world.client.get(nowhere).status_code == 404
    assert world.client.put(there).status_code == 405
    assert Client().get(there).status_code == 302
    world.client.force_login(world.people.marc)
    assert [world.client.get(address).status_code for address in (there, nowhere)] == [403, 403]
    world.client.force_login(world.assessor_elsewhere())
    assert world.client.get(there).status_code == 404
