"""What the beat asks for every quarter of an hour. It may run twice without harm."""

import logging

from celery import shared_task

from accounts.models import User
from accounts.roles import Role
from reminders.actions import digests
from reminders.actions.sweep import REMINDERS
from trials.access import system_grant
from trials.models import Membership, Trial
from trials.queries import protocol_of
from web.digests.counts import WORKING, counts_of

logger = logging.getLogger(__name__)


@shared_task(name="web.digests.tasks.digest")
def digest() -> None:
    """Tell everybody who works in a trial how much is due, once each working day.

    What fails is logged, and keeps nobody waiting.
    """
    for trial in Trial.objects.exclude(state=Trial.State.LOCKED).filter(versions__isnull=False).distinct():
        if not digests.is_time(trial):
            continue
        for user, role in _people(trial):
            try:
                _tell(trial, user, role)
            except Exception:
                logger.exception("A digest of %s failed.", trial.code)


def _tell(trial: Trial, user: User, role: Role) -> None:
    if digests.waits(trial, user, role):
        due = counts_of(user, role, trial, protocol_of(trial))
        digests.send(trial=trial, user=user, role=role, due=due, grant=system_grant(trial, REMINDERS))


def _people(trial: Trial) -> list[tuple[User, Role]]:
    """Each person once for each role that has a worklist."""
    held = Membership.objects.filter(trial=trial, ended_at=None, role__in=WORKING, user__is_active=True)
    rows = held.select_related("user").order_by("user__email", "role", "pk")
    return list(dict.fromkeys((each.user, Role(each.role)) for each in rows))
