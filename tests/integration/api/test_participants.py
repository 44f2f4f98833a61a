"""Participants through the API: list, read, screen, screen again, decide."""

from typing import Any

import pytest

from participants.models import Participant, Screening
from tests import cast
from tests.integration.api.conftest import World


def screening(**changes: Any) -> dict[str, Any]:
    return {"site": "MTL", "language": "en", "answers": cast.ELIGIBLE, "contact": {"name": "Alex Roy"}, **changes}


def test_the_list_tells_the_number_and_the_state_and_nobodys_name(world: World) -> None:
    participant = world.someone()
    answer = world.caller(world.people.elise).get("participants/")
    assert answer.status_code == 200
    assert [each["number"] for each in answer.json()["results"]] == [participant.number]
    assert "Camille" not in answer.content.decode()


def test_the_list_is_filtered_and_paged(world: World) -> None:
    for _each in range(3):
        world.someone()
    caller = world.caller(world.people.elise)
    assert caller.get("participants/", state="consented").json()["count"] == 0
    page = caller.get("participants/", per_page=2, page=2).json()
    assert (page["count"], page["pages"], len(page["results"])) == (3, 2, 1)


def test_a_misspelt_filter_is_told_rather_than_ignored(world: World) -> None:
    answer = world.caller(world.people.elise).get("participants/", stat="consented")
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "stat"


def test_one_participant_is_read(world: World) -> None:
    participant = world.someone()
    answer = world.caller(world.people.tomas).get(f"participants/{participant.number}/")
    assert answer.json()["milestones"] == [{"kind": "screening", "day": "2026-03-02"}]


@pytest.mark.parametrize("number", ["MTL-ZZZZ", "elsewhere"])
def test_another_sites_participant_is_not_there(world: World, number: str) -> None:
    if number == "elsewhere":
        number = world.somebody_elsewhere().number
    answer = world.caller(world.people.elise).get(f"participants/{number}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "access.record"


def test_a_wrong_role_is_told_the_same_for_every_number(world: World) -> None:
    participant = world.someone()
    caller = world.caller(world.people.samuel)
    answers = [caller.get(f"participants/{number}/") for number in (participant.number, "MTL-ZZZZ", "1")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


def test_a_trial_one_does_not_work_in_is_not_there(world: World) -> None:
    caller = world.caller(world.people.elise)
    caller.trial = "OTHER"
    assert caller.get("participants/").status_code == 404


def test_a_wrong_method_is_told_so_whatever_the_record(world: World) -> None:
    answer = world.caller(world.people.elise).post("participants/MTL-ZZZZ/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_somebody_is_screened_and_the_trail_says_through_the_api(world: World) -> None:
    from audit.models import Entry

    answer = world.caller(world.people.elise).post("participants/", screening())
    assert answer.status_code == 201, answer.content
    assert answer.json()["outcome"] == "eligible"
    assert Participant.objects.get(number=answer.json()["number"]).state == "eligible"
    entry = Entry.objects.get(verb="participants.screen")
    assert (entry.origin, entry.actor_id) == ("api", str(world.people.elise.pk))


def test_a_criterion_that_fails_is_named(world: World) -> None:
    answers = {**cast.ELIGIBLE, "spinal_surgery": True}
    answer = world.caller(world.people.elise).post("participants/", screening(answers=answers))
    assert answer.json()["outcome"] == "ineligible"
    assert answer.json()["reasons"] == ["surgery_or_fracture"]


def test_every_wrong_answer_is_told_at_once_and_nothing_is_written(world: World) -> None:
    answers = {**cast.ELIGIBLE, "spinal_surgery": "no", "age": 400, "shoe_size": 42}
    answer = world.caller(world.people.elise).post("participants/", screening(answers=answers))
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["fields"]} == {"spinal_surgery", "age", "shoe_size"}
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"shoe_size": 42}, {"language": 3}, {"answers": []}, {"confirmed_not_duplicate": "yes"}, {"contact": {"x": "y"}}],
    ids=str,
)
def test_what_is_not_as_documented_is_refused(world: World, changes: dict[str, Any]) -> None:
    answer = world.caller(world.people.elise).post("participants/", screening(**changes))
    assert answer.status_code == 422
    assert not Participant.objects.exists()


def test_the_same_person_twice_is_warned_of(world: World) -> None:
    caller = world.caller(world.people.elise)
    contact = {"name": "Alex Roy", "email": "alex@example.org"}
    assert caller.post("participants/", screening(contact=contact)).status_code == 201
    again = caller.post("participants/", screening(contact=contact))
    assert again.json()["code"] == "participant.duplicate"
    told = screening(contact=contact, confirmed_not_duplicate=True, reason="Twins share the address")
    assert caller.post("participants/", told).status_code == 201


def test_screening_is_for_coordinators(world: World) -> None:
    assert world.caller(world.people.amelie).post("participants/", screening()).status_code == 403


def test_nobody_is_screened_at_a_site_of_others(world: World) -> None:
    other = world.somebody_elsewhere().site.code
    assert world.caller(world.people.elise).post("participants/", screening(site=other)).status_code == 404


def test_somebody_is_screened_again(world: World) -> None:
    participant = world.someone()
    body = screening()
    del body["site"], body["contact"]
    answer = world.caller(world.people.elise).post(f"participants/{participant.number}/screenings/", body)
    assert (answer.status_code, answer.json()["number"]) == (201, participant.number)
    assert participant.screenings.count() == 2


def test_a_later_stage_is_decided(world: World) -> None:
    participant = world.someone()
    body = {"stage": "after_mri", "answers": {**cast.ELIGIBLE_LATER["after_mri"], "spondylolysis": True}}
    answer = world.caller(world.people.elise).post(f"participants/{participant.number}/decisions/", body)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["stage"], answer.json()["outcome"]) == ("after_mri", "ineligible")
