"""What is due, forms, answers: read by those who may, submitted once by the right person."""

from typing import Any
from uuid import uuid4

import pytest

from outcomes.actions import responses
from outcomes.models import Response
from participants.actions import unblinding
from participants.models import Participant
from tests import cast, packs
from tests.integration.api.conftest import Caller, World
from tests.unit.outcomes.world import answered, participant_actor


@pytest.fixture
def somebody(world: World) -> Participant:
    return world.consented()


def submitted(world: World, participant: Participant, instrument: str) -> Response:
    form = world.form(participant, instrument)
    return responses.submit(form=form, answers=answered(instrument), by=participant_actor(participant))


def measured(**changes: Any) -> dict[str, Any]:
    return {"answers": answered("medx_strength"), **changes}


def test_the_assessor_finds_what_is_due(world: World, somebody: Participant) -> None:
    told = world.caller(world.people.amelie).get("due/").json()
    found = {(each["participant"], each["instrument"]) for each in told["results"]}
    assert (somebody.number, "medx_strength") in found
    assert told["counts"]["today"] == len(told["results"])
    assert all(each["filled_by"] == "assessor" for each in told["results"])


def test_who_may_know_the_group_finds_it_no_more_and_is_refused(world: World, somebody: Participant) -> None:
    cast.hand_down_randomized(somebody)
    unblinding.record(participant=somebody, how="participant", by=cast.actor(world.people.amelie))
    caller = world.caller(world.people.amelie)
    assert all(each["participant"] != somebody.number for each in caller.get("due/").json()["results"])
    answer = caller.post(f"forms/{world.form(somebody, 'medx_strength').pk}/response/", measured())
    assert (answer.status_code, answer.json()["code"]) == (409, "blind.lost")


def test_visits_show_the_five_states(world: World, somebody: Participant) -> None:
    submitted(world, somebody, "odi")
    visits = world.caller(world.people.tomas).get(f"participants/{somebody.number}/visits/").json()
    states = {form["instrument"]: form["state"] for form in visits[0]["forms"]}
    assert (states["odi"], states["lsiq"]) == ("complete", "due")


def test_a_form_is_told_in_the_language_asked_for(world: World, somebody: Participant) -> None:
    caller = world.caller(world.people.elise)
    key = world.form(somebody, "odi").pk
    english, french = (caller.get(f"forms/{key}/", language=language).json() for language in ("en", "fr"))
    assert (english["language"], french["language"]) == ("en", "fr")
    assert english["title"] != french["title"]
    assert [item["code"] for item in english["items"]] == list(answered("odi"))
    assert english["items"][0]["options"]


def test_the_assessor_submits_and_the_answers_are_read_back(world: World, somebody: Participant) -> None:
    caller, key = world.caller(world.people.amelie), world.form(somebody, "medx_strength").pk
    assert caller.get(f"forms/{key}/response/").status_code == 404
    answer = caller.post(f"forms/{key}/response/", measured())
    assert answer.status_code == 201, answer.content
    assert answer.json()["originator"] == "assessor"
    assert caller.get(f"forms/{key}/response/").json() == answer.json()


def test_a_second_submit_is_told_and_changes_nothing(world: World, somebody: Participant) -> None:
    caller, key = world.caller(world.people.amelie), world.form(somebody, "medx_strength").pk
    caller.post(f"forms/{key}/response/", measured())
    again = caller.post(f"forms/{key}/response/", measured())
    assert (again.status_code, again.json()["code"]) == (409, "form.submitted")
    assert Response.objects.count() == 1


def test_unanswered_unknown_and_impossible_items_are_each_named(world: World, somebody: Participant) -> None:
    answers = answered("medx_strength")
    first, second = list(answers)[:2]
    del answers[first]
    answers |= {second: "many", "shoe_size": 42}
    key = world.form(somebody, "medx_strength").pk
    answer = world.caller(world.people.amelie).post(f"forms/{key}/response/", {"answers": answers})
    assert answer.status_code == 422
    assert {first, second, "shoe_size"} <= {each["field"] for each in answer.json()["fields"]}
    assert not Response.objects.exists()


def test_for_a_participant_staff_say_why(world: World, somebody: Participant) -> None:
    caller, key = world.caller(world.people.elise), world.form(somebody, "odi").pk
    without = caller.post(f"forms/{key}/response/", {"answers": answered("odi")})
    assert (without.status_code, without.json()["fields"][0]["field"]) == (400, "mode")
    told = {"answers": answered("odi"), "reason": "No internet", "mode": "telephone"}
    answer = caller.post(f"forms/{key}/response/", told)
    assert (answer.status_code, answer.json()["originator"]) == (201, "staff_on_behalf")
    assert answer.json()["mode"] == "telephone"


