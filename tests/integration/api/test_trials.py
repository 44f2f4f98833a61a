"""The caller's trials, the protocol and the criteria through the API."""

from tests.integration.api.conftest import World


def test_a_caller_sees_their_trials_and_roles(world: World) -> None:
    caller = world.caller(world.people.elise)
    told = caller.get("/api/v1/trials/").json()
    assert [(each["code"], each["roles"]) for each in told] == [
        (world.trial.code, [{"role": "coordinator", "site": "MTL"}])
    ]


def test_who_works_in_no_trial_sees_none(world: World) -> None:
    from accounts.models import User

    stranger = User.objects.create_user("stranger@example.org", "Stranger")
    assert world.caller(stranger).get("/api/v1/trials/").json() == []
    assert world.caller(stranger).get("protocol/").status_code == 404


def test_the_protocol_is_told_without_arms_and_strata(world: World) -> None:
    answer = world.caller(world.people.amelie).get("protocol/", language="fr")
    told = answer.json()
    assert told["clauses"]
    assert told["sites"][0]["label"] == "Montréal"
    text = answer.content.decode()
    assert "ILEX" not in text
    assert "lsiq" in {form["instrument"] for visit in told["visits"] for form in visit["forms"]}


def test_the_criteria_name_every_question_of_screening(world: World) -> None:
    from tests import cast

    told = world.caller(world.people.elise).get("eligibility/").json()
    names = {question["name"] for each in told if "screening" in each["stages"] for question in each["questions"]}
    assert set(cast.ELIGIBLE) <= names


def test_a_language_that_is_none_is_refused(world: World) -> None:
    assert world.caller(world.people.elise).get("protocol/", language="<x>").status_code == 422
    assert world.caller(world.people.elise).get("protocol/", language="de").status_code == 200


def test_criteria_are_for_those_who_may_see_participants(world: World) -> None:
    assert world.caller(world.people.samuel).get("eligibility/").status_code == 403
