"""Stopping allocation after an incident, and going on. Nothing that was allocated is touched."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Problem
from randomization.blindfold import Purpose, unblinded
from randomization.models import Freeze, Sequence, Stratum
from review.policies import check_not_locked
from trials.access import authorize
from trials.models import Trial

SHORTEST_TEXT = 10


def freeze(*, trial: Trial, incident: str, by: Actor) -> Freeze:
    """Stop allocation in a trial from now on. Requests under way are finished first; later ones are refused.

    The trail shows everybody that it was stopped; the incident is for those who may see arms. Conflict if it is
    frozen already.
    """
    grant = authorize(by, Permission.FREEZE_ALLOCATION, trial=trial)
    _check_text(incident, "incident", _("Say what happened, for whoever reads the record later."))
    check_not_locked(trial)
    opening = unblinded(by=by, trial=trial, purpose=Purpose.FREEZE)
    with opening, act("allocation.freeze", grant=grant, subject=trial):
        _wait_for_allocations(trial)
        if _in_force(trial) is not None:
            raise Conflict("freeze.twice", _("Randomization is stopped already. Reload the page to see since when."))
        with act("freeze.record", grant=grant, subject=trial, secrecy=FieldClass.UNBLINDING) as a:
            return a.create(Freeze(trial=trial, incident=incident.strip(), frozen_at=clock.now(), frozen_by=by.id))


def unfreeze(*, trial: Trial, resolution: str, by: Actor) -> Freeze:
    """Go on allocating, with how the incident was resolved. Conflict if allocation is not frozen."""
    grant = authorize(by, Permission.FREEZE_ALLOCATION, trial=trial)
    _check_text(resolution, "resolution", _("Say how it was resolved, for whoever reads the record later."))
    check_not_locked(trial)
    opening = unblinded(by=by, trial=trial, purpose=Purpose.FREEZE)
    with opening, act("allocation.unfreeze", grant=grant, subject=trial):
        held = _in_force(trial)
        if held is None:
            raise Conflict("freeze.none", _("Randomization is not stopped. Reload the page to see its state."))
        with act("freeze.resolve", grant=grant, subject=trial, secrecy=FieldClass.UNBLINDING) as a:
            return a.change(held, resolution=resolution.strip(), lifted_at=clock.now(), lifted_by=by.id)


def _in_force(trial: Trial) -> Freeze | None:
    return Freeze.objects.select_for_update().filter(trial=trial, lifted_at=None).first()


def _wait_for_allocations(trial: Trial) -> None:
    """Hold what allocations claim their places from, so that none can slip through while we freeze."""
    in_force = Stratum.objects.filter(sequence__trial=trial, sequence__state=Sequence.State.ACTIVE)
    list(in_force.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _check_text(text: str, field: str, sentence: object) -> None:
    if len(text.strip()) < SHORTEST_TEXT:
        raise Problem(f"freeze.{field}", sentence, field=field)  # type: ignore[arg-type]
