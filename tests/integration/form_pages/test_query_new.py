"""Raising a query from the page on which a form is read."""

from django.test import Client

from accounts.models import User
from accounts.roles import Role
from core import ids
from outcomes.models import Response
from review.actions.locks import lock_trial
from review.models import Query
from tests import cast
from tests.integration.form_pages.conftest import World
from trials.actions import memberships
from trials.models import Site

TYPED = {"kind": "unlikely", "text": "Right more than left?"}


def test_the_form_leads_to_it_and_shows_what_was_asked(world: World, measured: Response) -> None:
    url = world.shared_url("hip_rom", "query/")
    assert url in world.client.get(world.shared_url("hip_rom")).content.decode()
    answer = world.client.post(url, TYPED, follow=True)
    html = answer.content.decode()
    assert "The query is raised." in html
    assert "Right more than left?" in html
    query = Query.objects.get()
    assert (query.subject_id, query.kind, query.state) == (measured.form_id, "unlikely", "open")
    assert f"/t/{world.trial.code}/queries/{query.pk}/" in html


def test_what_is_missing_is_asked_for_and_nothing_is_chosen(world: World, measured: Response) -> None:
    url = world.shared_url("hip_rom", "query/")
    assert "checked" not in world.client.get(url).content.decode()
    for wrong in (
        {},
        {"kind": "unlikely"},
        {"text": "Why?"},
        {**TYPED, "kind": "rumour"},
        {**TYPED, "text": "x" * 1001},
    ):
        answer = world.client.post(url, wrong)
        assert answer.status_code == 422
        assert "Error:" in answer.content.decode()
    assert not Query.objects.exists()


def test_twice_or_under_a_lock_it_is_refused(world: World, measured: Response) -> None:
    url = world.shared_url("hip_rom", "query/")
    world.client.post(url, TYPED)
    twice = world.client.post(url, TYPED)
    assert (twice.status_code, "not closed yet" in twice.content.decode()) == (409, True)
    lock_trial(trial=world.trial, reason="The end", by=cast.actor(world.people.noor))
    locked = world.client.post(url, {**TYPED, "kind": "other"})
    assert (locked.status_code, "locked" in locked.content.decode()) == (409, True)


def test_about_a_form_that_is_not_submitted_it_leads_back(world: World, measured: Response) -> None:
    url = world.shared_url("dynamometry", "query/")
    assert world.client.get(url)["Location"] == world.shared_url("dynamometry")


def test_who_only_answers_is_not_offered_it(world: World, measured: Response) -> None:
    world.client.force_login(world.people.amelie)
    url = world.shared_url("hip_rom", "query/")
    assert url not in world.client.get(world.shared_url("hip_rom")).content.decode()


def test_the_other_five_cases(world: World, measured: Response) -> None:
    there, nowhere = world.shared_url("hip_rom", "query/"), f"/t/{world.trial.code}/forms/{ids.new_id()}/query/"
    assert world.client.get(nowhere).status_code == 404
    assert world.client.put(there).status_code == 405
    assert Client().get(there).status_code == 302
    for person in (world.people.marc, world.people.amelie):
        world.client.force_login(person)
        assert [world.client.get(address).status_code for address in (there, nowhere)] == [403, 403]
    world.client.force_login(monitor_elsewhere(world))
    assert world.client.get(there).status_code == 404


def monitor_elsewhere(world: World) -> User:
    """A monitor of another site."""
    world.assessor_elsewhere()
    user = User.objects.create_user("other.monitor@example.org", "Other Monitor")
    site, by = Site.objects.get(code="QC"), cast.actor(world.people.noor)
    memberships.grant(user=user, trial=world.trial, role=Role.MONITOR, site=site, by=by)
    return user
