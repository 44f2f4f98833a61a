"""Giving and ending roles."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import NEVER_BOTH, Role
from audit.actors import Actor
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from trials.access import authorize, roles_ever
from trials.models import Membership, Site, Trial


def grant(
    *, user: User, trial: Trial, role: Role, by: Actor, site: Site | None = None, qualification: str = ""
) -> Membership:
    """Give a person a role in a trial, at one site or all. Therapists carry their professional qualification."""
    proof = authorize(by, Permission.GRANT_ROLES, trial=trial)
    with act("membership.grant", grant=proof) as a:
        # One at a time for each person: of two roles given at once, the second must see the first.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        check_walls(user, trial, role)
        if Membership.objects.filter(user=user, trial=trial, role=role, site=site, ended_at=None).exists():
            raise Conflict("membership.held", _("This person holds this role here already."))
        return a.create(
            Membership(
                user=user,
                trial=trial,
                site=site,
                role=role,
                qualification=qualification,
                granted_at=clock.now(),
                granted_by=by.id,
            )
        )


def end(*, membership: Membership, reason: str, by: Actor) -> Membership:
    """End a role now. What the person did stays theirs."""
    proof = authorize(by, Permission.GRANT_ROLES, trial=membership.trial)
    if not reason.strip():
        raise Problem("membership.reason", _("Say why this role ends."), field="reason")
    with act("membership.end", grant=proof, subject=membership, reason=reason) as a:
        return a.change(membership, ended_at=clock.now(), ended_by=by.id)


def check_walls(user: User, trial: Trial, role: Role) -> None:
    """Nobody has roles of two kinds that are kept apart, in one trial, ever: roles that ended count too."""
    ever = roles_ever(str(user.pk), trial)
    for wall in NEVER_BOTH:
        if role in wall.other and ever & wall.one:
            raise _wall(wall.no_other, user)
        if role in wall.one and ever & wall.other:
            raise _wall(wall.no_one, user)


def _wall(sentence: str | Promise, user: User) -> Problem:
    # Somebody tried to reach through the wall: that is for the trail, though a role was what they typed.
    return Problem("membership.walls", sentence, field="role", params={"name": user.name}, of_state=True)
