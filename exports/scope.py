"""Whose data an export holds: which sites, which participants, for which eyes, until when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform

from accounts.permissions import Permission
from audit.actors import Actor
from core import clock
from core.encryption import keyed_hash
from participants.models import Consent, Participant, Withdrawal
from trials.access import memberships_of, sites_of
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of, protocol_version


@dataclass(frozen=True)
class Scope:
    """``audience``: the exporter's roles. ``by_arm`` lets in what betrays an arm. What came after ``cut`` is out."""

    trial: Trial
    protocol: Protocol
    protocol_number: int
    sites: tuple[Site, ...]
    audience: frozenset[str]
    cut: datetime
    for_sharing: bool
    by_arm: bool

    def participants(self) -> QuerySet[Participant]:
        """Everybody in the export, in a fixed order. For sharing: only those who agreed to it."""
        found = Participant.objects.filter(trial=self.trial, site__in=[site.pk for site in self.sites])
        if not self.for_sharing:
            return found.order_by("number")
        # By key, which is random: the number begins with the site.
        return self._agreed(found.exclude(withdrew_data())).order_by("pk")

    def answering(self) -> QuerySet[Participant]:
        """Those whose answers may be used: nobody who withdrew their data. In no order."""
        return self.participants().exclude(withdrew_data()).order_by()

    @property
    def order(self) -> str:
        """The field of a participant that rows are ordered by."""
        return "participant_id" if self.for_sharing else "participant__number"

    def name_of(self, participant: Participant) -> str:
        """The study number; for sharing a pseudonym that only the trial can link to it."""
        return self.pseudonym_of(participant.pk) if self.for_sharing else participant.number

    def pseudonym_of(self, key: UUID) -> str:
        """What a participant is called in data given to others."""
        return keyed_hash(str(key), purpose="shared data")[:12]

    def _agreed(self, found: QuerySet[Participant]) -> QuerySet[Participant]:
        consents = Consent.objects.filter(participant=OuterRef("pk")).order_by("-signed_at", "-recorded_at", "pk")
        found = found.annotate(in_force=Subquery(consents.values("pk")[:1])).exclude(in_force=None)
        clause = self.protocol.consent.data_sharing.clause
        if clause is None:
            return found
        agreed = Consent.objects.annotate(answer=KeyTransform(clause, "clauses")).filter(answer=True)
        return found.filter(Exists(agreed.filter(pk=OuterRef("in_force"))))


def withdrew_data() -> Exists:
    """Whether a participant withdrew their data from further use."""
    return Exists(Withdrawal.objects.filter(participant=OuterRef("pk"), scopes__icontains="data"))


def scope_of(trial: Trial, by: Actor, permission: Permission, *, for_sharing: bool, by_arm: bool) -> Scope:
    """The scope of somebody's export: the sites where they hold the permission. Refused without it."""
    return Scope(
        trial=trial,
        protocol=protocol_of(trial),
        protocol_number=protocol_version(trial).number,
        sites=tuple(sites_of(by, permission, trial)),
        audience=frozenset(each.role for each in memberships_of(by, trial)),
        cut=clock.now(),
        for_sharing=for_sharing,
        by_arm=by_arm,
    )
