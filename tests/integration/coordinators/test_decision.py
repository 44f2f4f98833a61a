"""Deciding eligibility at a later stage."""

import pytest
from django.test import Client

from participants.models import Decision, Participant
from tests import cast as people
from tests.integration.coordinators.typed import criteria
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db

MRI = people.ELIGIBLE_LATER["after_mri"]


def url(world: World, participant: Participant, stage: str = "after_mri") -> str:
    return world.url("coordinators:decide", number=participant.number, stage=stage)


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:decide", number=world.consented().number, stage="after_mri")


@pytest.mark.parametrize("stage", ["screening", "nonsense"])
def test_only_later_stages(world: World, elise: Client, stage: str) -> None:
    assert elise.get(url(world, world.consented(), stage)).status_code == 404


def test_a_finding_excludes(world: World, elise: Client) -> None:
    participant = world.consented()
    response = elise.post(url(world, participant), criteria({**MRI, "mri_finding": True}))
    assert response.status_code == 302
    assert Decision.objects.get().reasons == ["mri_finding"]
    participant.refresh_from_db()
    assert participant.state == Participant.State.INELIGIBLE


def test_the_form_it_waits_for_is_named(world: World, elise: Client) -> None:
    participant = world.consented()
    form = world.form(participant, "baseline", "mri")
    body = elise.get(url(world, participant)).content.decode()
    assert world.url("form", form=form.pk) in body


def test_deciding_again_needs_a_reason(world: World, elise: Client) -> None:
    participant = world.consented()
    people.decide(participant, "after_mri")
    answers = criteria(MRI)
    assert elise.post(url(world, participant), answers).status_code == 422
    assert Decision.objects.count() == 1
    assert elise.post(url(world, participant), {**answers, "reason": "Second reading"}).status_code == 302
    assert Decision.objects.count() == 2


def test_unanswered_is_said_and_checking_saves_nothing(world: World, elise: Client) -> None:
    participant = world.consented()
    response = elise.post(url(world, participant), {"q-mri_finding": "no"})
    assert response.status_code == 422
    assert 'href="#id_q-spondylolysis_0"' in response.content.decode()
    checked = elise.post(url(world, participant), {**criteria(MRI), "check": "1"})
    assert "Eligible by these answers." in checked.content.decode()
    assert not Decision.objects.exists()
