"""Breaking the code: the list of arms for the analysis, or for telling participants theirs, once nothing changes."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict
from exports.bundle import Bundle, bundle
from exports.scope import scope_of
from exports.unblinded.allocations import allocation_table
from exports.unblinded.purposes import check_purpose
from randomization.blindfold import Purpose, unblinded
from randomization.models import CodeBreak
from review.policies import hold_lock, is_locked
from trials.access import authorize
from trials.models import Trial


def break_code(*, trial: Trial, purpose: str, by: Actor) -> Bundle:
    """Everybody's arm as an archive of one table. Each time is recorded for good, with its purpose.

    The lock then stays, so that nobody who knows the arms changes the data.

    Raises Conflict before the lock, Problem when the purpose is not said, Refused without the permission.
    """
    grant = authorize(by, Permission.BREAK_CODE, trial=trial)
    check_purpose(purpose)
    _check_may_break(held=is_locked(trial))
    scope = scope_of(trial, by, Permission.BREAK_CODE, for_sharing=False, by_arm=True)
    opening = unblinded(by=by, trial=trial, purpose=Purpose.CODE, reason=purpose)
    with opening, act("code.break", grant=grant, subject=trial, reason=purpose, secrecy=FieldClass.UNBLINDING) as a:
        _check_may_break(held=hold_lock(trial))
        made = bundle(scope, [allocation_table(scope)], kind="code", facts={"purpose": purpose.strip()})
        a.note(files={each["file"]: each["sha256"] for each in made.manifest["files"]})
        a.create(CodeBreak(trial=trial, purpose=purpose.strip(), at=clock.now(), by=by.id, role=grant.role))
    return made


def _check_may_break(*, held: bool) -> None:
    if not held:
        raise Conflict(
            "code.before_lock",
            _(
                "The code is broken after the lock only. For a report before it, use the export by arm and say its "
                "purpose; for one participant in danger, emergency unblinding."
            ),
        )
