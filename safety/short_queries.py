"""Reads of the short forms: who is to be asked, what is to be reviewed, what was recorded."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import clock
from outcomes.models import Visit
from outcomes.policies import NOT_FOLLOWED
from safety.models import Asking, ConcomitantCare, Deviation, IncidentalFinding, Pregnancy
from safety.queries import Tally, tally
from safety.short_codes import Importance
from trials.access import not_found
from trials.models import Site
from trials.protocol import Protocol


def visits_to_ask_at(sites: Iterable[Site], protocol: Protocol, role: str = "") -> QuerySet[Visit]:
    """Open visits of people followed up at which nobody was asked about events yet, the oldest first.

    ``role``: only those at which this role asks.
    """
    asked = Q(pk=None)
    for each in protocol.safety.asked_at:
        if role and role not in each.by:
            continue
        asked |= Q(code=each.visit, number__in=each.numbers) if each.numbers else Q(code=each.visit)
    held = list(sites)
    time_zone = held[0].time_zone if held else protocol.time_zone
    found = Visit.objects.select_related("participant__site", "trial").filter(
        asked, participant__site__in=[site.pk for site in held], opens_on__lte=clock.today(time_zone)
    )
    found = found.exclude(participant__state__in=NOT_FOLLOWED)
    return found.exclude(Exists(Asking.objects.filter(visit=OuterRef("pk")))).order_by("opens_on", "pk")


def visit_at(sites: Iterable[Site], key: UUID) -> Visit:
    """One visit at one of the sites, or NotFound."""
    rows = Visit.objects.select_related("participant__site", "participant__trial", "trial")
    found = rows.filter(pk=key, participant__site__in=[site.pk for site in sites]).first()
    if found is None:
        raise not_found()
    return found


def deviations_of(sites: Iterable[Site]) -> QuerySet[Deviation]:
    """Deviations at some sites, the newest first. To be paged by the caller."""
    return _at(Deviation.objects.all(), sites)


def deviation_at(sites: Iterable[Site], key: UUID) -> Deviation:
    """One deviation at one of the sites, or NotFound."""
    found = deviations_of(sites).filter(pk=key).first()
    if found is None:
        raise not_found()
    return found


def to_review(sites: Iterable[Site]) -> QuerySet[Deviation]:
    """Important deviations that no investigator has reviewed, the most urgent first."""
    return deviations_of(sites).exclude(due_at=None).filter(reviewed_at=None).order_by("due_at", "pk")


def overdue_reviews(sites: Iterable[Site]) -> int:
    """How many important deviations were not reviewed in time."""
    return to_review(sites).filter(due_at__lt=clock.now()).order_by().count()


def deviation_tallies(participants: Collection[UUID] | None = None, sites: Iterable[Site] = ()) -> dict[str, Tally]:
    """Any and important deviations of some participants, or of everybody at some sites."""
    held = Deviation.objects.order_by()
    if participants is not None:
        held = held.filter(participant__in=list(participants))
    else:
        held = held.filter(participant__site__in=[site.pk for site in sites])
    return {"any": tally(held), "important": tally(held.filter(importance=Importance.IMPORTANT))}


def pregnancies_of(sites: Iterable[Site]) -> QuerySet[Pregnancy]:
    return _at(Pregnancy.objects.all(), sites)


def findings_of(sites: Iterable[Site]) -> QuerySet[IncidentalFinding]:
    return _at(IncidentalFinding.objects.all(), sites)


def care_of(sites: Iterable[Site]) -> QuerySet[ConcomitantCare]:
    return _at(ConcomitantCare.objects.all(), sites)


def _at(rows: QuerySet, sites: Iterable[Site]) -> QuerySet:
    found = rows.select_related("participant__site", "participant__trial")
    return found.filter(participant__site__in=[site.pk for site in sites]).order_by("-recorded_at", "pk")
