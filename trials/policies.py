"""In which state a trial may recruit, and go on recruiting under an amendment."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.problems import Conflict, Invalid, Problem
from trials.models import Trial
from trials.protocol.schema import Protocol
from trials.protocol.signing import strata_hash
from trials.queries import protocol_at, protocol_of
from trials.wordings import Gap, gaps


def check_may_open(trial: Trial) -> None:
    """Nobody is recruited while topics stand in for the words of a questionnaire; the demo may."""
    _refuse(gaps(trial, protocol_of(trial)))


def check_amendment(trial: Trial, amended: Protocol) -> None:
    """A trial that recruits takes on no language and no form for which it lacks the licensed words."""
    if trial.state != Trial.State.SETUP:
        held = set(gaps(trial, protocol_of(trial)))
        _refuse(gap for gap in gaps(trial, amended) if gap not in held)


def check_list_kept(trial: Trial, amended: Protocol) -> None:
    """Once a list is active, no amendment moves what it was drawn from: arms, ratio and strata."""
    if trial.drawn_from is None:
        return
    drawn = protocol_at(trial, trial.drawn_from)
    kept = {
        "arms": [arm.code for arm in amended.design.arms] == [arm.code for arm in drawn.design.arms],
        "ratio": amended.design.ratio == drawn.design.ratio,
        "strata": strata_hash(amended) == strata_hash(drawn),
    }
    sentence = _(
        "The allocation list was drawn from version %(number)d of the protocol, and this version changes: %(part)s. "
        "Put back what stood there, and load it again."
    )
    words = {"arms": _("the arms"), "ratio": _("the ratio"), "strata": _("the strata")}
    problems = [
        Problem(f"amendment.{part}", sentence, params={"number": trial.drawn_from, "part": words[part]})
        for part, same in kept.items()
        if not same
    ]
    if problems:
        raise Invalid(problems)


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
