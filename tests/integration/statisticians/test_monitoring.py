"""Watching the list: balance, order in time, the convergence score, the test for selection bias, low stock."""

from datetime import timedelta
from itertools import count

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from randomization.queries import Stock
from tests import cast as people
from tests.trail import contents
from tests.unit.outcomes.world import answered
from tests.unit.randomization_db.world import World
from trials.queries import protocol_of
from web.statisticians.room import Room, low_stock

PAGE = "/t/STRONG-BACK/sequence/monitoring/"


def randomized(world: World, number: int) -> None:
    """So many people, an hour apart, every third of the low stratum."""
    for index in range(number):
        with clock.moved_to(people.MONDAY + timedelta(hours=index)):
            world.allocate(unstable=index % 3 > 0)


def test_before_a_list_and_before_anybody(world: World, client: Client) -> None:
    assert "There is no active list yet." in client.get(PAGE).content.decode()
    world.activate()
    html = client.get(PAGE).content.decode()
    assert "Nobody is randomized yet." in html
    assert "No score from before randomization is there yet." in html


def test_balance_and_order_in_time(world: World, client: Client) -> None:
    world.activate()
    randomized(world, 6)
    page = client.get(PAGE)
    by_arm = [sum(int(row[column].text) for row in page.context["balance"].rows) for column in (1, 2)]
    assert sum(by_arm) == 6
    order = page.context["order"].rows
    assert [str(row[0].text) for row in order] == ["1", "2", "3", "4", "5", "6"]
    assert [str(row[3].text) for row in order[:2]] == ["Low (less than 9)", "High (9 or more)"]
    assert [sum(row[6].text == arm for row in order) for arm in ("MC+ILEX", "RT")] == by_arm
    chart = page.context["chart"]
    assert [series.values[-1] for series in chart.series] == by_arm
    assert "After 6 allocations: MC+ILEX" in chart.says
    assert "The numbers as a table" in page.content.decode()


def test_the_convergence_score_stands_beside_what_is_expected(world: World, client: Client) -> None:
    world.activate(block_sizes=[4])
    randomized(world, 4)
    page = client.get(PAGE)
    rows = {str(row[0].text): str(row[1].text) for row in page.context["score"].rows}
    assert rows["Right guesses"].endswith(" of 4")
    assert 50 < float(rows["Expected share of this design"].removesuffix(" %")) < 80
    assert rows["Observed share"] in page.content.decode()


def test_minimization_is_watched_by_level(world: World, client: Client) -> None:
    world.activate({"method": "minimization", "factors": {"lsiq": 1}, "probability": "4/5"})
    randomized(world, 3)
    levels = client.get(PAGE).context["levels"].rows
    assert [str(row[0].text) for row in levels] == [
        "Lumbar instability score: High (9 or more)",
        "Lumbar instability score: Low (less than 9)",
    ]
    assert [sum(int(cell.text) for cell in row[1:]) for row in levels] == [2, 1]


def test_the_test_is_made_on_demand_on_the_score_chosen(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_came = count()
    answers = answered("odi")
    monkeypatch.setattr(
        "tests.unit.randomization_db.world.answered",
        lambda _form: {**answers, "odi_1": next(people_came) % 5},
    )
    world.activate()
    randomized(world, 12)
    page = client.get(PAGE)
    assert page.context["test"] is None
    scores = dict(page.context["form"].fields["score"].choices)
    assert scores["lsiq.total"].endswith(": Total")
    done = client.post(PAGE, {"score": "odi.score_pct"})
    assert done.status_code == 200
    rows = {str(row.label): str(row.value) for row in done.context["test"]}
    assert rows["Value"] == scores["odi.score_pct"]
    assert rows["Participants with a value"] == "12"
    assert rows["p-value, two-sided"].endswith("from 499 sequences drawn anew from the design")
    assert 'value="odi.score_pct" selected' in done.content.decode()


def test_where_the_test_cannot_be_made_it_says_why(world: World, client: Client) -> None:
    world.activate({"method": "simple"})
    randomized(world, 3)
    page = client.post(PAGE, {"score": "lsiq.total"})
    assert page.status_code == 400
    assert "The test cannot be made" in page.content.decode()


def test_no_score_chosen_or_one_that_is_not_there(world: World, client: Client) -> None:
    world.activate()
    randomized(world, 2)
    for typed in ({}, {"score": "odi.made_up"}):
        page = client.post(PAGE, typed)
        assert page.status_code == 422
        assert page.context["form"].errors["score"]


def test_opening_is_noted_once_a_day(world: World, client: Client) -> None:
    world.activate()
    client.force_login(world.cast.ruth)
    before = openings_of(world.cast.ruth)
    client.get(PAGE)
    client.get(PAGE)
    assert openings_of(world.cast.ruth) == max(before, 1)


def openings_of(user: User) -> int:
    return sum(each.actor_id == str(user.pk) for each in contents(verb="blind.open_sequence"))


@pytest.mark.parametrize(("slots", "used", "left"), [(106, 60, None), (106, 100, None), (101, 95, 6), (101, 101, 0)])
def test_low_stock_is_told_with_its_number(world: World, slots: int, used: int, left: int | None) -> None:
    """Not while the list covers everybody who is still to come."""
    room = Room(stock=(Stock("lsiq=high", slots, used), Stock("lsiq=low", 106, 0)))
    said = low_stock(room, protocol_of(world.trial))
    told = f"High (9 or more): {left} of {slots} places are left. Extend the list before it runs out."
    assert said == ([] if left is None else [told])


def test_wrong_role_logged_out_other_trial_and_wrong_method(world: World, client: Client) -> None:
    assert client.put(PAGE).status_code == 405
    assert client.get("/t/OTHER/sequence/monitoring/").status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE, {"score": "odi.score_pct"}).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 302
