"""What the monitor asks about forms in the story: one query that was answered and closed, one that still waits."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from demo.characters import Character
from demo.company import Company
from outcomes.actions import queries
from outcomes.models import Form
from participants.models import Participant
from review.models import Query

SETTLED, WAITS, EVERY = 5, 6, 12
"""Of those in training, each twelfth: about whose strength a query was closed, and about whose hips one is open."""
STRENGTH = "The third attempt is well below the first two. Is it copied as measured?"
HIPS = "The source sheet has two trials on the left, the form three. Which is right?"


def queried(
    company: Company, character: Character, participant: Participant, randomized: datetime
) -> list[tuple[datetime, Callable[[], object]]]:
    """The monitor comes by after randomization; the assessor answers two days later, the monitor is content."""
    place = character.index % EVERY if character.path == "trains" else None
    about = {SETTLED: ("medx_strength", "unlikely", STRENGTH), WAITS: ("hip_rom", "source", HIPS)}.get(place or 0)
    if about is None:
        return []
    visit = randomized + timedelta(days=6.2)
    steps: list[tuple[datetime, Callable[[], object]]] = [(visit, partial(ask, company, participant, *about))]
    if place == SETTLED:
        steps += [
            (visit + timedelta(days=2), partial(answer, company, participant)),
            (visit + timedelta(days=7), partial(close, company, participant)),
        ]
    return steps


def ask(company: Company, participant: Participant, instrument: str, kind: str, text: str) -> None:
    """The monitor raises a query about what was measured at baseline."""
    for form in Form.objects.select_related("participant", "visit", "site", "trial").filter(
        participant=participant, visit__code="baseline", instrument=instrument, state=Form.State.COMPLETE
    ):
        queries.raise_about(form=form, kind=kind, text=text, by=company.by("tomas"))


def answer(company: Company, participant: Participant) -> None:
    """The assessor looks it up."""
    for query in of(participant, Query.State.OPEN):
        queries.answer(query=query, text="Checked with the device: it is as measured.", by=company.by("amelie"))


def close(company: Company, participant: Participant) -> None:
    """The monitor is content."""
    for query in of(participant, Query.State.ANSWERED):
        queries.close(query=query, by=company.by("tomas"))


def of(participant: Participant, state: str) -> list[Query]:
    """The queries about somebody's forms that are in a state."""
    forms = Form.objects.filter(participant=participant).values("pk")
    return list(Query.objects.filter(subject_id__in=forms, state=state).order_by("raised_at", "pk"))
