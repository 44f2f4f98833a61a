"""Who the demo's participants are, and how far each of them has come."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from demo.answers import Body

GIVEN = ("Camille", "Jordan", "Alex", "Noémie", "Samir", "Léa", "Owen", "Mei", "Paulo", "Chantal", "Yasmine", "Luc")
FAMILY = ("Bouchard", "Wilson", "Côté", "Nguyen", "Diallo", "Martin", "Fortin", "Okafor", "Gagné", "Singh", "Lavoie")

PATHS = (
    ("completes", 12),
    ("trains", 12),
    ("withdraws", 2),
    ("ineligible", 3),
    ("declines", 2),
    ("excluded_after_mri", 1),
    ("ready", 2),
    ("at_baseline", 3),
    ("just_consented", 2),
    ("just_eligible", 2),
)
"""What becomes of how many; ``completes`` began first, ``just_eligible`` last."""

TO_SIGN, TO_GUESS = 3, 6
"""Of those who complete: whose last visit the assessor has still to sign, and about whom she has still to guess."""
JUST_MEASURED = {TO_SIGN: 132, TO_GUESS: 139}
"""How many days ago these two called, so that they were measured in the last weeks."""


@dataclass
class Character:
    """One participant of the story."""

    index: int
    path: str
    first_call: datetime
    language: str
    chance: random.Random
    first_session: datetime | None = None
    """When the first session is booked; None: as soon as may be."""
    body: Body = field(init=False)

    def __post_init__(self) -> None:
        draw = self.chance
        self.body = Body(
            trouble=min(max(draw.gauss(0.45, 0.13), 0.15), 0.85),
            strength=draw.gauss(1, 0.12),
            instability=draw.choice([0.35, 0.45, 0.6, 0.75]),
            chance=draw,
        )

    def contact(self, today: date) -> dict[str, Any]:
        """Invented contact details; nobody's real address."""
        return {
            "name": f"{GIVEN[self.index % len(GIVEN)]} {FAMILY[self.index % len(FAMILY)]}",
            "email": f"participant{self.index + 1}@example.org",
            "phone": f"514555{self.index + 100:04d}",
            "date_of_birth": date(today.year - self.age, 1, 15) + timedelta(days=self.index),
            "preferred_channel": "email",
        }

    def awaits(self, step: int, visit: str) -> bool:
        """Whether the story leaves this step of the last visit, TO_SIGN or TO_GUESS, to whoever tries the demo."""
        return self.path == "completes" and self.index == step and visit == "week16"

    @property
    def age(self) -> int:
        return 24 + (self.index * 7) % 34


def characters(now: datetime, seed: int = 20_260) -> Iterator[Character]:
    """All of them. The first called about nine months ago, the last this week."""
    paths = [path for path, many in PATHS for _each in range(many)]
    spans = {"completes": (270, 150), "trains": (128, 34), "withdraws": (150, 90), "ready": (24, 20)}
    recent = {"at_baseline": (11, 7), "just_consented": (6, 4), "just_eligible": (4, 2), "excluded_after_mri": (60, 40)}
    for index, path in enumerate(paths):
        chance = random.Random(seed + index)
        longest, shortest = {**spans, **recent}.get(path, (200, 20))
        days = JUST_MEASURED.get(index, chance.randint(shortest, longest))
        call = (now - timedelta(days=days)).replace(hour=14, minute=chance.randint(0, 59), second=0, microsecond=0)
        call -= timedelta(days=call.weekday())  # on a Monday, so that visits fall on working days
        booked = now.replace(hour=22, minute=30) + timedelta(days=index % 2) if path == "ready" else None
        yield Character(index, path, call, "fr" if index % 3 == 0 else "en", chance, booked)
