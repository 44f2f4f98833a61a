"""The end of a list: seeds and salts are revealed, and the record goes out to whoever wants to verify it."""

import hashlib

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Problem
from randomization import policies, proof
from randomization.blindfold import Purpose, unblinded
from randomization.design_common import canonical_json
from randomization.models import Sequence
from randomization.queries import revealed_at, segments_of
from review.policies import hold_lock, is_locked
from trials.access import authorize
from trials.models import Trial

SHORTEST_PURPOSE = 10


def reveal(*, trial: Trial, purpose: str, by: Actor) -> list[Sequence]:
    """Reveal seed and salt of every segment, for verification outside. It closes the list for good.

    Two people have to agree: the data manager, who locks the trial, and a statistician, who then reveals. From then on
    the lock stays (``actions.locks``). Conflict if the trial is not locked, or if the list was revealed before.
    """
    grant = authorize(by, Permission.REVEAL_SEQUENCE, trial=trial)
    policies.check_enrols_nobody(by, trial)
    check_purpose(purpose)
    _check_locked(held=is_locked(trial))
    with unblinded(by=by, trial=trial, purpose=Purpose.REVEAL):
        policies.check_not_revealed(trial)
        segments = segments_of(trial)
        if not segments:
            raise Conflict("sequence.none", _("There is no active list yet. Prepare one first."))
        with act("sequence.reveal", grant=grant, subject=trial, reason=purpose) as a:
            _check_locked(held=hold_lock(trial))
            a.note(segments=len(segments))
            return [a.change(each, revealed_at=clock.now(), revealed_by=by.id) for each in segments]


def export(*, trial: Trial, purpose: str, by: Actor) -> bytes:
    """The record as the JSON file that ``manage.py randomization verify`` reads. Conflict before the list is revealed.

    The trail keeps who took it, what for, and the hash of the file.
    """
    grant = authorize(by, Permission.EXPORT_UNBLINDED, trial=trial)
    check_purpose(purpose)
    if revealed_at(trial) is None:
        sentence = _("The list is not revealed yet. Until then only its commitments can be exported.")
        raise Conflict("record.sealed", sentence)
    with unblinded(by=by, trial=trial, purpose=Purpose.EXPORT, reason=purpose):
        made = canonical_json(proof.record_of(trial))
    secrecy = FieldClass.UNBLINDING
    with act("sequence.export_record", grant=grant, subject=trial, reason=purpose, secrecy=secrecy) as a:
        a.note(sha256=hashlib.sha256(made).hexdigest())
    return made


def check(*, trial: Trial, by: Actor) -> Problem | None:
    """The first discrepancy of the list and its allocations as stored, at any time; None if everything holds."""
    with unblinded(by=by, trial=trial, purpose=Purpose.SEQUENCE):
        return proof.verify(trial)


def head(*, trial: Trial, by: Actor) -> str:
    """The head of the record as it would be exported now; Conflict before there is a list."""
    with unblinded(by=by, trial=trial, purpose=Purpose.SEQUENCE):
        if not segments_of(trial):
            raise Conflict("sequence.none", _("There is no active list yet. Prepare one first."))
        return str(proof.record_of(trial)["head"])


def _check_locked(*, held: bool) -> None:
    if not held:
        raise Conflict("reveal.not_locked", _("The list is revealed once the data manager has locked the trial."))


def check_purpose(purpose: str) -> None:
    """What leaves the wall leaves it for a stated purpose."""
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        sentence = _("Say what for, for example: verification by the sponsor's statistician.")
        raise Problem("record.purpose", sentence, field="purpose")
