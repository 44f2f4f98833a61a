"""Signing a visit: what is signed is read first, the password is the signature, and the guess comes after it."""

import pytest
from django.test import Client

from core import clock, ids
from outcomes.actions import corrections
from review.actions.locks import lock_trial
from review.models import Signature
from tests import cast
from tests.integration.assessors.conftest import PASSWORD, World, hip
from tests.unit.outcomes.world import ask_for_guesses


def seen(world: World) -> str:
    """What the page says was read."""
    html = world.client.get(world.visit_url("sign/")).content.decode()
    return html.partition('name="seen" value="')[2].partition('"')[0]


def typed(world: World, **changes: str) -> dict[str, str]:
    return {"seen": seen(world), "password": PASSWORD, **changes}


def correct(world: World) -> None:
    """Somebody of the office mends a value of the hips."""
    by = cast.actor(world.people.elise)
    held = world.form("hip_rom").response
    corrections.correct(response=held, answers={"flexion_left_1": 91.0}, reason="Misread", by=by)


@pytest.mark.parametrize("address", ["url", "shared_url"])
def test_the_last_form_leads_to_it(nearly: World, address: str) -> None:
    answer = nearly.client.post(getattr(nearly, address)("hip_rom"), {**hip(), "step": "submit"})
    assert (answer.status_code, answer["Location"]) == (302, nearly.visit_url("sign/"))


def test_a_last_form_that_was_not_done_leads_to_it(nearly: World) -> None:
    form = nearly.form("hip_rom")
    sent = {"reason_code": "equipment", "revision": str(form.revision)}
    assert nearly.client.post(nearly.url("hip_rom", "not-done/"), sent)["Location"] == nearly.visit_url("sign/")
    html = nearly.client.get(nearly.visit_url("sign/")).content.decode()
    assert "Equipment failed" in html
    assert "not done" in html


def test_it_shows_what_is_signed_and_what_it_stands_for(measured: World) -> None:
    html = measured.client.get(measured.visit_url("sign/")).content.decode()
    for instrument in ("medx_strength", "dynamometry", "hip_rom"):
        assert measured.url(instrument) in html
    for words in ("I measured these outcomes", "You sign as Amélie Gagnon", "Flexion, left", "complete"):
        assert words in html


def test_it_is_the_next_step_on_list_and_visit_until_it_is_done(measured: World) -> None:
    for page in (measured.home(), measured.visit_url()):
        assert measured.visit_url("sign/") in measured.client.get(page).content.decode()
    answer = measured.client.post(measured.visit_url("sign/"), typed(measured))
    assert (answer.status_code, answer["Location"]) == (302, measured.visit_url("guess/"))
    signature = Signature.objects.get(kind="assessment")
    assert (signature.signed_name, signature.signed_at) == ("Amélie Gagnon", clock.now())
    for page in (measured.home(), measured.visit_url()):
        html = measured.client.get(page).content.decode()
        assert measured.visit_url("sign/") not in html
        assert measured.visit_url("guess/") in html
    assert "2 March 2026, 10:00 EST" in measured.client.get(measured.visit_url()).content.decode()
    assert measured.client.get(measured.visit_url("sign/"))["Location"] == measured.visit_url()


def test_where_no_guess_is_asked_it_leads_to_what_is_due(measured: World) -> None:
    ask_for_guesses(measured.trial, "participant")
    assert measured.client.post(measured.visit_url("sign/"), typed(measured))["Location"] == measured.home()


@pytest.mark.parametrize("password", ["", "wrong"])
def test_without_the_password_nothing_is_signed(measured: World, password: str) -> None:
    answer = measured.client.post(measured.visit_url("sign/"), typed(measured, password=password))
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()
    assert not Signature.objects.filter(kind="assessment").exists()


def test_twice_or_after_a_change_or_under_a_lock_it_is_refused(measured: World) -> None:
    first = typed(measured)
    correct(measured)
    changed = measured.client.post(measured.visit_url("sign/"), first)
    assert (changed.status_code, "changed meanwhile" in changed.content.decode()) == (409, True)
    again = typed(measured)
    assert measured.client.post(measured.visit_url("sign/"), again).status_code == 302
    twice = measured.client.post(measured.visit_url("sign/"), again)
    assert (twice.status_code, "signed already" in twice.content.decode()) == (409, True)
    lock_trial(trial=measured.trial, reason="The end", by=cast.actor(measured.people.noor))
    locked = measured.client.post(measured.visit_url("sign/"), again)
    assert (locked.status_code, "locked" in locked.content.decode()) == (409, True)


def test_before_all_is_in_it_leads_back_and_is_refused(nearly: World) -> None:
    assert nearly.client.get(nearly.visit_url("sign/"))["Location"] == nearly.visit_url()
    answer = nearly.client.post(nearly.visit_url("sign/"), {"seen": "x", "password": PASSWORD})
    assert (answer.status_code, "not in yet" in answer.content.decode()) == (409, True)


def test_a_correction_is_told_with_who_has_to_sign_again(signed: World) -> None:
    correct(signed)
    for page in (signed.visit_url(), f"/t/{signed.trial.code}/participants/{signed.participant.number}/"):
        assert "Changed since. Amélie Gagnon has to sign it again." in signed.client.get(page).content.decode()
    html = signed.client.get(signed.visit_url("sign/")).content.decode()
    assert "A form was changed since you signed." in html
    assert signed.client.post(signed.visit_url("sign/"), typed(signed)).status_code == 302
    assert Signature.objects.filter(kind="assessment").count() == 2


def test_coordinators_and_monitors_read_who_signed_on_the_record(signed: World) -> None:
    for person in (signed.people.elise, signed.people.tomas):
        signed.client.force_login(person)
        html = signed.client.get(f"/t/{signed.trial.code}/participants/{signed.participant.number}/").content.decode()
        assert "Signatures of assessments" in html
        assert "Amélie Gagnon, 2 March 2026, 10:00 EST" in html


def test_the_other_five_cases(world: World) -> None:
    there, nowhere = world.visit_url("sign/"), f"/t/{world.trial.code}/assessments/visits/{ids.new_id()}/sign/"
    assert world.client.get(nowhere).status_code == 404
    assert world.client.put(there).status_code == 405
    assert Client().get(there).status_code == 302
    world.client.force_login(world.people.marc)
    assert [world.client.get(address).status_code for address in (there, nowhere)] == [403, 403]
    world.client.force_login(world.assessor_elsewhere())
    assert world.client.get(there).status_code == 404


def test_the_home_shows_the_oldest_and_says_that_there_are_more(
    measured: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = measured.client.get(measured.home())
    assert [row.action.url for row in page.context["to_sign"]] == [measured.visit_url("sign/")]
    assert "The next ones come up" not in page.content.decode()
    monkeypatch.setattr("web.assessors.worklist.MOST_TO_SIGN", 0)
    page = measured.client.get(measured.home())
    assert (page.context["to_sign"], page.context["more_to_sign"]) == ([], True)
