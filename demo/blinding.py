"""What becomes of the blind in the story: guesses, somebody who says too much, one emergency."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from demo.characters import TO_GUESS, Character
from demo.company import Company
from outcomes.actions import guesses
from outcomes.queries import guess_waits
from participants.actions import tasks, unblinding
from participants.blindness import ASSESSOR_NEEDED, EMERGENCY_NOTED
from participants.models import Participant, Task
from randomization.actions.unblindings import unblind
from trials.queries import protocol_of

SLIPS, IN_DANGER, EVERY = 3, 2, 12
"""Of those in training, each twelfth: in whose words the group slips out, and who needs an emergency unblinding."""
BELIEFS = ("first", "first", "second", "second", "dont_know", "dont_know", "dont_know")
SKIPS = 0.06
EXPLANATION = "Admitted after a fall at home; the ward asks whether loads on the spine are part of the programme."


def guess(company: Company, character: Character, participant: Participant, visit: str) -> None:
    """The assessor says what she believes, which has nothing to do with the arm, as long as she is blind."""
    if character.awaits(TO_GUESS, visit):
        return
    by = company.by("amelie")
    for planned in participant.visits.filter(code=visit):
        if not guess_waits(planned, by):
            continue
        belief, certainty = character.chance.choice(BELIEFS), character.chance.choice(["somewhat", "strongly"])
        arms = dict(zip(("first", "second"), protocol_of(company.trial).design.arms, strict=False))
        if character.chance.random() < SKIPS:
            guesses.skip(visit=planned, why="prefers_not", by=by)
        elif belief in arms:
            guesses.give(visit=planned, arm=arms[belief].code, certainty=certainty, by=by)
        else:
            guesses.give(visit=planned, arm=guesses.DONT_KNOW, by=by)


def incidents(
    company: Company, character: Character, participant: Participant, randomized: datetime
) -> list[tuple[datetime, Callable[[], object]]]:
    """What happens to two of those in training, and what the coordinator does about it the day after."""
    place = character.index % EVERY if character.path == "trains" else None
    happens = {SLIPS: partial(slip, company, character), IN_DANGER: partial(emergency, company)}.get(place or 0)
    if happens is None:
        return []
    moment = randomized + timedelta(days=4.3)
    return [
        (moment, partial(happens, participant)),
        (moment + timedelta(days=1), partial(settle, company, participant)),
    ]


def slip(company: Company, character: Character, participant: Participant) -> None:
    """The participant greets the assessor in the corridor and tells of the sessions; she says so at once."""
    arm = character.chance.choice(protocol_of(company.trial).design.arms)
    unblinding.record(participant=participant, how="participant", arm=arm.code, by=company.by("amelie"))


def emergency(company: Company, participant: Participant) -> None:
    """The safety physician opens the code for a hospital."""
    unblind(participant=participant, reason="care", explanation=EXPLANATION, by=company.by("leila"))


def settle(company: Company, participant: Participant) -> None:
    """The coordinator found a colleague of another site to measure, and told who had to know."""
    for task in Task.objects.filter(
        participant=participant, kind__in=(ASSESSOR_NEEDED, EMERGENCY_NOTED), done_at=None
    ).select_related("participant__trial", "participant__site"):
        tasks.close(task=task, by=company.by("elise"))
