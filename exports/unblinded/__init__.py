"""The dataset with arms: for the statistician, with the purpose on record."""

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from exports import blinded
from exports.bundle import Bundle, bundle
from exports.scope import Scope, scope_of
from exports.tables import Table
from exports.unblinded.adherence import adherence_table
from exports.unblinded.allocation_errors import error_table, freeze_table
from exports.unblinded.allocations import allocation_table
from exports.unblinded.blinding import blinding_tables
from exports.unblinded.events import event_tables
from exports.unblinded.goals import goal_tables
from exports.unblinded.purposes import check_purpose
from exports.unblinded.sessions import session_tables
from exports.unblinded.therapists import therapist_table
from exports.unblinded.volume import volume_tables
from randomization.blindfold import Purpose, unblinded
from review.policies import is_locked
from trials.access import authorize
from trials.models import Trial


def tables(scope: Scope) -> list[Table]:
    """The tables of the blinded dataset, and allocations with their errors and stops, sessions, volume, adherence,
    therapists, notes on events, guesses, openings.

    Needs an opening to be read.
    """
    allocated = (allocation_table(scope), error_table(scope), freeze_table(scope))
    done = (*session_tables(scope), *volume_tables(scope), adherence_table(scope), therapist_table(scope))
    therapy = (*done, *goal_tables(scope), *event_tables(scope))
    return [*blinded.tables(scope), *allocated, *therapy, *blinding_tables(scope)]


def export(*, trial: Trial, by: Actor, purpose: str, for_sharing: bool = False) -> Bundle:
    """The whole dataset by arm as an archive. Each time the blind is opened, the purpose goes into the trail.

    Raises Refused without the permission, Problem when the purpose is not said.
    """
    grant = authorize(by, Permission.EXPORT_UNBLINDED, trial=trial)
    check_purpose(purpose)
    scope = scope_of(trial, by, Permission.EXPORT_UNBLINDED, for_sharing=for_sharing, by_arm=True)
    facts = {"locked": is_locked(trial), "purpose": purpose.strip()}
    with unblinded(by=by, trial=trial, purpose=Purpose.EXPORT, reason=purpose):
        made = bundle(scope, tables(scope), kind="by-arm", facts=facts)
    with act("export.unblinded", grant=grant, subject=trial, reason=purpose, secrecy=FieldClass.UNBLINDING) as a:
        a.note(for_sharing=for_sharing, files={each["file"]: each["sha256"] for each in made.manifest["files"]})
    return made
