"""The closed report: by arm, with a purpose, in the trail each time; names only once nothing changes."""

import csv
import io

from django.test import Client

from audit.models import Entry
from core import clock
from exports.unblinded.code import break_code
from participants.models import Participant
from review.actions import locks
from safety.actions import causality, deviations, events
from tests import cast as people
from tests.trail import contents
from tests.unit.exports.world import treat
from tests.unit.randomization_db.world import World
from tests.unit.safety.facts import facts

PAGE = "/t/STRONG-BACK/unblinded/closed-report/"
WHY = {"purpose": "Closed session of the monitoring committee", "arms": "letters", "step": "screen"}
NAMES = ("Targeted exercise programme", "General exercise programme", "MC+ILEX")


def treated(world: World) -> None:
    world.activate()
    treat(world, world.ready())


def figures(page: object, caption: str) -> dict[str, list[str]]:
    """A table of the page: the figures of each line, arm by arm."""
    table = next(each for each in page.context["tables"] if str(each.caption) == caption)  # type: ignore[attr-defined]
    return {str(row[0].text): [cell.text for cell in row[1:]] for row in table.rows}


def test_a_report_with_letters(world: World, client: Client) -> None:
    treated(world)
    page = client.post(PAGE, WHY)
    html = page.content.decode()
    assert page.status_code == 200
    assert "Arm A" in html
    assert not [name for name in NAMES if name in html]
    flow = figures(page, "Flow from randomization on")
    assert sorted(flow["Randomized"]) == ["0", "1"]
    assert sorted(flow["Came to a session at least once"]) == ["0 of 0 (0 %)", "1 of 1 (100 %)"]
    assert "1 of 1 (100 %)" in figures(page, "Sessions, of those recorded")["Done"]
    assert figures(page, "Errors about allocations")["Not eligible after all"] == ["0", "0"]


def test_deviations_are_counted_by_arm(world: World, client: Client) -> None:
    treated(world)
    person = Participant.objects.get(state="randomized")
    day = clock.today(person.site.time_zone)
    known = {"kind": "visit", "importance": "important", "happened_on": day, "cause": "staff", "remedy": "none"}
    deviations.record(participant=person, by=world.elise, **known)
    told = figures(client.post(PAGE, WHY), "Deviations from the protocol: number, and participants with one")
    assert sorted(told["Important"]) == ["0 deviations, 0 participants", "1 deviation, 1 participant"]


def test_events_are_counted_by_arm(world: World, client: Client) -> None:
    treated(world)
    person = Participant.objects.get(state="randomized")
    before = figures(client.post(PAGE, WHY), "Adverse events: number, and participants with one")
    assert before["Any event"] == ["0 events, 0 participants"] * 2
    event = events.report(participant=person, facts=facts(onset="2026-03"), by=world.elise)
    opinion = {"intervention": "possible", "procedures": "unrelated", "expected_as": ""}
    causality.judge(event=event, by=world.helen, **opinion)
    causality.judge(event=event, by=world.helen, **{**opinion, "intervention": "unrelated"}, text="Thought again.")
    after = figures(client.post(PAGE, WHY), "Adverse events: number, and participants with one")
    assert sorted(after["Any event"]) == ["0 events, 0 participants", "1 event, 1 participant"]
    assert sorted(after["Related, in the investigator's first opinion"])[1] == "1 event, 1 participant"
    assert after["Serious"] == ["0 events, 0 participants"] * 2


def test_each_look_and_each_file_is_in_the_trail(world: World, client: Client) -> None:
    treated(world)
    client.post(PAGE, WHY)
    client.post(PAGE, WHY)
    answer = client.post(PAGE, {**WHY, "step": "file"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    assert 'filename="strong-back-closed-report-2026-03-02.csv"' in answer["Content-Disposition"]
    assert rows[0] == ["table", "line", "arm", "value"]
    assert {row[2] for row in rows[1:]} == {"Arm A", "Arm B"}
    noted = contents(verb="report.closed", secrecy="unblinding")
    assert [entry.facts["taken"] for entry in noted] == [False, False, True]
    assert {entry.reason for entry in noted} == {WHY["purpose"]}
    assert Entry.objects.filter(verb="blind.open_export").count() == 3


def test_the_letters_stay_the_same(world: World, client: Client) -> None:
    treated(world)
    first, again = (figures(client.post(PAGE, WHY), "Flow from randomization on") for _time in range(2))
    assert first == again
    assert Entry.objects.filter(verb="dummy_codes.draw").count() == 1


def test_names_only_once_the_code_is_broken(world: World, client: Client) -> None:
    treated(world)
    refused = client.post(PAGE, {**WHY, "arms": "names"})
    assert refused.status_code == 409
    assert "Until then choose letters." in refused.content.decode()
    assert not Entry.objects.filter(verb__in=("report.closed", "blind.open_export")).exists()
    locks.lock_trial(trial=world.trial, reason="Data are complete.", by=people.actor(world.cast.noor))
    assert client.post(PAGE, {**WHY, "arms": "names"}).status_code == 409
    break_code(trial=world.trial, purpose="The analysis", by=people.actor(world.cast.samuel)).file.close()
    html = client.post(PAGE, {**WHY, "arms": "names"}).content.decode()
    assert "Targeted exercise programme" in html
    assert "Arm A" not in html


def test_without_a_purpose_nothing_is_opened(world: World, client: Client) -> None:
    for entered in ({}, {**WHY, "purpose": ""}, {**WHY, "purpose": "short"}, {**WHY, "arms": "colours"}):
        assert client.post(PAGE, entered).status_code in (400, 422)
    assert not Entry.objects.filter(verb__in=("report.closed", "blind.open_export")).exists()


def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client) -> None:
    assert client.get(PAGE).status_code == 200
    assert client.put(PAGE).status_code == 405
    assert client.get("/t/OTHER/unblinded/closed-report/").status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, WHY).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302
