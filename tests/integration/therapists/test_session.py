"""The session log: laid out, recorded once, kept when refused, read back, corrected with a reason."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core import clock
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from tests import cast as people
from tests.integration.therapists.conftest import EXERCISES, elsewhere, page, record, therapist
from tests.unit.randomization_db.world import World
from therapy import queries
from therapy.actions import assignments
from therapy.models import PerformedExercise, Session
from web.therapists.loads import LoadField

HEAVY = {"status": "changed", "sets": [{"reps": 12, "load": 100, "effort": 7}], "exercise": "lumbar_extension"}
WITH_LOAD = [{"exercise": code, "status": "as_planned"} for code in EXERCISES[:3]] + [HEAVY]

SCRIPT = {"Accept": "application/json"}


def typed(client: Client, address: str, **changes: str) -> dict[str, str]:
    """What the page holds, as a browser would send it, with a session done as planned."""
    html = client.get(address).content.decode()
    data = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "radio" not in tag and name[1] != "csrfmiddlewaretoken":
            data[name[1]] = value[1] if value else ""
    planned = {f"{code}-status": "as_planned" for code in EXERCISES}
    known = {"status": "done", **moment("2", "3", "2026", "10:00"), "events_noted": "no", "step": "save"}
    return {**data, **planned, **known, **changes}


def moment(day: str, month: str, year: str, time: str) -> dict[str, str]:
    return {"held_on_day": day, "held_on_month": month, "held_on_year": year, "held_time": time}


def stored(world: World, participant: Participant, number: int = 1) -> tuple[Session, dict[str, PerformedExercise]]:
    session, rows = queries.session_by_number(participant, number, world.marc)
    return session, {row.exercise: row for row in rows}


def log(participant: Participant, number: int = 1, rest: str = "") -> str:
    return f"{participant.number}/sessions/{number}/{rest}"


@pytest.fixture
def address(world: World, marcs: Participant) -> str:
    return page(world, log(marcs))


def test_nothing_is_filled_in_but_the_plan(marc: Client, address: str) -> None:
    html = marc.get(address).content.decode()
    assert "Session 1 of 48" in html
    assert not re.search(r"<input[^>]* checked", html)
    assert re.search(r'name="segmentation-set-1-reps" value="8"', html)
    assert not re.search(r'name="held_on_day" value="\d', html)
    assert "LSIQ" not in html.upper()


def test_done_as_planned_is_recorded_and_the_page_of_the_participant_follows(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    ratings = {"pain_before": "4", "pain_after": "3", "effort": "6", "minutes": "55", "note": "Went well"}
    saved = marc.post(address, typed(marc, address, **ratings), follow=True)
    assert saved.redirect_chain == [(page(world, f"{marcs.number}/"), 302)]
    assert "Session 1 is saved." in saved.content.decode()
    session, rows = stored(world, marcs)
    assert (session.status, session.pain_before, session.pain_after) == ("done", 4, 3)
    assert (session.effort, session.minutes, session.events_noted) == (6, 55, False)
    assert session.held_at == clock.now()
    assert {row.status for row in rows.values()} == {"as_planned"}
    assert rows["segmentation"].performed == [{"reps": 8}] * 3


def test_last_time_stands_beside_today_with_the_suggested_load_and_its_rule(
    world: World, marc: Client, marcs: Participant
) -> None:
    record(world, marcs, exercises=WITH_LOAD, pain_before=3, pain_after=2)
    clock.advance(timedelta(days=2))
    html = marc.get(page(world, log(marcs, 2))).content.decode()
    assert "Last, Monday: 1 × 12 at 100 N·m, effort 7" in html
    assert "Suggested: 105 N·m." in html
    assert "raise the resistance by about 5" in html
    assert "last seen Monday, pain 3 before, 2 after" in html
    assert re.search(r'name="lumbar_extension-set-1-load" value="100"', html)


def test_a_changed_set_makes_the_exercise_changed_whatever_was_tapped(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    changes = {"lumbar_extension-set-1-load": "97,5", "simplification-status": "", "simplification-set-3-reps": ""}
    assert marc.post(address, typed(marc, address, **changes)).status_code == 302
    _session, rows = stored(world, marcs)
    assert rows["lumbar_extension"].status == "changed"
    assert rows["lumbar_extension"].performed == [{"reps": 8, "load": 97.5, "unit": "nm"}]
    assert (rows["simplification"].status, rows["simplification"].performed) == ("changed", [{"reps": 8}] * 2)
    assert rows["segmentation"].status == "as_planned"


def test_pain_and_details_of_an_exercise_leave_it_as_planned(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    page = marc.get(address).content.decode()
    detail = re.search(r'name="lumbar_extension-set-1-(tempo|rest|angle|time_under_load)"', page)
    assert detail
    number = {"tempo": "2-0-4-0"}.get(detail[1], "45")
    changes = {"lumbar_extension-pain": "5", f"lumbar_extension-set-1-{detail[1]}": number}
    assert marc.post(address, typed(marc, address, **changes)).status_code == 302
    _session, rows = stored(world, marcs)
    assert (rows["lumbar_extension"].status, rows["lumbar_extension"].pain) == ("as_planned", 5)
    assert str(rows["lumbar_extension"].performed[0][detail[1]]) == number
    assert rows["segmentation"].pain is None
    again = marc.post(address, typed(marc, address, **{"lumbar_extension-pain": "11"}))
    assert again.status_code in (409, 422)


def test_exercises_are_swapped_and_left_out_with_a_reason(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    changes = {
        "segmentation-status": "dropped",
        "segmentation-reason": "pain",
        "task_practice-status": "substituted",
        "task_practice-instead": "lumbar_extension",
        "task_practice-reason": "equipment",
        "task_practice-new-1-reps": "10",
        "task_practice-new-1-load": "60",
    }
    without = marc.post(address, typed(marc, address, **{**changes, "segmentation-reason": ""}))
    assert without.status_code == 422
    assert "Motor control: segmentation: choose why it was not done." in without.content.decode()
    assert marc.post(address, typed(marc, address, **changes)).status_code == 302
    _session, rows = stored(world, marcs)
    assert (rows["segmentation"].status, rows["segmentation"].reason_code) == ("dropped", "pain")
    assert rows["task_practice"].instead == "lumbar_extension"
    assert rows["task_practice"].performed == [{"reps": 10, "load": 60, "unit": "nm"}]


def test_a_missed_session_needs_its_reason_and_nothing_else(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    # What a browser with the script sends: everything about a session that was held stays behind.
    missed = {"status": "missed", "reason_code": "", "step": "save", **moment("2", "March", "2026", "09:30")}
    refused = marc.post(address, missed)
    assert refused.status_code == 422
    assert "Choose why it was not held as planned." in refused.content.decode()
    assert marc.post(address, {**missed, "reason_code": "illness"}).status_code == 302
    session, rows = stored(world, marcs)
    assert (session.status, session.reason_code, rows) == ("missed", "illness", {})


def test_a_shortened_session_leaves_out_what_was_not_tapped(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    data = typed(marc, address, status="shortened", reason_code="time", **{"task_practice-status": ""})
    assert marc.post(address, data).status_code == 302
    _session, rows = stored(world, marcs)
    assert (rows["task_practice"].status, rows["task_practice"].reason_code) == ("dropped", "shortened")
    assert rows["segmentation"].status == "as_planned"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": ""}, "Choose one."),
        ({"events_noted": ""}, "Say whether anything unwanted happened."),
        ({"held_on_day": "", "held_on_month": "", "held_on_year": ""}, "Enter the day, month and year"),
        ({"held_on_day": "3"}, "This moment is in the future."),
        ({"held_on_day": "1"}, "before the participant was randomized"),
        ({"segmentation-status": ""}, "say whether it was done as planned, changed, replaced or left out."),
        ({"segmentation-set-1-reps": "999"}, "enter repetitions as a whole number from 0 to 200."),
        ({"segmentation-set-1-reps": "many"}, "Enter a number, in digits."),
        ({"lumbar_extension-set-1-effort": "11"}, "enter the effort as a number from 0 to 10."),
        ({"pain_after": "11"}, "Select a valid choice."),
        ({"minutes": "0"}, "Allowed: From 1 to 300 min."),
        ({"segmentation-status": "perhaps"}, "Select a valid choice."),
        ({"lumbar_extension-sets": "1000"}, "less than or equal to 20"),
    ],
)
def test_what_cannot_be_is_said_and_everything_typed_is_kept(
    world: World, marc: Client, marcs: Participant, address: str, changes: dict[str, str], sentence: str
) -> None:
    kept = {"note": "Typed before", "simplification-set-2-reps": "11", "pain_before": "7"}
    answer = marc.post(address, typed(marc, address, **kept, **changes))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in html
    assert sentence in html
    assert "Typed before" in html
    assert re.search(r'name="simplification-set-2-reps" value="11"', html)
    assert re.search(r'name="pain_before" value="7"[^>]* checked', html)
    assert {cell.state for cell in queries.grid_of(marcs, world.marc)} == {"planned"}


def test_the_second_of_two_people_recording_is_told_and_loses_nothing(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    data = typed(marc, address, note="Mine", **{"segmentation-set-1-reps": "9"})
    record(world, marcs, note="Theirs")
    answer = marc.post(address, data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Session 1 is recorded already. Nothing was saved" in html
    assert "Look at what is recorded" in html
    assert "Mine" in html
    assert re.search(r'name="segmentation-set-1-reps" value="9"', html)
    assert stored(world, marcs)[0].note == "Theirs"


def test_a_second_press_is_told(world: World, marc: Client, address: str) -> None:
    data = typed(marc, address)
    assert [marc.post(address, data).status_code for _press in range(2)] == [302, 409]


def test_a_script_is_told_where_to_go_and_sends_the_page_when_something_is_wrong(
    marc: Client, marcs: Participant, address: str
) -> None:
    data = typed(marc, address)
    refused = marc.post(address, {**data, "status": "shortened"}, headers=SCRIPT)
    assert (refused.status_code, refused.json()) == (422, {})
    saved = marc.post(address, data, headers=SCRIPT)
    assert (saved.status_code, saved.json()["next"]) == (201, address.partition("sessions")[0])
    assert "Session 1 is saved." in marc.get(saved.json()["next"]).content.decode()


def test_a_script_whose_answer_was_lost_may_send_the_same_again_and_nothing_else(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    heavier = {"lumbar_extension-status": "changed", "lumbar_extension-set-1-load": "90"}
    data = typed(marc, address, pain_before="4", **heavier)
    assert [marc.post(address, data, headers=SCRIPT).status_code for _time in range(2)] == [201, 201]
    assert stored(world, marcs)[0].revision == 1
    assert marc.post(address, {**data, "pain_before": "5"}, headers=SCRIPT).status_code == 409
    other = therapist(world, "Nina")
    today = clock.today(marcs.site.time_zone)
    assignments.cover(participant=marcs, therapist=other, starts_on=today, ends_on=today, by=world.marc)
    marc.force_login(other)
    assert marc.post(address, data, headers=SCRIPT).status_code == 409


def test_buttons_fill_in_without_script_and_save_nothing(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    record(world, marcs, exercises=WITH_LOAD)
    clock.advance(timedelta(days=1, minutes=5))
    address = page(world, log(marcs, 2))
    blank = {f"{code}-status": "" for code in EXERCISES}
    data = typed(marc, address, status="", note="Kept", **moment("", "", "", ""), **blank)
    now = marc.post(address, {**data, "step": "now"}).content.decode()
    assert re.search(r'name="held_on_day" value="3"', now)
    assert re.search(r'name="held_time" value="10:05"', now)
    everything = marc.post(address, {**data, "segmentation-status": "dropped", "step": "all"}).content.decode()
    assert len(re.findall(r'value="as_planned"[^>]* checked', everything)) == 3
    assert re.search(r'name="segmentation-status" value="dropped"[^>]* checked', everything)
    load = marc.post(address, {**data, "step": "use:lumbar_extension"}).content.decode()
    assert re.search(r'name="lumbar_extension-set-1-load" value="105"', load)
    more = marc.post(address, {**data, "step": "add:lumbar_extension"}).content.decode()
    assert "lumbar_extension-set-2-reps" in more
    for html in (now, everything, load, more):
        assert "Kept" in html
        assert "There is a problem" not in html
    assert queries.next_session(marcs, world.marc).number == 2  # type: ignore[union-attr]


def test_sessions_come_in_order_and_end(world: World, marc: Client, marcs: Participant) -> None:
    early = marc.get(page(world, log(marcs, 3)))
    assert early.status_code == 400
    assert "Record session 1 first." in early.content.decode()
    for number in (0, 49):
        assert marc.get(page(world, log(marcs, number))).status_code == 404


def test_a_recorded_session_is_read_back(world: World, marc: Client, marcs: Participant, address: str) -> None:
    record(world, marcs, exercises=WITH_LOAD, pain_before=4, minutes=50, note="Calm")
    html = marc.get(address).content.decode()
    for words in ("4 of 10", "50 min", "Calm", "1 × 12 at 100 N·m, effort 7", "Not answered", "Correct this session"):
        assert words in html
    assert "<textarea" not in html


def test_a_correction_needs_a_reason_and_touches_only_what_changed(
    world: World, marc: Client, marcs: Participant
) -> None:
    clock.advance(timedelta(seconds=17))
    record(world, marcs, exercises=WITH_LOAD, pain_after=3, minutes=50)
    held_at = clock.now()
    address = page(world, log(marcs, 1, "correct/"))
    ratings: dict[str, Any] = {"minutes": "50", "lumbar_extension-status": "changed", "pain_after": "5"}
    data = typed(marc, address, **ratings)
    refused = marc.post(address, {**data, "reason": ""})
    assert refused.status_code == 422
    assert "Enter the reason for the change." in refused.content.decode()
    assert marc.post(address, {**data, "reason": "Typed wrongly"}).status_code == 302
    session, rows = stored(world, marcs)
    assert (session.pain_after, session.minutes, session.held_at) == (5, 50, held_at)
    assert {row.revision for row in rows.values()} == {1}
    stale = marc.post(address, {**data, "reason": "Again", "pain_after": "6"})
    assert stale.status_code == 409
    assert "Somebody else saved this meanwhile" in stale.content.decode()


def test_the_dose_is_corrected(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs, exercises=WITH_LOAD)
    address = page(world, log(marcs, 1, "correct/"))
    data = typed(marc, address, **{"lumbar_extension-set-1-load": "90", "reason": "Misread"})
    assert marc.post(address, data).status_code == 302
    _session, rows = stored(world, marcs)
    assert rows["lumbar_extension"].performed == [{"reps": 12, "load": 90, "unit": "nm", "effort": 7}]
    assert rows["segmentation"].revision == 1


def test_a_session_that_was_not_held_after_all_loses_its_dose(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs, minutes=50, pain_after=3)
    address = page(world, log(marcs, 1, "correct/"))
    # As without script: the ratings and sets of the page are sent along.
    changes = {"status": "missed", "reason_code": "forgot", "reason": "Wrong person", "minutes": "50"}
    assert marc.post(address, typed(marc, address, **changes)).status_code == 302
    session, rows = stored(world, marcs)
    assert (session.status, session.minutes, session.pain_after) == ("missed", None, None)
    assert {row.status for row in rows.values()} == {"dropped"}
    html = marc.get(page(world, log(marcs))).content.decode()
    assert "Missed: Forgot" in html


def test_a_session_not_recorded_cannot_be_corrected(world: World, marc: Client, marcs: Participant) -> None:
    assert marc.get(page(world, log(marcs, 1, "correct/"))).status_code == 404


def test_who_covers_logs_and_who_does_not_treat_sees_nothing(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    anna, priya = therapist(world, "Anna"), world.cast.priya
    today = clock.today("America/Toronto")
    assignments.cover(participant=marcs, therapist=anna, starts_on=today, ends_on=today, by=world.marc)
    marc.force_login(anna)
    assert marc.post(address, typed(marc, address)).status_code == 302
    session, _rows = stored(world, marcs)
    assert str(session.therapist_id) == people.actor(anna).id
    for user in (priya, elsewhere(world), therapist(world, "Otto")):
        marc.force_login(user)
        for rest in ("", "correct/"):
            assert marc.get(page(world, log(marcs, 1, rest))).status_code == 404
            assert marc.post(page(world, log(marcs, 1, rest)), {}).status_code == 404


def test_the_other_cases(world: World, marc: Client, marcs: Participant) -> None:
    for rest in ("", "correct/"):
        there, nowhere = page(world, log(marcs, 1, rest)), page(world, f"MTL-2222/sessions/1/{rest}")
        assert marc.get(nowhere).status_code == 404
        assert marc.put(there).status_code == 405
        assert Client().get(there).status_code == 302
        for name in ("elise", "amelie", "samuel"):
            stranger = Client()
            stranger.force_login(getattr(world.cast, name))
            assert {stranger.get(each).status_code for each in (there, nowhere)} == {403}
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        assert not Session.objects.exists()


def heavier(**changes: str) -> dict[str, str]:
    """The next session, two days on, at the load of a first one of 100 N·m."""
    return {**moment("4", "3", "2026", "10:00"), **changes}


def test_the_suggested_load_is_taken_or_it_is_said_why_not(world: World, marc: Client, marcs: Participant) -> None:
    record(world, marcs, exercises=WITH_LOAD)
    clock.advance(timedelta(days=2))
    address = page(world, log(marcs, 2))
    refused = marc.post(address, typed(marc, address, **heavier()))
    assert refused.status_code == 422
    assert "Isolated lumbar extension: take the suggested load, or choose why not." in refused.content.decode()
    kept = heavier(**{"lumbar_extension-why": "technique"})
    assert marc.post(address, typed(marc, address, **kept)).status_code == 302
    _session, rows = stored(world, marcs, 2)
    assert (rows["lumbar_extension"].decision, rows["lumbar_extension"].why_code) == ("stayed", "technique")
    html = marc.get(address).content.decode()
    assert "Suggested 105 N·m. Kept the load: Not yet in good form" in html


def test_a_load_far_from_last_times_is_asked_about_and_kept_if_confirmed(
    world: World, marc: Client, marcs: Participant
) -> None:
    record(world, marcs, exercises=WITH_LOAD)
    clock.advance(timedelta(days=2))
    address = page(world, log(marcs, 2))
    name = "lumbar_extension-set-1-load"
    changes = heavier(**{name: "220", "lumbar_extension-why": "other"})
    asked = marc.post(address, typed(marc, address, **changes))
    html = asked.content.decode()
    assert asked.status_code == 422
    assert "220 N·m, and last time 100 N·m. Correct it, or confirm it below." in html
    assert f'name="{name}-confirmed" value="220"' in html
    assert marc.post(address, typed(marc, address, **{**changes, f"{name}-confirmed": "220"})).status_code == 302
    _session, rows = stored(world, marcs, 2)
    assert rows["lumbar_extension"].performed[0]["load"] == 220


def test_one_load_is_put_into_every_set_without_script(world: World, client: Client, waiting: Participant) -> None:
    assignments.take(participant=waiting, by=world.priya)
    client.force_login(world.cast.priya)
    address = page(world, log(waiting))
    filled = client.post(
        address, {**typed(client, address), "goblet_squat-set-1-load": "20", "step": "same:goblet_squat"}
    )
    html = filled.content.decode()
    assert re.findall(r'name="goblet_squat-set-\d-load" value="(\d+)"', html) == ["20", "20", "20"]


def test_pounds_and_kilograms_are_asked_about_and_nothing_is_converted() -> None:
    field = LoadField("kg", 60, label="Squat")
    assert field.is_likely(Decimal(65))
    for value in (Decimal(132), Decimal(27)):  # 60 kg in pounds, and 60 lb in kilograms
        assert not field.is_likely(value)
    sentence = str(field.question_about(Decimal(132)).messages[0])
    assert sentence == (
        "132 kg, and last time 60 kg. Correct it, or confirm it below. If you read 132 lb on the weight, enter 59.9 kg."
    )
    first = LoadField("kg", None, label="Squat")
    assert first.is_likely(Decimal(100))
    assert "much for a first time" in str(first.question_about(Decimal(135)).messages[0])


def test_two_sessions_within_an_hour_are_asked_about_and_nothing_is_lost(
    world: World, marc: Client, marcs: Participant
) -> None:
    record(world, marcs)
    clock.advance(timedelta(minutes=30))
    address = page(world, log(marcs, 2))
    changes = {**moment("2", "3", "2026", "10:30"), "note": "Again", "pain_during": "6"}
    asked = marc.post(address, typed(marc, address, **changes))
    html = asked.content.decode()
    assert asked.status_code == 422
    assert "Session 1 was held at 10:00, within an hour." in html
    assert "Again</textarea>" in html
    confirmed = marc.post(address, typed(marc, address, **changes, close_confirmed="on"))
    assert confirmed.status_code == 302
    session, _rows = stored(world, marcs, 2)
    assert (session.note, session.pain_during) == ("Again", 6)


def test_a_moved_session_is_read_back_with_its_reason(
    world: World, marc: Client, marcs: Participant, address: str
) -> None:
    day = {"planned_on_day": "1", "planned_on_month": "3", "planned_on_year": "2026"}
    without = marc.post(address, typed(marc, address, **day))
    assert "It was moved: enter the day it was planned for, and why it was moved." in without.content.decode()
    assert marc.post(address, typed(marc, address, **day, moved_code="holiday")).status_code == 302
    assert "Sunday 1 March 2026: On holiday" in marc.get(address).content.decode()


def test_an_exercise_done_as_well_is_added_and_can_be_corrected_away(
    world: World, client: Client, waiting: Participant
) -> None:
    assignments.take(participant=waiting, by=world.priya)
    client.force_login(world.cast.priya)
    address = page(world, log(waiting))
    html = client.get(address).content.decode()
    offered = re.search(r'<select name="added1-exercise".*?</select>', html, re.DOTALL)
    assert offered
    assert "deadlift" in offered[0]
    assert "lumbar_extension" not in offered[0]
    following = queries.next_session(waiting, world.priya)
    assert following is not None
    planned = {f"{each.exercise.code}-status": "as_planned" for each in following.exercises}
    added = {"added1-exercise": "deadlift", "added1-new-1-reps": "8", "added1-new-1-load": "40"}
    sent = {**typed(client, address), **planned, **added}
    refused = client.post(address, sent)
    assert "Deadlift: choose why it was added." in refused.content.decode()
    assert client.post(address, {**sent, "added1-reason": "equipment"}).status_code == 302
    _session, rows = queries.session_by_number(waiting, 1, world.priya)
    assert (rows[-1].exercise, rows[-1].status, rows[-1].performed) == (
        "deadlift",
        "added",
        [{"reps": 8, "load": 40, "unit": "kg"}],
    )
    correction = client.get(page(world, log(waiting, rest="correct/"))).content.decode()
    assert 'name="added2-exercise"' in correction
    assert re.search(r'name="added1-new-1-load" value="40"', correction)
