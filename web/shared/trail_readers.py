"""Who reads the trail without learning arms: what is done behind the wall is not shown to them."""

from uuid import UUID

from accounts.roles import ROLES
from audit.queries import Audience

UNBLINDED_ROLES = frozenset(role.value for role, definition in ROLES.items() if definition.unblinding)
UNBLINDED_TASKS = frozenset({"therapy"})


def blinded_audience(sites: tuple[UUID, ...] | None) -> Audience:
    """A blinded reader of entries of these sites; of all sites for None."""
    return Audience(UNBLINDED_ROLES, UNBLINDED_TASKS, sites)
