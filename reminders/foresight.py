"""What will be sent by the protocol's rules if nothing happens until then, and what another version would change in it.

Only visits and appointments that are there are looked at: those that another version would lay out anew are not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from outcomes.models import Visit
from participants.models import Appointment, Participant
from reminders import channels, plan
from reminders.candidates import candidates
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

Key = tuple[UUID, str, UUID | None, int]


@dataclass(frozen=True)
class Upcoming:
    """A message that will be sent if nothing changes until then."""

    at: datetime
    participant: Participant
    rule: str
    number: int
    channel: str
    visit: Visit | None
    appointment: Appointment | None

    @property
    def key(self) -> Key:
        """The same message under any version."""
        about = self.visit.pk if self.visit else self.appointment.pk if self.appointment else None
        return self.participant.pk, self.rule, about, self.number


@dataclass(frozen=True)
class Difference:
    """A message under two versions; None where one of them does not send it."""

    before: Upcoming | None
    after: Upcoming | None

    @property
    def either(self) -> Upcoming:
        """The message as it will be, or as it would have been."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 -- one of the two sends it
        return found


def upcoming(trial: Trial, sites: Iterable[Site], *, days: int = 7, protocol: Protocol | None = None) -> list[Upcoming]:
    """What will be sent in the next days, the soonest first, if nobody answers until then.

    By the version in force, unless another ``protocol`` of the trial is given.
    """
    now, keys = clock.now(), {site.pk for site in sites}
    until = now + timedelta(days=days)
    found: list[Upcoming] = []
    for each in candidates(trial, protocol or protocol_of(trial), until=until):
        if each.participant.site_id not in keys:
            continue
        for planned in plan.schedule(each.reminder, each.span):
            if planned.number not in each.used and now < planned.at <= until:
                channel = channels.usable(planned.channel)
                about = (each.participant, each.reminder.code, planned.number, channel, each.visit, each.appointment)
                found.append(Upcoming(planned.at, *about))
    return sorted(found, key=_order)


def differences(
    trial: Trial, sites: Iterable[Site], *, before: Protocol, after: Protocol, days: int
) -> list[Difference]:
    """Messages of the next days that one version sends and the other does not, or at another time or way."""
    sites = list(sites)
    old, new = (
        {each.key: each for each in upcoming(trial, sites, days=days, protocol=protocol)}
        for protocol in (before, after)
    )
    found = [Difference(old.get(key), new.get(key)) for key in old.keys() | new.keys()]
    return sorted((each for each in found if _differs(each)), key=lambda each: _order(each.either))


def _differs(found: Difference) -> bool:
    if found.before is None or found.after is None:
        return True
    return (found.before.at, found.before.channel) != (found.after.at, found.after.channel)


def _order(each: Upcoming) -> tuple[datetime, str, str, str, int]:
    return each.at, each.participant.number, each.rule, str(each.key[2]), each.number
