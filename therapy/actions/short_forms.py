"""The short forms of safety by those who may know arms: codes and days, handed down without a name."""

from typing import Any

from audit.actors import Actor
from participants.models import Participant
from safety.actions.recording import RECORD
from safety.models.short import Short
from therapy.actions.events import opened


def record(*, form: str, participant: Participant, by: Actor, **facts: Any) -> Short:
    """Record a short form: a therapist of somebody they treat, other unblinded roles of anybody at their sites.

    Refuses what the verb below refuses.
    """
    with opened(participant, by) as grant:
        return RECORD[form](participant=participant, by=grant, **facts)
