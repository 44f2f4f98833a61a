"""Handing down the days that everything below counts from."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from audit import acts
from audit.actors import Grant
from core import clock
from core.problems import Conflict
from participants.models import Milestone, Participant


def hand_down(
    *,
    participant: Participant,
    kind: str,
    day: date | None,
    grant: Grant,
    number: int = 0,
    act: acts.Act | None = None,
) -> Milestone:
    """Write a milestone, or move it to another day; called by the verb that made it, inside its own act if given.

    ``day`` is in the site's time zone; None takes the milestone back. Randomization is handed down once and also
    sets the participant's state; a second time raises Conflict.
    """
    if act is None:
        with acts.act("milestone.hand_down", grant=grant, subject=participant) as own:
            return _write(own, participant, kind, number, day)
    return _write(act, participant, kind, number, day)


def _write(a: acts.Act, participant: Participant, kind: str, number: int, day: date | None) -> Milestone:
    held = Milestone.objects.filter(participant=participant, kind=kind, number=number).first()
    if held is None:
        milestone = a.create(Milestone(participant=participant, kind=kind, number=number, day=day, at=clock.now()))
    elif kind == Milestone.Kind.RANDOMIZED:
        raise Conflict("participant.randomized", _("This participant is randomized already; that is never repeated."))
    else:
        milestone = a.change(held, day=day, at=clock.now()) if held.day != day else held
    if kind == Milestone.Kind.RANDOMIZED:
        a.change(participant, state=Participant.State.RANDOMIZED)
    return milestone
