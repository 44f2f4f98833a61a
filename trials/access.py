"""Who may: one check for every verb and page. It never looks at a record, so a refusal tells nothing of one."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import ROLES, Role, roles_with
from audit.actors import Actor, ActorKind, Grant
from core.problems import NotFound, Refused
from trials.models import Membership, Site, Trial


def refused() -> Refused:
    """The one refusal of a wrong role."""
    return Refused(
        "access.role", _("Your role in this trial does not include this. Ask the data manager if it should.")
    )


def not_found() -> NotFound:
    """The one answer for a record that is not there for this person."""
    return NotFound("access.record", _("There is no such record here. Check the number, or go back to the list."))


def memberships_of(by: Actor, trial: Trial) -> list[Membership]:
    """The roles a person holds in a trial now, in the order they were given."""
    if by.kind is not ActorKind.PERSON:
        return []
    current = Membership.objects.filter(user_id=by.id, user__is_active=True, trial=trial, ended_at=None)
    return list(current.select_related("site").order_by("granted_at", "id"))


def authorize(by: Actor, permission: Permission, *, trial: Trial, site: Site | None = None) -> Grant:
    """Proof that the person may; raises Refused, the same for every record.

    A person of another site is told the record does not exist (NotFound), never that it does.
    """
    held = [m for m in memberships_of(by, trial) if Role(m.role) in roles_with(permission)]
    if not held:
        raise refused()
    fitting = [m for m in held if site is None or m.site_id in (None, site.pk)]
    if not fitting:
        raise not_found()
    membership = fitting[0]
    return Grant(by, membership.role, trial.pk, site.pk if site else membership.site_id)


def may(by: Actor, permission: Permission, *, trial: Trial, site: Site | None = None) -> bool:
    """Whether ``authorize`` would pass."""
    try:
        authorize(by, permission, trial=trial, site=site)
    except (Refused, NotFound):
        return False
    return True


def sites_of(by: Actor, permission: Permission, trial: Trial) -> list[Site]:
    """The sites where a person may do something; raises Refused if they may nowhere."""
    held = [m for m in memberships_of(by, trial) if Role(m.role) in roles_with(permission)]
    if not held:
        raise refused()
    everywhere = any(m.site_id is None for m in held)
    within = Q() if everywhere else Q(pk__in=[m.site_id for m in held])
    return list(Site.objects.filter(within, trial=trial).order_by("code"))


def is_unblinding(memberships: list[Membership]) -> bool:
    """Whether any of these roles learns arms."""
    return any(ROLES[Role(m.role)].unblinding for m in memberships)


def system_grant(trial: Trial | None, actor: Actor) -> Grant:
    """For tasks and commands, which act in nobody's name but their own."""
    if actor.kind is not ActorKind.SYSTEM:
        raise refused()
    return Grant(actor, "system", trial.pk if trial else None)


def participant_grant(by: Actor, *, trial_id: UUID, site_id: UUID) -> Grant:
    """For somebody answering by their own link; the caller has checked the link."""
    if by.kind is not ActorKind.PARTICIPANT:
        raise refused()
    return Grant(by, "participant", trial_id, site_id)
