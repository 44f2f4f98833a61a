"""Things for the staff to do about a participant: raised once, closed once."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor, Grant
from audit.acts import act
from core import clock
from core.problems import Conflict
from participants.models import Participant, Task
from review.policies import check_not_locked
from trials.access import authorize, refused

PERMISSIONS: dict[str, Permission] = {
    Role.COORDINATOR: Permission.LOG_CONTACT,
    Role.ASSESSOR: Permission.ASSESS,
    Role.INTERVIEWER: Permission.RECORD_INTERVIEW,
    Role.INVESTIGATOR: Permission.SIGN_STRATA,
    Role.DATA_MANAGER: Permission.LOCK_TRIAL,
}
"""Who does the tasks of a role. Therapists have none here: whose task it is would tell the arm."""


def raise_task(
    *, participant: Participant, kind: str, due_on: date, grant: Grant, about: str = "", role: str = Role.COORDINATOR
) -> Task:
    """A task for a role; while the same one is open, that one is returned."""
    if role not in PERMISSIONS:
        raise refused()
    held = Task.objects.filter(participant=participant, kind=kind, about=about, done_at=None).first()
    if held is not None:
        return held
    with act("task.raise", grant=grant, subject=participant) as a:
        task = Task(participant=participant, kind=kind, about=about, role=role, due_on=due_on, raised_at=clock.now())
        return a.create(task)


def close(*, task: Task, by: Actor) -> Task:
    """Mark a task done; Conflict if somebody did it already."""
    participant = task.participant
    grant = authorize(by, PERMISSIONS[task.role], trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    return finish(task=task, grant=grant)


def finish(*, task: Task, grant: Grant) -> Task:
    """Mark a task done by the verb that did it."""
    if task.done_at is not None:
        raise Conflict("task.done", _("This task is done already."))
    with act("task.close", grant=grant, subject=task.participant) as a:
        return a.change(task, done_at=clock.now(), done_by=grant.actor.id)
