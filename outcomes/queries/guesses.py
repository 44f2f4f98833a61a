"""Which guesses wait, and what was corrected after one. What was guessed is read behind the wall only."""

from collections.abc import Iterable

from audit.actors import Actor, ActorKind
from core import clock
from outcomes.models import Form, Guess, Response, Visit
from outcomes.policies import last_answer_day
from outcomes.queries.signing import are_in, is_signed_by, visits_at
from participants.blindness import is_blind
from review.policies import is_locked
from trials.models import Site
from trials.protocol import Protocol
from trials.queries import protocol_of


def guess_waits(visit: Visit, by: Actor) -> bool:
    """Whether this person is to guess now: the protocol asks, the visit's outcomes are in and signed, none is given."""
    guesser = guesser_of(by)
    if not protocol_of(visit.trial).blinding.asks(guesser, visit.code) or is_locked(visit.trial):
        return False
    if guesser == Guess.Guesser.ASSESSOR and not is_blind(visit.participant, by.id):
        return False
    if Guess.objects.filter(visit=visit, guesser=guesser, by=by.id).exists():
        return False
    return _are_in(visit, guesser, by)


def guesser_of(by: Actor) -> Guess.Guesser:
    """In which part somebody guesses."""
    return Guess.Guesser.PARTICIPANT if by.kind is ActorKind.PARTICIPANT else Guess.Guesser.ASSESSOR


def _are_in(visit: Visit, guesser: Guess.Guesser, by: Actor) -> bool:
    """Never before the last of the visit's outcomes is in and, where an assessor measured, signed by them: a guess must
    not colour what is measured after it."""
    if guesser == Guess.Guesser.ASSESSOR:
        return are_in(visit, guesser) and is_signed_by(visit, by.id)
    today = clock.today(visit.participant.site.time_zone)
    if today > last_answer_day(protocol_of(visit.trial), visit):
        return False
    answered = Response.objects.filter(form__visit=visit, form__filled_by=guesser)
    return answered.exists() and are_in(visit, guesser)


def guesses_waiting(sites: Iterable[Site], by: Actor, protocol: Protocol) -> list[Visit]:
    """The visits an assessor has measured, signed and not guessed about yet, the oldest first; in a few queries."""
    codes = protocol.blinding.visits_asking(Guess.Guesser.ASSESSOR)
    return list(visits_at(Form.Step.GUESS, sites, by).filter(code__in=codes)) if codes else []


def was_guessed(form: Form) -> bool:
    """Whether whoever fills such forms has guessed about the visit: what is corrected now is corrected after it,
    and needs a query."""
    return Guess.objects.filter(visit=form.visit_id, guesser=form.filled_by).exists()
