"""In which state a trial may recruit, and go on recruiting under an amendment."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.problems import Conflict, Invalid, Problem
from trials.models import Trial
from trials.protocol.schema import Protocol
from trials.queries import protocol_of
from trials.wordings import Gap, gaps


def check_may_open(trial: Trial) -> None:
    """Nobody is recruited while topics stand in for the words of a questionnaire; the demo may."""
    _refuse(gaps(trial, protocol_of(trial)))


def check_amendment(trial: Trial, amended: Protocol) -> None:
    """A trial that recruits takes on no language and no form for which it lacks the licensed words."""
    if trial.state != Trial.State.SETUP:
        held = set(gaps(trial, protocol_of(trial)))
        _refuse(gap for gap in gaps(trial, amended) if gap not in held)


def check_unlocked(trial: Trial) -> None:
    """A locked trial takes no content pack."""
    if trial.state == Trial.State.LOCKED:
        raise Conflict(
            "trial.locked", _("This trial is locked: nothing in it can be changed. The data manager can unlock it.")
        )


def _refuse(found: Iterable[Gap]) -> None:
    problems = [Problem("trial.placeholders", gap.sentence) for gap in found]
    if problems and not settings.ARMSLENGTH_DEMO:
        raise Invalid(problems)
