"""Who takes part in the told worlds: everybody differs in how far they came, and most take the shortest way there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from audit.actors import Actor, ActorKind, Origin
from demo import lives, work
from demo.characters import Character
from demo.clockwork import Life
from demo.company import Company
from demo.screening import AT_RANDOMIZATION
from outcomes.queries.responses import due_forms_of
from participants.models import Participant
from tests.rules.swap import extras

SHORT = "short"
"""A life of few steps, until its ``extra``."""
NEEDED = ("lsiq", "odi")
"""Forms without which nobody is randomized."""


@dataclass(frozen=True)
class Who:
    """A participant of a story: how far they come, and how many days ago they called."""

    path: str
    days: int
    language: str = "en"
    extra: str = ""


LONG = (
    Who("completes", 171, extra="hands_over"),
    Who("completes", 138, "fr"),
    Who("trains", 64, extra="covers"),
    Who("trains", 41, "fr", extra="corrects"),
    Who("trains", 24),
    Who("withdraws", 90),
)
"""Whole histories, sessions and all; the first have been assessed at week 16."""
AFTERWARDS = (*extras.LATER, "hands_over", "covers", "corrects")
RANDOMIZED = tuple(
    Who(SHORT, 18 + 6 * place, "fr" if place % 3 == 0 else "en", extra)
    for place, extra in enumerate((*AFTERWARDS, *[""] * 12, *AFTERWARDS))
)
"""At many weeks: what happens afterwards happens once to somebody of each arm."""
BEFORE = (
    *(Who("ineligible", days) for days in (33, 55, 77, 99)),
    *(Who("declines", days, "fr") for days in (30, 52, 74)),
    *(Who("excluded_after_mri", days) for days in (40, 47)),
    *(Who(SHORT, days, "fr", extra) for days, extra in zip((29, 31, 35, 37, 12), extras.EARLY, strict=True)),
    *(Who("ready", days, "fr") for days in (22, 21, 20)),
    *(Who("at_baseline", days) for days in (10, 9, 8, 7)),
    *(Who("just_consented", days, "fr" if days % 2 else "en") for days in (6, 5, 4, 3)),
    *(Who("just_eligible", days, "fr" if days % 2 else "en") for days in (4, 3, 2, 1)),
)
WHOLE = (*LONG, *RANDOMIZED, *BEFORE)
"""Somebody in every state, and enough of them that lists have pages."""
SOME = (
    Who("trains", 41, "fr", extra="corrects"),
    Who("trains", 24),
    *RANDOMIZED[:12],
    *(Who("ready", days, "fr") for days in (22, 21, 20)),
    *(Who("at_baseline", days) for days in (10, 9, 8, 7)),
    *(Who("just_consented", days) for days in (6, 5, 4)),
    Who(SHORT, 12, extra="begins"),
)
"""For those who see participants one by one: therapists and participants themselves."""
SMALL = (
    Who("trains", 30, extra="corrects"),
    Who("trains", 24),
    Who("trains", 21, "fr"),
    Who("ready", 20),
    Who(SHORT, 24),
)
"""Enough to catch a planted leak: in both arms and both strata, and two who are written to on one day."""


def story(company: Company, character: Character, extra: str) -> Life:
    """The life of somebody."""
    if character.path == SHORT:
        return short(company, character, extra)
    told = lives.life(company, character)
    return extras.beside(told, company, character.first_call.date(), extra) if extra else told


def short(company: Company, character: Character, extra: str) -> Iterator[datetime]:
    """Screened, consented, what is needed, randomized, a session or two, one rating; and then ``extra``."""
    yield character.first_call
    participant = lives.first_call(company, character)
    consented = character.first_call + timedelta(days=2)
    yield consented
    work.consent(company, character, participant)
    if extra in extras.EARLY:
        yield from lives.walk(extras.EARLY[extra](company, participant, consented))
        return
    yield from lives.walk(_needed(company, character, participant, consented))
    randomized = consented + timedelta(days=13)
    yield randomized
    therapist = work.randomize(company, character, participant, AT_RANDOMIZATION)
    yield from lives.walk(_after(company, character, participant, randomized, therapist))
    if extra:
        yield randomized + timedelta(days=8, hours=1)
        (extras.LATER | extras.MORE)[extra](company, participant)


def _needed(company: Company, character: Character, participant: Participant, consented: datetime) -> list[lives.Step]:
    at = consented + timedelta(days=13, minutes=-30)
    return [
        (consented + timedelta(days=4.2), partial(answer_needed, character, participant)),
        (consented + timedelta(days=9.2), partial(lives.decide_after_mri, company, participant, False)),
        (consented + timedelta(days=10), partial(work.book, company, participant, "session", at, "reception")),
    ]


def _after(
    company: Company, character: Character, participant: Participant, randomized: datetime, therapist: str
) -> list[lives.Step]:
    """One session in one arm, two in the other."""

    def again() -> None:
        if therapist in extras.GENERALS:
            extras.train(company, character, participant, 2, therapist)

    first = partial(extras.train, company, character, participant, 1, therapist)
    return [
        (randomized + timedelta(days=0.06), first),
        (randomized + timedelta(days=1.06), again),
        (randomized + timedelta(days=7.2), partial(work.rate_week, character, participant, 1)),
    ]


def answer_needed(character: Character, participant: Participant) -> None:
    """The participant answers what randomization waits for, and leaves the rest."""
    by = Actor(ActorKind.PARTICIPANT, str(participant.pk), participant.number, Origin.WEB)
    for visit in participant.visits.filter(code="baseline"):
        for form in due_forms_of(participant, visit):
            if form.instrument in NEEDED:
                work.fill(character, form, by)
