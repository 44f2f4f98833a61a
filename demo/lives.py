"""What happens to each participant of STRONG-BACK, step by step, with the verbs the pages call."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from core import clock
from demo import blinding, harms, reviewing, work
from demo.characters import Character
from demo.company import Company
from demo.screening import AFTER_MRI, AT_RANDOMIZATION, ELIGIBLE, NOT_ELIGIBLE
from outcomes.actions import enrolment
from participants.actions import contacts, screening, withdrawal
from participants.models import Participant

Step = tuple[datetime, Callable[[], object]]
WEEKS, SESSIONS_A_WEEK = 16, (0, 1, 3)


def life(company: Company, character: Character) -> Iterator[datetime]:
    """One participant's way through the trial; yields each moment before acting at it."""
    yield character.first_call
    participant = first_call(company, character)
    if character.path in ("ineligible", "declines", "just_eligible"):
        return
    consented = character.first_call + timedelta(days=2)
    yield consented
    work.consent(company, character, participant)
    if character.path == "just_consented":
        return
    yield from walk(baseline(company, character, participant, consented))
    if character.path in ("excluded_after_mri", "at_baseline", "ready"):
        return
    randomized = consented + timedelta(days=13)
    yield randomized
    therapist = work.randomize(company, character, participant, AT_RANDOMIZATION)
    yield from walk(programme(company, character, participant, randomized, therapist))


def walk(steps: list[Step]) -> Iterator[datetime]:
    """Do the steps in order of time."""
    for moment, do in sorted(steps, key=lambda step: step[0]):
        yield moment
        do()


def first_call(company: Company, character: Character) -> Participant:
    """The coordinator answers, screens, and asks for contact details of those who may take part."""
    answers = ELIGIBLE | {"age": character.age, "lbp_months": character.chance.randint(5, 120)}
    if character.path == "ineligible":
        answers |= NOT_ELIGIBLE[character.index % len(NOT_ELIGIBLE)]
    screened = enrolment.screen(
        trial=company.trial,
        site=company.site,
        language=character.language,
        answers=answers,
        contact=None if character.path in ("ineligible", "declines") else character.contact(clock.now().date()),
        declined_reason="travel" if character.path == "declines" else "",
        by=company.by("elise"),
    )
    return screened.participant


def baseline(company: Company, character: Character, participant: Participant, consented: datetime) -> list[Step]:
    """Two weeks of questionnaires, nights, measurements and images."""

    def on(days: float, do: Callable[[], object]) -> Step:
        return consented + timedelta(days=days), do

    steps = [
        on(0.02, lambda: work.book(company, participant, "assessment", consented + timedelta(days=6), "reception")),
        on(4.2, lambda: work.answer_own(character, participant, "baseline")),
        on(6.1, lambda: work.assess(company, character, participant, "baseline")),
    ]
    steps += [on(n + 0.7, lambda: work.answer_own(character, participant, "baseline_nights")) for n in range(1, 8)]
    if character.path == "at_baseline":
        return steps[: 2 + character.index % 2]
    finding = character.path == "excluded_after_mri"
    first_session = character.first_session or consented + timedelta(days=13, minutes=-30)
    steps += [
        on(8.1, lambda: work.enter_results(company, character, participant, "baseline", "mri")),
        on(9.2, lambda: decide_after_mri(company, participant, finding)),
    ]
    if finding:
        return steps
    return [
        *steps,
        on(
            9.9,
            lambda: contacts.log_attempt(
                participant=participant, channel="phone", outcome="reached", by=company.by("elise")
            ),
        ),
        on(10.0, lambda: work.book(company, participant, "session", first_session, "reception")),
        on(10.1, lambda: work.enter_results(company, character, participant, "baseline", "actigraphy")),
    ]


def decide_after_mri(company: Company, participant: Participant, finding: bool) -> None:
    answers = AFTER_MRI | {"mri_finding": finding}
    screening.decide(participant=participant, stage="after_mri", answers=answers, by=company.by("elise"))


def programme(
    company: Company, character: Character, participant: Participant, randomized: datetime, therapist: str
) -> list[Step]:
    """Sixteen weeks of sessions and weekly ratings, then the last visit; cut short by a withdrawal."""

    def on(days: float, do: Callable[[], object]) -> Step:
        return randomized + timedelta(days=days), do

    steps: list[Step] = []
    for week in range(WEEKS):
        for place, weekday in enumerate(SESSIONS_A_WEEK):
            number = 3 * week + place + 1
            train = partial(work.train, company, character, participant, number, therapist)
            steps.append(on(7 * week + weekday + 0.06, train))
        late = character.chance.choice([0, 0, 0, 1, 2])
        if character.chance.random() < 0.93:
            steps.append(on(7 * week + 7.2 + late, partial(work.rate_week, character, participant, week + 1)))
    steps += last_visit(company, character, participant, randomized)
    steps += blinding.incidents(company, character, participant, randomized)
    steps += reviewing.queried(company, character, participant, randomized)
    steps += harms.of(company, character, participant, randomized, therapist)
    if character.path != "withdraws":
        return steps
    gone = randomized + timedelta(days=character.chance.randint(20, 60))
    return [*(step for step in steps if step[0] < gone), (gone, lambda: leave(company, participant))]


def last_visit(company: Company, character: Character, participant: Participant, randomized: datetime) -> list[Step]:
    """Sixteen weeks after randomization, whatever the attendance."""

    def on(days: float, do: Callable[[], object]) -> Step:
        return randomized + timedelta(days=days), do

    nights = [on(n + 0.7, lambda: work.answer_own(character, participant, "week16_nights")) for n in range(105, 112)]
    return [
        *nights,
        on(100.2, lambda: work.book(company, participant, "assessment", randomized + timedelta(days=113), "reception")),
        on(111.3, lambda: work.answer_own(character, participant, "week16")),
        on(113.1, lambda: work.assess(company, character, participant, "week16")),
        on(113.2, lambda: blinding.guess(company, character, participant, "week16")),
        on(116.1, lambda: work.enter_results(company, character, participant, "week16", "mri")),
        on(117.1, lambda: work.enter_results(company, character, participant, "week16", "actigraphy")),
    ]


def leave(company: Company, participant: Participant) -> None:
    """The participant no longer wants to take part."""
    withdrawal.withdraw(
        participant=participant,
        scopes=["intervention", "follow_up", "contact"],
        reason_code="moved",
        day=clock.today(participant.site.time_zone),
        by=company.by("elise"),
    )
