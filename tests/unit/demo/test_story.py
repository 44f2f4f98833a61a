"""What the demo's story leaves to whoever tries it."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from django.test import override_settings

from core import clock
from demo import building, lives
from demo.characters import TO_GUESS, TO_SIGN, characters
from demo.clockwork import live
from demo.company import Company, found
from outcomes.queries import guesses_waiting, signatures_waiting
from trials.queries import protocol_of

NOW = datetime(2026, 11, 29, 16, tzinfo=UTC)


def last_visit_only(company: Company, character, participant, randomized, _therapist) -> list[lives.Step]:  # type: ignore[no-untyped-def]
    return lives.last_visit(company, character, participant, randomized)


def test_one_visit_waits_for_the_assessors_signature_and_one_for_her_guess(db: None) -> None:
    with override_settings(ARMSLENGTH_DEMO=True):
        company = found(
            "strong-back.yaml",
            at=NOW - timedelta(days=275),
            design=building.DESIGN,
            qualifications=building.QUALIFIED,
        )
    told = [each for each in characters(NOW) if each.index in (0, TO_SIGN, TO_GUESS)]
    with patch("demo.lives.programme", last_visit_only):
        live([lives.life(company, each) for each in told], until=NOW, tell=lambda _moment: None)
    with clock.moved_to(NOW):
        by, protocol = company.by("amelie"), protocol_of(company.trial)
        [to_sign] = signatures_waiting([company.site], by, most=9)
        [to_guess] = guesses_waiting([company.site], by, protocol)
    assert to_sign.code == to_guess.code == "week16"
    assert to_sign.participant_id != to_guess.participant_id
