"""Who may: one check for every verb and page. It never looks at a record, so a refusal tells nothing of one."""

from uuid import UUID

from django.db.models import Q

from accounts.permissions import Permission
from accounts.roles import ROLES, Role, roles_with
from audit.actors import Actor, ActorKind, Grant
from core.problems import NotFound, Refused
from trials import viewing
from trials.models import Membership, Site, Trial
from trials.refusals import not_found, refused

__all__ = [
    "authorize",
    "is_unblinding",
    "may",
    "memberships_of",
    "not_found",
    "participant_grant",
    "refused",
    "roles_ever",
    "sites_of",
    "system_grant",
]


def memberships_of(by: Actor, trial: Trial) -> list[Membership]:
    """The roles a person acts in, in a trial, now: those they hold, in the order they were given.

    Whoever views as another role acts in that role alone, and only where ``trials.viewing`` still offers it.
    """
    if by.kind is not ActorKind.PERSON:
        return []
    current = Membership.objects.filter(user_id=by.id, user__is_active=True, trial=trial, ended_at=None)
    held = list(current.select_related("site").order_by("granted_at", "id"))
    return held if by.viewing is None else viewing.acting(by.viewing, held, trial)


def roles_ever(user_id: str, trial: Trial) -> frozenset[Role]:
    """Every role a person holds or has held in a trial: what is known once is known for good."""
    rows = Membership.objects.filter(user_id=user_id, trial=trial).values_list("role", flat=True)
    return frozenset(map(Role, rows))


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
    place = site.pk if site else membership.site_id
    return Grant(by, membership.role, trial.pk, place, behind=is_unblinding([membership]))


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
