"""Reads of deviations in delivery. All need the blindfold lifted."""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from therapy.models import DeliveryDeviation
from trials.access import not_found
from trials.models import Site


def delivery_deviations(sites: Iterable[Site]) -> QuerySet[DeliveryDeviation]:
    """Those at some sites: what waits for a review first, the most urgent on top, then the newest."""
    found = DeliveryDeviation.objects.select_related("participant__site", "participant__trial")
    found = found.filter(participant__site__in=[site.pk for site in sites])
    waiting_first = F("reviewed_at").asc(nulls_first=True), F("due_at").asc(nulls_last=True)
    return found.order_by(*waiting_first, "-recorded_at", "pk")


def delivery_deviation_at(sites: Iterable[Site], key: UUID) -> DeliveryDeviation:
    """One at one of the sites, or NotFound."""
    found = delivery_deviations(sites).filter(pk=key).first()
    if found is None:
        raise not_found()
    return found


def counts_of_kinds(participants: Collection[UUID]) -> Counter[tuple[UUID, str]]:
    """How many of each kind each of some participants had."""
    held = DeliveryDeviation.objects.filter(participant__in=list(participants))
    return Counter(held.values_list("participant_id", "kind"))
