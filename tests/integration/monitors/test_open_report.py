"""The open report: all arms together, each chart with words and a table, nothing that tells an arm."""

from datetime import timedelta

from django.test import Client

from accounts.roles import Role
from core import clock
from outcomes.actions import visits
from outcomes.models import Form
from participants.actions import unblinding
from participants.codes import LearnedHow
from participants.models import Participant
from safety.actions import deviations, events
from tests import cast as people
from tests.integration.coordinators.world import World as Trial
from tests.integration.monitors.conftest import World
from tests.unit.safety.facts import facts

PAGE = "/t/STRONG-BACK/monitoring/open-report/"


def followed_up(world: World) -> Participant:
    """Somebody who answered the baseline and, sixteen weeks after randomization, has forms open."""
    trial = Trial(world.trial, world.cast)
    participant = trial.consented()
    trial.submit(trial.form(participant, "baseline", "odi"))
    trial.submit(trial.form(participant, "baseline", "sociodemographic"))
    people.hand_down_randomized(participant)
    participant.refresh_from_db()
    visits.lay_out(participant=participant, grant=trial.grant())
    clock.advance(timedelta(weeks=16))
    return participant


def test_figures_in_words_charts_and_tables(world: World, monitor: Client) -> None:
    participant = followed_up(world)
    page = monitor.get(PAGE)
    html = page.content.decode()
    assert html.count("The numbers as a table") == 2
    assert "Baseline of those randomized" in html
    baseline = {str(row[0].text): row[1].text for row in page.context["baseline"].rows}
    assert baseline["Randomized"] == "1"
    assert baseline["Age in years"].endswith("n = 1")
    assert any("Oswestry" in name or "Disability" in name or "ODI" in name for name in baseline), baseline
    sent = Form.objects.filter(participant=participant, instrument="odi", visit__code="baseline").get()
    assert sent.state == Form.State.COMPLETE
    assert "1 of 1 (100 %)" in html


def test_accidental_unblindings_are_counted(world: World, monitor: Client) -> None:
    participant = followed_up(world)
    by = people.actor(world.cast.amelie)
    unblinding.record(participant=participant, how=LearnedHow.PARTICIPANT, arm="RT", by=by)
    page = monitor.get(PAGE)
    counts = {str(row[0].text): row[1].text for row in page.context["unblindings"].rows}
    assert counts["The participant said it"] == "1"
    assert sum(int(count) for count in counts.values()) == 1


def test_events_are_pooled_and_few_are_not_told(world: World, monitor: Client) -> None:
    trial = Trial(world.trial, world.cast)
    people_of_trial = [trial.consented() for _each in range(3)]
    today = clock.today(world.trial.time_zone).isoformat()
    known = {"onset": today, "outcome": "ongoing", "ended": ""}

    def told() -> dict[str, str]:
        return {str(row[0].text): row[1].text for row in monitor.get(PAGE).context["events"].rows}

    assert told()["Any event"] == "0 events, 0 participants"
    for each in people_of_trial[:2]:
        events.report(participant=each, facts=facts(**known), by=trial.coordinator)
    assert told()["Any event"] == "fewer than 3"
    serious = {**known, "serious": True, "criteria": ("hospital",)}
    events.report(participant=people_of_trial[2], facts=facts(**serious), by=trial.coordinator)
    assert told()["Any event"] == "3 events, 3 participants"
    assert told()["Serious"] == "fewer than 3"
    assert told()["Serious and related"] == "0 events, 0 participants"


def test_deviations_are_pooled_and_few_are_not_told(world: World, monitor: Client) -> None:
    trial = Trial(world.trial, world.cast)
    known = {"kind": "visit", "cause": "staff", "remedy": "none", "happened_on": clock.today(world.trial.time_zone)}

    def told() -> dict[str, str]:
        return {str(row[0].text): row[1].text for row in monitor.get(PAGE).context["deviations"].rows}

    assert told()["Any deviation"] == "0 deviations, 0 participants"
    for importance in ("minor", "minor", "important"):
        assert told()["Important"] == "0 deviations, 0 participants"
        person = trial.consented()
        deviations.record(participant=person, importance=importance, by=trial.coordinator, **known)
    assert told() == {"Any deviation": "3 deviations, 3 participants", "Important": "fewer than 3"}


def test_nothing_by_arm(world: World, monitor: Client) -> None:
    followed_up(world)
    html = monitor.get(PAGE).content.decode()
    for word in ("MC+ILEX", "Targeted exercise", "General exercise", "Marc Roy", "Priya"):
        assert word not in html


def test_before_anybody_is_randomized(world: World, monitor: Client) -> None:
    html = monitor.get(PAGE).content.decode()
    assert "The primary outcome is due from nobody yet." in html


def test_a_person_of_another_site_counts_nobody(world: World, client: Client) -> None:
    followed_up(world)
    client.force_login(world.somebody(Role.MONITOR, world.other_site()))
    page = client.get(PAGE)
    assert page.context["baseline"].rows[0][1].text == "0"


def test_whoever_may_read_it_and_nobody_else(world: World, client: Client) -> None:
    for user in (world.cast.elise, world.cast.helen, world.cast.tomas, world.cast.noor):
        client.force_login(user)
        assert client.get(PAGE).status_code == 200
    for user in (world.cast.samuel, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
    client.force_login(world.cast.tomas)
    assert client.post(PAGE).status_code == 405
    assert client.get("/t/OTHER/monitoring/open-report/").status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302
