"""Which guesses wait, and what was corrected after one. What was guessed is read behind the wall only."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef

from audit.actors import Actor, ActorKind
from core import clock
from outcomes.models import PENDING, Form, Guess, Response, Visit
from outcomes.policies import last_answer_day
from participants.blindness import is_blind, lost_by
from review.policies import is_locked
from trials.models import Site
from trials.protocol import Protocol
from trials.queries import protocol_of


def guess_waits(visit: Visit, by: Actor) -> bool:
    """Whether this person is to guess now: the protocol asks, all their outcomes of the visit are in, none is given."""
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
    """Never before the last of the visit's outcomes: a guess must not colour what is measured after it."""
    own = Response.objects.filter(form__visit=visit, form__filled_by=guesser)
    if guesser == Guess.Guesser.ASSESSOR:
        own = own.filter(submitted_by=by.id)
    today = clock.today(visit.participant.site.time_zone)
    if guesser == Guess.Guesser.PARTICIPANT and today > last_answer_day(protocol_of(visit.trial), visit):
        return False
    waiting = Form.objects.filter(visit=visit, filled_by=guesser, state__in=PENDING, closes_on__gte=today)
    return own.exists() and not waiting.exists()


def guesses_waiting(sites: Iterable[Site], by: Actor, protocol: Protocol) -> list[Visit]:
    """The visits an assessor has measured and not guessed about yet, the oldest first; in one query."""
    codes = protocol.blinding.visits_asking(Guess.Guesser.ASSESSOR)
    if not codes:
        return []
    mine = Response.objects.filter(
        form__visit=OuterRef("pk"), form__filled_by=Guess.Guesser.ASSESSOR, submitted_by=by.id
    )
    open_still = Form.objects.filter(
        visit=OuterRef("pk"),
        filled_by=Guess.Guesser.ASSESSOR,
        state__in=PENDING,
        closes_on__gte=clock.today(protocol.time_zone),
    )
    given = Guess.objects.filter(visit=OuterRef("pk"), guesser=Guess.Guesser.ASSESSOR, by=by.id)
    visits = Visit.objects.filter(Exists(mine), code__in=codes, participant__site__in=[site.pk for site in sites])
    found = visits.exclude(Exists(open_still)).exclude(Exists(given)).exclude(lost_by(by.id))
    return list(found.select_related("participant").order_by("closes_on", F("participant__number"), "pk"))


def was_guessed(form: Form) -> bool:
    """Whether whoever fills such forms has guessed about the visit: what is corrected now is corrected after it."""
    return Guess.objects.filter(visit=form.visit_id, guesser=form.filled_by).exists()
