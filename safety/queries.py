"""Reads of events: lists, what runs out, counts for reports."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core import clock
from safety.codes import RELATED
from safety.models import AdverseEvent, Causality, Clock
from trials.access import not_found
from trials.models import Site

SMALLEST_CELL = 3
"""In the open report counts above 0 and below this are not told: few events can stand for one person, or one arm."""


def events_of(sites: Iterable[Site]) -> QuerySet[AdverseEvent]:
    """Events at some sites, the newest first. To be paged by the caller."""
    found = AdverseEvent.objects.select_related("participant__site", "participant__trial")
    return found.filter(participant__site__in=[site.pk for site in sites]).order_by("-reported_at", "pk")


def event_at(sites: Iterable[Site], key: UUID) -> AdverseEvent:
    """One event at one of the sites, or NotFound."""
    found = events_of(sites).filter(pk=key).first()
    if found is None:
        raise not_found()
    return found


def running_clocks(sites: Iterable[Site]) -> QuerySet[Clock]:
    """What is to be done about serious events, the most urgent first."""
    found = Clock.objects.select_related("event__participant__site", "event__participant__trial").filter(met_at=None)
    return found.filter(event__participant__site__in=[site.pk for site in sites]).order_by("due_at", "pk")


def overdue(sites: Iterable[Site]) -> int:
    """How many serious events have a clock that ran out unmet."""
    late = running_clocks(sites).filter(due_at__lt=clock.now()).order_by()
    return late.values("event").distinct().count()


def unjudged(sites: Iterable[Site]) -> QuerySet[AdverseEvent]:
    """Events that no investigator has judged yet, the oldest first."""
    return events_of(sites).filter(causalities=None).order_by("reported_at", "pk")


@dataclass(frozen=True)
class Tally:
    """Events or deviations, and how many people had one, of a kind."""

    events: int
    people: int


def tallies(participants: Collection[UUID] | None = None, sites: Iterable[Site] = ()) -> dict[str, Tally]:
    """Any, related, serious and serious related events of some participants, or of everybody at some sites.

    Related: in the first opinion of an investigator the programme or a procedure caused it possibly or surely.
    """
    held = AdverseEvent.objects.order_by()
    if participants is not None:
        held = held.filter(participant__in=list(participants))
    else:
        held = held.filter(participant__site__in=[site.pk for site in sites])
    related = Q(pk__in=_related())
    serious = Q(serious=True)
    kinds = {"any": Q(), "related": related, "serious": serious, "serious_related": serious & related}
    return {name: tally(held.filter(kind)) for name, kind in kinds.items()}


def counts_by_term(sites: Iterable[Site]) -> Counter[str]:
    """How many events there are of each term."""
    held = AdverseEvent.objects.filter(participant__site__in=[site.pk for site in sites]).order_by()
    return Counter(dict(held.values_list("term").annotate(Count("pk"))))


def causality_that_counts(event: AdverseEvent) -> Causality | None:
    """The investigator's first opinion, which no later one replaces."""
    return event.causalities.order_by("number", "pk").first()


def _related() -> QuerySet[Any]:
    first = Causality.objects.filter(number=1)
    return first.filter(Q(intervention__in=RELATED) | Q(procedures__in=RELATED)).values("event")


def tally(held: QuerySet[Any]) -> Tally:
    """How many rows there are, and of how many people."""
    found = held.aggregate(events=Count("pk"), people=Count("participant", distinct=True))
    return Tally(found["events"], found["people"])
