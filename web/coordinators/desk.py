"""What waits for the coordinators, source by source and by urgency. Each source counts in one query and reads a
slice in a fixed number, so that the page costs the same however large the trial is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import clock
from outcomes.audiences import Audience
from outcomes.queries import Bucket
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.pages import TrialRequest
from web.shared.record_words import link

COMING_DAYS = 7


@dataclass(frozen=True)
class DueRow:
    """One thing to do: its state, whose it is, what it is, and the way to the work. ``done_url`` marks it done."""

    status: str
    when: str
    number: str
    number_url: str
    what: str
    detail: str = ""
    label: str = ""
    url: str = ""
    done_url: str = ""


@dataclass(frozen=True)
class Desk:
    """Whose work it is, where, and today there."""

    trial: Trial
    sites: list[Site]
    audience: Audience
    protocol: Protocol
    zone: str
    today: date
    person: str

    def record_url(self, number: str) -> str:
        """The record of a participant."""
        return link("record", trial=self.trial.code, number=number)

    def page(self, name: str, **kwargs: object) -> str:
        """A page of the coordinators."""
        return link(f"coordinators:{name}", trial=self.trial.code, **kwargs)

    def midnight(self, days: int = 0) -> datetime:
        """The first moment of a day counted from today."""
        return datetime.combine(self.today + timedelta(days), time(), ZoneInfo(self.zone))


@dataclass(frozen=True)
class Source:
    """One kind of work: how much there is in each bucket, and a slice of the rows of one."""

    counts: Mapping[Bucket, int]
    rows: Callable[[Bucket, int, int], list[DueRow]]


def desk_of(request: TrialRequest) -> Desk:
    """The desk of whoever asks."""
    audience = frozenset(str(membership.role) for membership in request.memberships)
    return desk_at(request.trial, request.sites, audience, protocol_of(request.trial), request.actor.id)


def desk_at(trial: Trial, sites: list[Site], audience: Audience, protocol: Protocol, person: str) -> Desk:
    """The desk of a person at some sites; the day is the sites' where they share one time zone, else the trial's."""
    zones = {site.time_zone for site in sites}
    zone = zones.pop() if len(zones) == 1 else trial.time_zone
    return Desk(trial, sites, audience, protocol, zone, clock.today(zone), person)


def slice_of(sources: list[Source], bucket: Bucket, start: int, stop: int) -> list[DueRow]:
    """Rows ``start`` to ``stop`` of a bucket, one source after the other."""
    found: list[DueRow] = []
    for source in sources:
        count = source.counts.get(bucket, 0)
        first, last = max(start, 0), min(stop, count)
        if first < last:
            found += source.rows(bucket, first, last)
        start, stop = start - count, stop - count
    return found


def total(sources: list[Source], bucket: Bucket) -> int:
    """How much there is in a bucket."""
    return sum(source.counts.get(bucket, 0) for source in sources)
