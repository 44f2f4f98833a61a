"""What the reader of a participant's pages may do there; asks no question of the database."""

from dataclasses import dataclass

from accounts.permissions import Permission
from participants.models import Participant
from trials.models import Membership
from trials.protocol import Protocol
from web.pages import TrialRequest


@dataclass(frozen=True)
class Rights:
    """The roles somebody holds at a participant's site, and all those roles permit."""

    roles: frozenset[str]
    permissions: frozenset[Permission]

    def __contains__(self, permission: object) -> bool:
        return permission in self.permissions

    def may_randomize(self, protocol: Protocol) -> bool:
        """Whether the protocol names one of the roles to randomize."""
        plan = protocol.randomization
        return plan is not None and Permission.RANDOMIZE in self and bool(self.roles & {*plan.roles})


def rights_at(request: TrialRequest, participant: Participant) -> Rights:
    """What the person of a request may do for one participant."""
    return rights_of([m for m in request.memberships if m.site_id in (None, participant.site_id)])


def rights_of(memberships: list[Membership]) -> Rights:
    """All that some memberships permit."""
    permissions = frozenset[Permission]().union(*(m.definition.permissions for m in memberships))
    return Rights(frozenset(str(m.role) for m in memberships), permissions)
