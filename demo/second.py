"""A second, small trial where the coordinator randomizes and gets a receipt; one of its arms has no programme."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from core import clock
from demo import work
from demo.characters import Character
from demo.clockwork import Life
from demo.company import Company, found
from outcomes.actions import enrolment
from participants.actions import screening
from randomization import door

SAFE = {"nonspecific_lbp": True, "unsafe_exercise": False}
BEGAN_DAYS_AGO = (40, 33, 26, 16, 11, 3)
"""When each participant called; the last three are not randomized yet, and the fourth is ready to be."""
DESIGN = {"method": "permuted_blocks", "block_sizes": [4, 6], "slots_per_stratum": 26}


def second_trial(now: datetime) -> list[Life]:
    """The trial set up 50 days ago, and the lives of its participants."""
    company = found("balance.yaml", at=now - timedelta(days=50), design=DESIGN, qualifications={"priya": "trainer"})
    lives = []
    for index, days in enumerate(BEGAN_DAYS_AGO):
        call = (now - timedelta(days=days)).replace(hour=2, minute=15, second=0, microsecond=0)
        character = Character(100 + index, "balance", call, "en", random.Random(900 + index))
        lives.append(_life(company, character, index))
    return lives


def _life(company: Company, character: Character, index: int) -> Iterator[datetime]:
    yield character.first_call
    participant = enrolment.screen(
        trial=company.trial,
        site=company.site,
        language="en",
        answers=SAFE | {"adult": character.age},
        contact=character.contact(clock.now().date()),
        by=company.by("elise"),
    ).participant
    yield character.first_call + timedelta(days=2)
    work.consent(company, character, participant)
    yield character.first_call + timedelta(days=5)
    work.answer_own(character, participant, "baseline")
    if index == len(BEGAN_DAYS_AGO) - 2:
        return
    work.assess(company, character, participant, "baseline")
    if index >= len(BEGAN_DAYS_AGO) - 3:
        return
    yield character.first_call + timedelta(days=6)
    answers = {"unsafe_exercise": False}
    screening.decide(participant=participant, stage="randomization", answers=answers, by=company.by("elise"))
    participant.refresh_from_db()
    door.allocate(participant=participant, by=company.by("elise"))
