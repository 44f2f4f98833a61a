"""The one way to read sealed columns: who, in which trial, and for what."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import ENROLS
from audit.actors import Actor, Grant
from audit.acts import act, is_pending
from audit.classes import FieldClass
from audit.models import Entry
from audit.sealing import mark_of
from core import blindfold, clock
from core.problems import NotFound, Problem, Refused
from participants.models import Participant
from trials.access import authorize, refused, roles_ever
from trials.models import Trial


class Purpose(StrEnum):
    """What somebody opens the blind for."""

    ALLOCATE = "allocate"
    TREAT = "treat"
    SEQUENCE = "sequence"
    VIEW = "view"
    EXPORT = "export"
    EMERGENCY = "emergency"
    FREEZE = "freeze"
    ERROR = "error"
    REVEAL = "reveal"
    CODE = "code"
    BLINDING = "blinding"
    EVENT = "event"


PERMISSIONS: dict[Purpose, tuple[Permission, ...]] = {
    Purpose.ALLOCATE: (Permission.RANDOMIZE,),
    Purpose.TREAT: (Permission.LOG_SESSION,),
    Purpose.SEQUENCE: (Permission.PREPARE_SEQUENCE, Permission.ACTIVATE_SEQUENCE),
    Purpose.VIEW: (Permission.VIEW_ALLOCATION, Permission.VIEW_SESSIONS),
    Purpose.EXPORT: (Permission.EXPORT_UNBLINDED,),
    Purpose.EMERGENCY: (Permission.UNBLIND,),
    Purpose.FREEZE: (Permission.FREEZE_ALLOCATION,),
    Purpose.ERROR: (Permission.RECORD_ALLOCATION_ERROR,),
    Purpose.REVEAL: (Permission.REVEAL_SEQUENCE,),
    Purpose.CODE: (Permission.BREAK_CODE,),
    Purpose.BLINDING: (Permission.VIEW_BLINDING,),
    Purpose.EVENT: (Permission.LOG_SESSION, Permission.REPORT_EVENT_BEHIND, Permission.REVIEW_EVENT),
}
"""Any one of these suffices."""

OF_THE_LIST = {Purpose.SEQUENCE, Purpose.REVEAL}
"""What tells the list or its design: closed for good to whoever enrols or randomizes people, or ever could."""

# What was done is the entry: allocating, its checks, freezing, recording an error or an event show nobody anything.
_SILENT = {Purpose.ALLOCATE, Purpose.FREEZE, Purpose.ERROR, Purpose.EVENT}
_EACH_TIME = {Purpose.EXPORT, Purpose.EMERGENCY, Purpose.CODE}


@contextmanager
def unblinded(
    *, by: Actor, trial: Trial, purpose: Purpose, participant: Participant | None = None, reason: str = ""
) -> Iterator[Grant]:
    """Read sealed columns inside the block, and leave a note of it in the trail.

    Routine openings are noted once per person, participant and day (UTC); exports and emergencies each time,
    with their reason. Raises Refused without the permission, NotFound for another site's participant.
    Evaluate querysets before leaving: a lazy one would be asked afterwards, and denied.
    """
    grant = _authorize(by, trial, purpose, participant)
    if purpose in _EACH_TIME and not reason.strip():
        raise Problem("blind.reason", _("Say what the allocation is needed for."), field="reason")
    if purpose in _EACH_TIME:
        _note(grant, purpose, participant, reason)
    elif purpose not in _SILENT and not _noted_today(grant, purpose, participant):
        _note_once(grant, purpose, participant, reason)
    with blindfold.lifted():
        yield grant


def _authorize(by: Actor, trial: Trial, purpose: Purpose, participant: Participant | None) -> Grant:
    if by.viewing is not None:
        raise refused()  # Viewing as a role shows no more than a page; nothing is opened for it, not even in silence.
    grant = _permitted(by, trial, purpose, participant)
    if purpose in OF_THE_LIST and roles_ever(by.id, trial) & ENROLS:
        raise refused()
    return grant


def _permitted(by: Actor, trial: Trial, purpose: Purpose, participant: Participant | None) -> Grant:
    site = participant.site if participant else None
    refusals: list[Refused | NotFound] = []
    for permission in PERMISSIONS[purpose]:
        try:
            return authorize(by, permission, trial=trial, site=site)
        except (Refused, NotFound) as refusal:
            refusals.append(refusal)
    # A role that would do at another site is told the record is not there; any other role, what every role is told.
    raise next((each for each in refusals if isinstance(each, NotFound)), refusals[0])


def _noted_today(grant: Grant, purpose: Purpose, participant: Participant | None) -> bool:
    if is_pending(_verb(purpose), grant=grant, subject=participant):
        return True
    midnight = datetime.combine(clock.now().date(), time(), UTC)
    noted = Entry.objects.filter(
        chain=str(grant.trial_id),
        subject_id=str(participant.pk) if participant else "",
        at__gte=midnight,
        verb=_verb(purpose),
        mark=_mark(grant, purpose, participant),
    )
    return noted.exists()


def _mark(grant: Grant, purpose: Purpose, participant: Participant | None) -> str:
    """Who opens is sealed, so a hash finds the note: of the day too, lest a person be followed through the trail."""
    whom = str(participant.pk) if participant else ""
    return mark_of(_verb(purpose), str(grant.trial_id), grant.actor.id, whom, clock.now().date().isoformat())


def _note_once(grant: Grant, purpose: Purpose, participant: Participant | None, reason: str) -> None:
    """Of two requests of one person at once, the second waits for the first, and finds its note."""
    with transaction.atomic():
        hold_person(grant.actor)
        if not _noted_today(grant, purpose, participant):
            _note(grant, purpose, participant, reason)


def hold_person(actor: Actor) -> None:
    """Hold the row of somebody who opens the blind until the transaction ends.

    Locks are taken in one order: person, participant, form, stratum, and last the end of the chain. So who opens the
    blind in the middle of something else, as at the first session, holds their row before the participant's.
    """
    User.objects.select_for_update(no_key=True).filter(pk=actor.id).values_list("pk").get()


def _note(grant: Grant, purpose: Purpose, participant: Participant | None, reason: str) -> None:
    mark = _mark(grant, purpose, participant)
    secrecy = FieldClass.UNBLINDING
    with act(_verb(purpose), grant=grant, subject=participant, reason=reason, secrecy=secrecy, mark=mark):
        pass


def _verb(purpose: Purpose) -> str:
    return f"blind.open_{purpose}"
