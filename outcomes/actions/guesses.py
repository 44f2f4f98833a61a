"""Guessing the arm, once for each person and visit, after the outcomes are in and never before."""

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Grant
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Problem
from outcomes.actions import signing
from outcomes.models import Guess, Visit
from outcomes.queries.guesses import guess_waits, guesser_of
from review.policies import check_not_locked
from trials.access import authorize, not_found, participant_grant
from trials.queries import protocol_of

DONT_KNOW = "dont_know"
"""What stands in place of an arm where somebody does not know."""


def give(*, visit: Visit, arm: str, by: Actor, certainty: str = "") -> Guess:
    """Guess the arm (or ``dont_know``) and how sure. Problem for an unknown arm or without the certainty of a guess.

    Raises Conflict when no guess is asked now: not by the protocol, not yet, not again.
    """
    known = {each.code for each in protocol_of(visit.trial).design.arms}
    if arm not in {*known, DONT_KNOW}:
        raise Problem("guess.arm", _("Choose one of the groups, or that you do not know."), field="arm")
    if arm != DONT_KNOW and certainty not in Guess.Certainty.values:
        raise Problem("guess.certainty", _("Say how sure you are."), field="certainty")
    guessed = "" if arm == DONT_KNOW else arm
    return _keep(visit, by, arm=guessed, certainty=certainty if guessed else "")


def skip(*, visit: Visit, why: str, by: Actor) -> Guess:
    """Give no guess, with a coded reason; it is not asked again."""
    if why not in Guess.Skipped.values:
        raise Problem("guess.skipped", _("Choose why you do not guess."), field="skipped")
    return _keep(visit, by, skipped=why)


def _keep(visit: Visit, by: Actor, **values: str) -> Guess:
    grant = _grant(visit, by)
    try:
        with act("guess.give", grant=grant, subject=visit.participant, secrecy=FieldClass.UNBLINDING) as a:
            check_not_locked(visit.trial)
            if not guess_waits(visit, by):
                raise _not_asked()
            a.note(visit=visit.label())
            guess = Guess(
                trial_id=visit.trial_id,
                participant=visit.participant,
                visit=visit,
                guesser=guesser_of(by),
                at=clock.now(),
                by=by.id,
                **values,
            )
            a.create(guess)
            if guess.guesser == Guess.Guesser.ASSESSOR:
                signing.settle(visit=visit, person=by.id, act=a)
            return guess
    except IntegrityError as error:
        raise _not_asked() from error


def _grant(visit: Visit, by: Actor) -> Grant:
    participant = visit.participant
    if by.kind is ActorKind.PARTICIPANT:
        if by.id != str(participant.pk):
            raise not_found()
        return participant_grant(by, trial_id=visit.trial_id, site_id=participant.site_id)
    return authorize(by, Permission.ASSESS, trial=visit.trial, site=participant.site)


def _not_asked() -> Conflict:
    return Conflict(
        "guess.not_asked",
        _("No guess is asked here now. It is asked once, after the last form is in and what was measured is signed."),
    )
