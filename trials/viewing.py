"""Viewing as a blinded role: who may, as which roles, at which sites; and the one role they then act in.

Nobody sees in a view what their own roles forbid them: the roles on offer are blinded, none opens contact details to
somebody who may not read them, and none shows a form that is concealed from the role of the person who looks.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from audit.actors import Viewing
from trials.models import Membership, Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

NO_RECORD = UUID(int=0)
"""The key of a membership that nobody holds."""


def offered(held: Sequence[Membership], trial: Trial) -> list[Viewing]:
    """Every view that the holder of some roles may choose: role by role, all sites first where they work at all."""
    protocol = protocol_of(trial)
    own = {Role(each.role) for each in held}
    return [
        Viewing(trial.pk, role, site.pk if site else None, viewer.role)
        for role in ROLES
        if role not in own
        for viewer in held
        if Permission.VIEW_AS in viewer.definition.permissions and _is_open(role, own, protocol)
        for site in _sites_of(viewer, trial)
    ]


def acting(wanted: Viewing, held: Sequence[Membership], trial: Trial) -> list[Membership]:
    """The one role that somebody acts in while they view; none in another trial, or once the view is not offered."""
    if wanted.trial_id != trial.pk or wanted not in offered(held, trial):
        return []
    site = Site.objects.filter(pk=wanted.site_id).first() if wanted.site_id else None
    return [Membership(id=NO_RECORD, user_id=held[0].user_id, trial=trial, site=site, role=wanted.role)]


def _sites_of(viewer: Membership, trial: Trial) -> Iterable[Site | None]:
    return [viewer.site] if viewer.site else [None, *trial.sites.order_by("code")]


def _is_open(role: Role, own: set[Role], protocol: Protocol) -> bool:
    """Whether a role is blinded and shows nothing that is kept from these roles, arms aside."""
    permitted = frozenset[Permission]().union(*(ROLES[each].permissions for each in own))
    reads_contact = Permission.VIEW_CONTACT in ROLES[role].permissions
    if ROLES[role].unblinding or (reads_contact and Permission.VIEW_CONTACT not in permitted):
        return False
    return all(role in kept or not kept & own for kept in _kept_from(protocol))


def _kept_from(protocol: Protocol) -> list[frozenset[str]]:
    """Of each form and factor that is kept from some roles, these roles."""
    plans = [plan for visit in protocol.visits for plan in visit.forms]
    kept: list[tuple[str, ...]] = [each.concealed_from for each in protocol.strata]
    return [frozenset(roles) for roles in (*kept, *(plan.hidden_from for plan in plans))]
