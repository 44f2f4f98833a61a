"""After the signature of a visit: the guess, once, and what the assessor sees of it afterwards: nothing."""

from django.test import Client

from core import ids
from outcomes.actions import queries
from outcomes.models import Guess, Visit
from tests import cast, sealed
from tests.integration.assessors.conftest import World, hip


def url(world: World, code: str = "baseline") -> str:
    visit = Visit.objects.filter(participant=world.participant, code=code)[0]
    return f"/t/{world.trial.code}/assessments/visits/{visit.pk}/guess/"


def test_it_asks_with_nothing_chosen(signed: World) -> None:
    html = signed.client.get(url(signed)).content.decode()
    assert "I do not know" in html
    assert html.count('type="radio"') == 5 + len(Guess.Skipped.choices)
    assert "checked" not in html


def test_it_cannot_be_reached_before_the_signature(measured: World) -> None:
    for answer in (measured.client.get(url(measured)), measured.client.post(url(measured), {"guess": "RT:strongly"})):
        assert answer.status_code == 302
        assert not answer["Location"].endswith("guess/")
    assert sealed.rows(Guess) == []


def test_it_is_kept_and_never_shown_again(signed: World) -> None:
    assert url(signed) in signed.client.get(signed.home()).content.decode()
    answer = signed.client.post(url(signed), {"guess": "RT:somewhat", "step": "guess"}, follow=True)
    assert "not shown again" in answer.content.decode()
    guess = sealed.only(Guess)
    assert (guess.arm, guess.certainty) == ("RT", "somewhat")
    assert url(signed) not in signed.client.get(signed.home()).content.decode()
    assert signed.client.get(url(signed)).status_code == 302


def test_not_knowing_and_not_guessing(signed: World) -> None:
    for wrong in ({}, {"step": "guess"}, {"step": "skip"}, {"guess": "PLACEBO:strongly"}):
        answer = signed.client.post(url(signed), wrong)
        assert answer.status_code == 422
        assert "Error:" in answer.content.decode()
    assert signed.client.post(url(signed), {"step": "skip", "skipped": "prefers_not"}).status_code == 302
    assert sealed.only(Guess).skipped == "prefers_not"


def test_a_correction_after_it_waits_for_a_query(signed: World) -> None:
    signed.client.post(url(signed), {"guess": "dont_know"})
    page = signed.url("hip_rom", "correct/")
    closed = signed.client.get(page).content.decode()
    assert "A correction now needs an open query" in closed
    assert "flexion_left_1" not in closed
    held = signed.form("hip_rom").response
    typed = {**hip(flexion_left_1="100"), "reason": "Misread the display.", "revision": str(held.revision)}
    refused = signed.client.post(page, typed)
    assert (refused.status_code, "needs an open query" in refused.content.decode()) == (400, True)
    assert "Misread the display." in refused.content.decode()
    held.refresh_from_db()
    assert held.corrections == 0


def test_a_correction_after_it_answers_the_query_and_is_flagged(signed: World) -> None:
    signed.client.post(url(signed), {"guess": "dont_know"})
    held = signed.form("hip_rom").response
    by = cast.actor(signed.people.tomas)
    query = queries.raise_about(form=held.form, kind="source", text="The sheet says 100.", by=by)
    page = signed.url("hip_rom", "correct/")
    assert "answers the query “The source says otherwise”" in signed.client.get(page).content.decode()
    typed = {**hip(flexion_left_1="100"), "reason": "Misread the display.", "revision": str(held.revision)}
    assert signed.client.post(page, typed).status_code == 302
    held.refresh_from_db()
    query.refresh_from_db()
    assert (held.corrected_after_guess, query.state) == (True, "answered")
    html = signed.client.get(signed.url("hip_rom")).content.decode()
    assert "Corrected after the guess" in html
    assert "Misread the display." in html, "the answer stands with the query"


def test_the_other_five_cases(world: World) -> None:
    there, nowhere = url(world), f"/t/{world.trial.code}/assessments/visits/{ids.new_id()}/guess/"
    assert world.client.get(nowhere).status_code == 404
    assert world.client.put(there).status_code == 405
    assert Client().get(there).status_code == 302
    world.client.force_login(world.people.marc)
    assert [world.client.get(address).status_code for address in (there, nowhere)] == [403, 403]
    world.client.force_login(world.assessor_elsewhere())
    assert world.client.get(there).status_code == 404
