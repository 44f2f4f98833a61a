"""Beginning to view as a blinded role."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor, Viewing
from audit.acts import act
from core.problems import Problem
from trials import viewing
from trials.access import authorize, memberships_of
from trials.models import Site, Trial


def begin(*, trial: Trial, role: Role, site: Site | None, by: Actor) -> Viewing:
    """Note in the trail, once, that somebody begins to view as a role; gives what they view until they stop.

    Raises Problem for a role, or a site, that is not theirs to view.
    """
    grant = authorize(by, Permission.VIEW_AS, trial=trial)
    key = site.pk if site else None
    found = viewing.offered(memberships_of(by, trial), trial)
    chosen = next((each for each in found if (each.role, each.site_id) == (role, key)), None)
    if chosen is None:
        raise Problem("viewing.not_offered", _("You may not view as this role at this site."), field="role")
    with act("view.begin", grant=grant) as a:
        a.note(role=str(role), site=site.code if site else "")
    return chosen
