"""Recording consent."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from participants.models import Consent, Participant
from tests.integration.coordinators.typed import moment
from tests.integration.coordinators.walls import check_walls
from tests.integration.coordinators.world import World

pytestmark = pytest.mark.django_db


def url(world: World, participant: Participant) -> str:
    return world.url("coordinators:consent", number=participant.number)


def typed(world: World, **changes: str) -> dict[str, str]:
    clauses = {f"clauses.{code}": "yes" for code in ("sharing", "interview", "recording", "recontact")}
    signed = moment("signed_at", "signed_time", clock.now() - timedelta(hours=1))
    known = {"version": "1.0", "explained_by": str(world.cast.elise.pk)}
    return {**clauses, **signed, **known, **changes}


def test_walls(world: World) -> None:
    check_walls(world, "coordinators:consent", number=world.eligible().number)


def test_recorded_clause_by_clause_and_visits_follow(world: World, elise: Client) -> None:
    participant = world.eligible()
    response = elise.post(url(world, participant), typed(world, **{"clauses.interview": "no"}))
    assert response.status_code == 302
    consent = Consent.objects.get()
    assert consent.clauses == {"sharing": True, "interview": False, "recording": True, "recontact": True}
    assert consent.signed_at == (clock.now() - timedelta(hours=1)).replace(second=0, microsecond=0)
    assert participant.visits.filter(code="baseline").exists()


def test_nothing_is_chosen_beforehand(world: World, elise: Client) -> None:
    body = elise.get(url(world, world.eligible())).content.decode()
    assert "checked" not in body
    assert 'name="signed_at_day" class="w-2"' in body or 'name="signed_at_day"' in body
    assert 'value="2026"' not in body


def test_in_the_participants_language(world: World, elise: Client) -> None:
    participant = world.eligible(language="fr")
    body = elise.get(url(world, participant)).content.decode()
    assert "Formulaire" in body
    assert "peuvent être transmises" in body
    other = elise.get(url(world, participant), {"language": "en"}).content.decode()
    assert "Information and consent form" in other


def test_a_clause_left_open_and_a_date_ahead_are_refused(world: World, elise: Client) -> None:
    participant = world.eligible()
    ahead = moment("signed_at", "signed_time", clock.now() + timedelta(days=2))
    response = elise.post(url(world, participant), typed(world, **ahead))
    assert response.status_code == 422
    assert "in the future" in response.content.decode()
    answers = typed(world)
    del answers["clauses.sharing"]
    assert elise.post(url(world, participant), answers).status_code == 422
    assert not Consent.objects.exists()


def test_an_outdated_version_is_refused_and_the_new_one_offered(world: World, elise: Client) -> None:
    participant = world.eligible()
    response = elise.post(url(world, participant), typed(world, version="0.9"))
    assert response.status_code == 422
    assert 'name="version" value="1.0"' in response.content.decode()


def test_a_second_submit_is_told(world: World, elise: Client) -> None:
    participant = world.eligible()
    assert elise.post(url(world, participant), typed(world)).status_code == 302
    assert elise.post(url(world, participant), typed(world)).status_code == 409
    assert Consent.objects.count() == 1


def test_who_is_not_eligible_is_not_asked(world: World, elise: Client) -> None:
    participant = world.eligible(answers={"age": 72}, contact=None)
    assert elise.get(url(world, participant)).status_code == 409


def test_therapists_are_not_offered(world: World, elise: Client) -> None:
    body = elise.get(url(world, world.eligible())).content.decode()
    assert "Marc Roy" not in body
    assert "Élise Tremblay" in body
