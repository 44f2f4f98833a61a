"""What was guessed, beside what it was: the tables from which blinding is assessed. Needs an opening."""

from collections import Counter
from dataclasses import dataclass

from outcomes.models import Guess
from randomization.blinding_indices import Guesses, Index, James, bang, james
from randomization.queries import arms_of
from trials.models import Trial
from trials.protocol import Protocol

DONT_KNOW = ""


@dataclass(frozen=True)
class GuessTable:
    """The guesses of one kind of people after one visit. ``guesses`` as ``blinding_indices`` reads them.

    ``sure``: how many guesses of (arm guessed, arm) were strong ones. ``skipped``: how many gave none, by reason.
    ``outside``: guesses about people who are not randomized.
    """

    guesser: str
    visit: str
    arms: tuple[str, ...]
    guesses: Guesses
    sure: Counter[tuple[str, str]]
    skipped: Counter[str]
    outside: int

    @property
    def total(self) -> int:
        return sum(map(sum, self.guesses))

    def james(self) -> James:
        return james(self.guesses)

    def bang(self) -> dict[str, Index]:
        """By arm, in the order of the arms."""
        return {arm: bang(self.guesses, place) for place, arm in enumerate(self.arms)}


def guess_tables(trial: Trial, protocol: Protocol) -> list[GuessTable]:
    """A table for everybody whom the protocol asks after each visit it names, and whoever was asked before."""
    asked = [(each.by, visit) for each in protocol.blinding.guesses for visit in each.visits]
    held = list(Guess.objects.filter(trial=trial).select_related("visit").order_by("at", "id"))
    given = [(guess.guesser, guess.visit.code) for guess in held]
    arms = arms_of({guess.participant_id for guess in held})
    return [
        _table(key, protocol, [(guess, arms.get(guess.participant_id)) for guess in held if _of(guess, key)])
        for key in dict.fromkeys([*asked, *given])
    ]


def _of(guess: Guess, key: tuple[str, str]) -> bool:
    return (guess.guesser, guess.visit.code) == key


def _table(key: tuple[str, str], protocol: Protocol, held: list[tuple[Guess, str | None]]) -> GuessTable:
    arms = tuple(arm.code for arm in protocol.design.arms)
    given = [(guess, arm) for guess, arm in held if not guess.skipped and arm is not None]
    counts = Counter((guess.arm, arm) for guess, arm in given)
    return GuessTable(
        guesser=key[0],
        visit=key[1],
        arms=arms,
        guesses=[[counts[named, arm] for arm in arms] for named in (*arms, DONT_KNOW)],
        sure=Counter((guess.arm, arm) for guess, arm in given if guess.certainty == Guess.Certainty.STRONGLY),
        skipped=Counter(guess.skipped for guess, _arm in held if guess.skipped),
        outside=sum(arm is None and not guess.skipped for guess, arm in held),
    )
