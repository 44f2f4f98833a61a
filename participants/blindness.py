"""Who is still blind for a participant: what worklists, forms and bookings ask before they name somebody."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from audit.actors import Actor, ActorKind
from core.problems import Conflict
from participants.models import Participant, Unblinding
from trials.models import Membership, Site

ASSESSOR_NEEDED = "assessor_needed"
"""The kind of task raised when nobody at the site may assess a participant any more."""
EMERGENCY_NOTED = "emergency_unblinded"
"""The kind of task raised when a participant was unblinded in an emergency."""


def is_blind(participant: Participant, key: str) -> bool:
    """Whether nothing is recorded by which a person may know the participant's arm."""
    return not Unblinding.objects.filter(participant=participant, learner=key).exists()


def lost_by(key: str, whose: str = "participant_id") -> Exists:
    """Of a query: whether a person is no longer blind for the participant of a row."""
    return Exists(Unblinding.objects.filter(learner=key, participant=OuterRef(whose)))


def not_blind_for(key: str, participants: Iterable[UUID]) -> frozenset[UUID]:
    """For whom of some participants a person is no longer blind."""
    found = Unblinding.objects.filter(learner=key, participant__in=list(participants))
    return frozenset(found.values_list("participant_id", flat=True))


def check_blind(participant: Participant, by: Actor) -> None:
    """Whoever may know the arm measures no more, for this participant."""
    if by.kind is ActorKind.PERSON and not is_blind(participant, by.id):
        raise Conflict(
            "blind.lost",
            _(
                "It is recorded that you may know this participant's group. "
                "Somebody who does not know it has to do this; the coordinator finds another assessor."
            ),
        )


def assessors_of(participant: Participant) -> frozenset[str]:
    """Keys of those who may assess at the participant's site, blind for the participant or not."""
    return working_for(participant, roles_with(Permission.ASSESS))


def working_for(participant: Participant, roles: Iterable[Role]) -> frozenset[str]:
    """Keys of those who now hold one of some roles at a participant's site."""
    held = Membership.objects.filter(
        trial=participant.trial_id, role__in=list(roles), ended_at=None, user__is_active=True
    )
    return frozenset(str(each.user_id) for each in held if each.site_id in (None, participant.site_id))


def unblindings_of(participant: Participant) -> list[Unblinding]:
    """All that is recorded of a participant, the oldest first; not what was learned."""
    return list(Unblinding.objects.filter(participant=participant).order_by("at", "id"))


def counts_of_unblindings(sites: Iterable[Site]) -> Counter[tuple[str, str]]:
    """How often the blind was lost, by (kind, how)."""
    held = Unblinding.objects.filter(participant__site__in=[site.pk for site in sites])
    rows = held.order_by().values_list("kind", "how").annotate(Count("pk"))
    return Counter({(kind, how): count for kind, how, count in rows})
