"""The last call: only the primary outcome, only late, only by phone, only by somebody blind."""

from datetime import date
from typing import Any

import pytest

from core import clock
from core.problems import Conflict, Problem, Refused
from outcomes.actions import calls, responses
from outcomes.models import Form, Response
from participants.actions import unblinding
from participants.models import Participant
from tests.unit.outcomes.world import World, answered, days, form_of, participant_actor

OWN = ("nprs", "promis29", "sf12v1", "sri", "ipaq_sf")
"""What else the participant is asked at 16 weeks."""


@pytest.fixture
def odi(world: World, participant: Participant) -> Form:
    world.reach(participant, "randomized", date(2026, 5, 4))
    return form_of(participant, "week16", "odi")


def ask(world: World, form: Form, **more: Any) -> Response:
    known = {"answers": answered("odi"), "reason": "Does not answer messages", "by": world.coordinator, **more}
    return calls.ask_primary_only(form=form, **known)


def near_the_end(form: Form) -> None:
    clock.advance(days((form.closes_on - date(2026, 5, 4)).days - calls.LAST_DAYS))


def test_the_primary_outcome_is_in_and_nothing_else_of_the_visit_is_asked(
    world: World, participant: Participant, odi: Form
) -> None:
    near_the_end(odi)
    responses.submit(
        form=form_of(participant, "week16", "sri"), answers=answered("sri"), by=participant_actor(participant)
    )
    response = ask(world, odi)
    assert (response.mode, response.originator, response.late) == ("telephone", "staff_on_behalf", False)
    assert response.on_behalf_reason == "Does not answer messages"
    states = {code: form_of(participant, "week16", code) for code in OWN}
    assert states.pop("sri").state == Form.State.COMPLETE
    assert {each.not_done_code for each in states.values()} == {"primary_only"}
    assert form_of(participant, "week16", "hip_rom").not_done_code == ""
    assert form_of(participant, "baseline", "nprs").not_done_code == ""


def test_what_was_closed_can_still_be_submitted(world: World, participant: Participant, odi: Form) -> None:
    near_the_end(odi)
    ask(world, odi)
    late = form_of(participant, "week16", "nprs")
    told = {"mode": "paper", "reason": "Came by mail", "by": world.coordinator}
    responses.submit(form=late, answers=answered("nprs"), **told)  # type: ignore[arg-type]
    assert form_of(participant, "week16", "nprs").not_done_code == ""


def test_it_is_the_last_resort(world: World, participant: Participant, odi: Form) -> None:
    clock.advance(days((odi.closes_on - date(2026, 5, 4)).days - calls.LAST_DAYS - 1))
    for form in (odi, form_of(participant, "week16", "nprs")):
        with pytest.raises(Problem) as caught:
            ask(world, form)
        assert caught.value.code == "call.not_offered"
    clock.advance(days(1))
    with pytest.raises(Problem) as caught:
        ask(world, odi, mode="paper")
    assert caught.value.code == "call.mode"
    assert not Response.objects.exists()


def test_who_may_know_the_group_does_not_call(world: World, participant: Participant, odi: Form) -> None:
    near_the_end(odi)
    unblinding.record(participant=participant, how="participant", by=world.coordinator)
    with pytest.raises(Conflict) as caught:
        ask(world, odi)
    assert caught.value.code == "blind.lost"
    with pytest.raises(Refused):
        ask(world, odi, by=world.therapist)
    assert not Form.objects.filter(not_done_code="primary_only").exists()
