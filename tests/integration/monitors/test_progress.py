"""Recruitment, flow and completeness: counted from what happened, all arms together."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from django.test import Client

from accounts.roles import Role
from core import clock
from participants.actions import screening
from participants.models import Participant
from tests import cast as people
from tests.cast import ELIGIBLE, actor
from tests.integration.monitors.conftest import World
from trials.queries import protocol_of
from web.monitors.flow_words import steps
from web.monitors.recruitment import curve_of, flow_of

PAGE = "/t/STRONG-BACK/monitoring/progress/"


def screen(world: World, **changes: object) -> Participant:
    known = {"language": "en", "answers": ELIGIBLE, "site": people.first_site(world.trial)}
    return screening.screen(trial=world.trial, by=actor(world.cast.elise), **{**known, **changes}).participant  # type: ignore[arg-type]


def test_the_boxes_add_up(world: World) -> None:
    screen(world, answers={**ELIGIBLE, "age": 70, "radiculopathy": True})
    screen(world, declined_reason="travel")
    randomized = people.consented(world.trial, world.cast)
    people.hand_down_randomized(randomized)
    flow = flow_of(list(world.trial.sites.all()), protocol_of(world.trial))
    assert (flow.assessed, flow.not_eligible, flow.declined, flow.in_progress) == (4, 1, 1, 1)
    assert (flow.consented, flow.randomized) == (1, 1)
    assert flow.assessed == (flow.not_eligible + flow.declined + flow.left_before + flow.in_progress + flow.randomized)
    assert flow.not_eligible_reasons.total() == flow.not_eligible
    assert flow.not_eligible_reasons == {"age": 1}
    assert flow.declined_reasons == {"travel": 1}


def test_reasons_that_are_as_frequent_stand_in_a_fixed_order(world: World) -> None:
    for reason in ("travel", "time"):
        screen(world, declined_reason=reason)
    protocol = protocol_of(world.trial)
    flow = flow_of(list(world.trial.sites.all()), protocol)
    turned = Counter(dict(reversed(flow.declined_reasons.items())))
    assert len(turned) == 2
    assert steps(flow, protocol) == steps(replace(flow, declined_reasons=turned), protocol)


def test_the_curve_counts_up_to_now_and_the_plan_goes_on(world: World) -> None:
    people.hand_down_randomized(people.consented(world.trial, world.cast))
    sites, protocol = list(world.trial.sites.all()), protocol_of(world.trial)
    curve = curve_of(sites, protocol, clock.today("America/Toronto"))
    assert [month.isoformat() for month in curve.months[:4]] == ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"]
    assert curve.actual[:4] == [0, 0, 0, 1]
    assert set(curve.actual[4:]) == {None}
    assert curve.planned == sorted(curve.planned, key=float)  # type: ignore[arg-type]
    with clock.moved_to(people.MONDAY + timedelta(days=3650)):
        late = curve_of(sites, protocol, clock.today("America/Toronto"))
    assert late.planned[-1] == protocol.target


def test_the_page_says_it_in_words_with_a_table_behind(world: World, monitor: Client) -> None:
    screen(world, answers={**ELIGIBLE, "age": 70})
    html = monitor.get(PAGE).content.decode()
    assert "0 randomized; by the end of this month" in html
    assert "Aged 18 to 60 on the day of consent: 1" in html
    assert "The numbers as a table" in html


def test_nothing_by_arm(world: World, monitor: Client) -> None:
    people.hand_down_randomized(people.consented(world.trial, world.cast))
    html = monitor.get(PAGE).content.decode()
    for word in ("MC+ILEX", "Targeted", "General exercise", "Marc Roy", "session"):
        assert word not in html


def test_a_person_of_another_site_counts_nobody(world: World, client: Client) -> None:
    client.force_login(world.somebody(Role.MONITOR, world.other_site()))
    figures = client.get(PAGE).context["figures"]
    assert [figure.value for figure in figures] == [0, 0, 0]


def test_wrong_role_logged_out_and_wrong_method(world: World, client: Client) -> None:
    for user in (world.cast.samuel, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
    client.force_login(world.cast.tomas)
    assert client.post(PAGE).status_code == 405
    client.logout()
    assert client.get(PAGE).status_code == 302