def test_the_wrong_person_cannot_submit(world: World, somebody: Participant) -> None:
    key = world.form(somebody, "medx_strength").pk
    assert world.caller(world.people.elise).post(f"forms/{key}/response/", measured()).status_code == 403
    assert world.caller(world.people.tomas).post(f"forms/{key}/response/", measured()).status_code == 403


def test_the_stratum_form_is_hidden_from_therapists_as_if_it_were_not_there(
    world: World, somebody: Participant
) -> None:
    submitted(world, somebody, "lsiq")
    submitted(world, somebody, "odi")
    marc = world.caller(world.people.marc)
    keys = [world.form(somebody, "lsiq").pk, world.form(somebody, "odi").pk, uuid4()]
    for rest in ("", "response/"):
        answers = [marc.get(f"forms/{key}/{rest}") for key in keys]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert world.caller(world.people.elise).get(f"forms/{keys[0]}/response/").json()["scores"]["total"] is not None


def test_who_also_treats_reads_no_stratum_score_either(world: World, somebody: Participant) -> None:
    """Several roles read only what all of them may."""
    from accounts.models import User
    from accounts.roles import Role
    from trials.actions import memberships

    submitted(world, somebody, "lsiq")
    boss, site = cast.actor(world.people.noor), somebody.site
    both = User.objects.create_user("both@example.org", "Both")
    memberships.grant(user=both, trial=world.trial, role=Role.THERAPIST, site=site, by=boss)
    cast.hold_as_well(both, world.trial, Role.UNBLINDED_COORDINATOR, site)
    assert world.caller(both).get(f"forms/{world.form(somebody, 'lsiq').pk}/response/").status_code == 403


def test_the_interviewer_finds_only_interviews(world: World, somebody: Participant) -> None:
    submitted(world, somebody, "odi")
    ingrid = world.caller(world.people.ingrid)
    assert ingrid.get(f"forms/{world.form(somebody, 'odi').pk}/response/").status_code == 404
    assert ingrid.get("due/").status_code == 200


def test_a_wrong_role_is_told_the_same_for_every_form(world: World, somebody: Participant) -> None:
    samuel = world.caller(world.people.samuel)
    answers = [samuel.get(f"forms/{key}/response/") for key in (world.form(somebody, "odi").pk, uuid4())]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content == answers[1].content


def test_another_sites_form_is_not_there(world: World) -> None:
    from audit.actors import Actor, ActorKind, Origin
    from outcomes.actions import visits
    from trials.access import system_grant

    elsewhere = world.somebody_elsewhere()
    grant = system_grant(world.trial, Actor(ActorKind.SYSTEM, "test", "test", Origin.TASK))
    cast.consent(elsewhere, explained_by=world.people.noor, by=cast.actor(_coordinator_of(elsewhere)))
    visits.lay_out(participant=elsewhere, grant=grant)
    key = world.form(elsewhere, "odi").pk
    assert world.caller(world.people.elise).get(f"forms/{key}/").status_code == 404
    assert world.caller(world.people.tomas).get(f"forms/{key}/").status_code == 200


def _coordinator_of(participant: Participant) -> Any:
    from trials.models import Membership

    return Membership.objects.get(site=participant.site, role="coordinator").user


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-00000000000g"])
def test_an_id_that_is_none_is_not_there(world: World, key: str) -> None:
    assert world.caller(world.people.elise).get(f"forms/{key}/").status_code == 404


def test_without_a_token_no_form_is_told(world: World, somebody: Participant) -> None:
    assert Caller(trial=world.trial.code).get(f"forms/{world.form(somebody, 'odi').pk}/").status_code == 401


def test_the_list_of_what_is_due_costs_the_same_for_many(
    world: World, somebody: Participant, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    caller = world.caller(world.people.amelie)
    with CaptureQueriesContext(
        connection,
    ) as one:
        caller.get("due/")
    for _each in range(3):
        world.consented()
    with django_assert_num_queries(len(one)):
        assert len(caller.get("due/").json()["results"]) > 3


def test_a_form_and_its_answers_name_the_content_pack(world: World, somebody: Participant) -> None:
    form = world.form(somebody, "odi")
    caller = world.caller(world.people.elise)
    assert (caller.get(f"forms/{form.pk}/").json()["pack_version"], form.instrument) == ("", "odi")
    packs.load(form.trial, cast.actor(world.people.noor), "odi", "en", version="UK-3")
    told = caller.get(f"forms/{form.pk}/", language="en").json()
    assert (told["pack_version"], told["placeholder"], told["items"][0]["text"]) == ("UK-3", False, "Real odi_1")
    submitted(world, somebody, "odi")
    assert caller.get(f"forms/{form.pk}/response/").json()["pack_version"] == "UK-3"
