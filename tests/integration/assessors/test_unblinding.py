"""Someone told the group: two taps, and another assessor goes on."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from outcomes.actions import visits
from outcomes.models import Form, Visit
from participants.models import LearnedArm, Unblinding
from tests import cast, sealed
from tests.integration.assessors.conftest import World
from trials.access import authorize
from trials.actions import memberships


@pytest.fixture
def world(world: World) -> World:
    """The participant is randomized, and measurements are still due."""
    cast.hand_down_randomized(world.participant)
    return world


def url(world: World) -> str:
    return f"/t/{world.trial.code}/participants/{world.participant.number}/unblinded/"


def visit_url(world: World) -> str:
    visit = Visit.objects.get(participant=world.participant, code="baseline")
    return f"/t/{world.trial.code}/assessments/visits/{visit.pk}/"


def colleague(world: World) -> User:
    user = User.objects.create_user("ondine@example.org", "Ondine Petit")
    site = world.participant.site
    memberships.grant(user=user, trial=world.trial, role=Role.ASSESSOR, site=site, by=cast.actor(world.people.noor))
    return user


def test_two_taps_from_the_form(world: World) -> None:
    for page in (world.url("hip_rom"), world.shared_url("hip_rom"), visit_url(world)):
        assert url(world) in world.client.get(page).content.decode()
    answer = world.client.post(url(world), {"how": "participant"})
    assert (answer.status_code, answer["Location"]) == (302, world.home())
    made = Unblinding.objects.get()
    assert (made.how, made.learner) == ("participant", str(world.people.amelie.pk))
    assert sealed.rows(LearnedArm) == []


def test_the_worklist_and_the_forms_go_to_another(world: World) -> None:
    world.client.post(url(world), {"how": "participant"})
    assert world.url("hip_rom") not in world.client.get(world.home()).content.decode()
    html = world.client.get(world.url("hip_rom")).content.decode()
    assert "Somebody who does not know it has to do this" in html
    assert 'name="flexion_left_1"' not in html
    assert "Another assessor measures" in world.client.get(visit_url(world)).content.decode()
    answer = world.client.post(world.url("hip_rom"), {"step": "submit"}, headers={"Accept": "text/html"})
    assert answer.status_code == 409
    world.client.force_login(colleague(world))
    assert world.url("hip_rom") in world.client.get(world.home()).content.decode()
    assert 'name="flexion_left_1"' in world.client.get(world.url("hip_rom")).content.decode()


def test_a_form_that_is_not_open_yet_does_not_ask_to_come_back(world: World) -> None:
    grant = authorize(
        cast.actor(world.people.elise), Permission.CONSENT, trial=world.trial, site=world.participant.site
    )
    visits.lay_out(participant=world.participant, grant=grant)
    later = Form.objects.get(participant=world.participant, visit__code="week16", instrument="hip_rom")
    page = f"/t/{world.trial.code}/assessments/forms/{later.pk}/"
    assert "Come back then" in world.client.get(page).content.decode()
    world.client.post(url(world), {"how": "participant"})
    html = world.client.get(page).content.decode()
    assert "Somebody who does not know it has to do this" in html
    assert "Come back then" not in html


def test_the_coordinator_is_asked_to_find_one_and_reads_who_and_how(world: World) -> None:
    world.client.post(url(world), {"how": "document", "arm": "RT"})
    world.client.force_login(world.people.elise)
    assert "find another assessor" in world.client.get(f"/t/{world.trial.code}/today/", follow=True).content.decode()
    record = world.client.get(f"/t/{world.trial.code}/participants/{world.participant.number}/").content.decode()
    assert "May know the group" in record
    assert "Amélie Gagnon" in record
    assert "By accident: seen" in record
    world.client.force_login(world.people.amelie)
    own = world.client.get(f"/t/{world.trial.code}/participants/{world.participant.number}/").content.decode()
    assert "May know the group" not in own


def test_of_somebody_else_on_another_day_with_what_was_said(world: World) -> None:
    typed = {
        "learner": str(world.people.elise.pk),
        "learned_on_day": "27",
        "learned_on_month": "2",
        "learned_on_year": "2026",
        "arm": "RT",
        "how": "colleague",
    }
    assert world.client.post(url(world), typed).status_code == 302
    made = Unblinding.objects.get()
    assert (made.learner, str(made.learned_on)) == (str(world.people.elise.pk), "2026-02-27")
    assert sealed.only(LearnedArm).arm == "RT"
    assert world.url("hip_rom") in world.client.get(world.home()).content.decode()


def test_from_home_by_number(world: World) -> None:
    page = f"/t/{world.trial.code}/unblinding/"
    assert page in world.client.get(world.home()).content.decode()
    assert world.client.post(page, {"how": "other", "number": "MTL-0000"}).status_code == 422
    assert world.client.post(page, {"how": "other"}).status_code == 422
    assert world.client.post(page, {"how": "other", "number": world.participant.number}).status_code == 302
    assert Unblinding.objects.count() == 1


def test_without_how_it_is_asked_for_and_nothing_is_recorded(world: World) -> None:
    answer = world.client.post(url(world), {"arm": "RT"})
    assert answer.status_code == 422
    assert "Choose how it was learned" in answer.content.decode()
    assert not Unblinding.objects.exists()


def test_the_report_counts_it(world: World) -> None:
    world.client.post(url(world), {"how": "participant", "arm": "RT"})
    world.client.force_login(world.people.helen)
    html = world.client.get(f"/t/{world.trial.code}/monitoring/progress/").content.decode()
    assert "By accident: the participant said it" in html


def test_the_other_five_cases(world: World) -> None:
    there, nowhere = url(world), f"/t/{world.trial.code}/participants/MTL-0000/unblinded/"
    assert world.client.get(nowhere).status_code == 404
    assert world.client.put(there).status_code == 405
    assert Client().get(there).status_code == 302
    world.client.force_login(world.people.marc)
    assert [world.client.get(address).status_code for address in (there, nowhere)] == [403, 403]
    world.client.force_login(world.assessor_elsewhere())
    assert world.client.get(there).status_code == 404
