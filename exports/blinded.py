"""The dataset without arms: for everybody who may export and must not know them."""

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from exports.bundle import Bundle, bundle
from exports.events import event_tables
from exports.forms import form_tables
from exports.participants import participant_tables
from exports.scope import Scope, scope_of
from exports.short_forms import short_tables
from exports.tables import Table
from exports.unblindings import unblinding_table
from review.policies import is_locked
from trials.access import authorize
from trials.models import Trial


def tables(scope: Scope) -> list[Table]:
    """Every table of the blinded dataset: who takes part, what was decided and agreed, events, visits, each form."""
    return [
        *participant_tables(scope),
        unblinding_table(scope),
        *event_tables(scope),
        *short_tables(scope),
        *form_tables(scope),
    ]


def export(*, trial: Trial, by: Actor, for_sharing: bool = False) -> Bundle:
    """The dataset of the sites where the person may export, as an archive. Noted in the trail.

    Concealed forms are in it only if the protocol does not conceal them from the person. ``for_sharing`` leaves
    out who did not agree to sharing, sites, free text and study numbers. Raises Refused without the permission.
    """
    grant = authorize(by, Permission.EXPORT_BLINDED, trial=trial)
    scope = scope_of(trial, by, Permission.EXPORT_BLINDED, for_sharing=for_sharing, by_arm=False)
    made = bundle(scope, tables(scope), kind="blinded", facts={"locked": is_locked(trial)})
    with act("export.blinded", grant=grant, subject=trial) as a:
        a.note(for_sharing=for_sharing, files={each["file"]: each["rows"] for each in made.manifest["files"]})
    return made
