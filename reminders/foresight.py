"""What will be sent by the protocol's rules if nothing happens until then, and what another version would change in it.

Where two versions differ in their visits, each is asked what it would lay out; appointments are those that are booked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from outcomes.models import Form, Visit
from outcomes.policies import LATE_DAYS
from outcomes.queries.laid_out import questions_under
from participants.models import Appointment, Participant
from reminders import channels, plan
from reminders.candidates import candidates
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

DAY = timedelta(days=1)
Key = tuple[UUID, str, str, int]


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
        about = self.visit.label() if self.visit else str(self.appointment.pk) if self.appointment else ""
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


def upcoming(
    trial: Trial,
    sites: Iterable[Site],
    *,
    days: int = 7,
    protocol: Protocol | None = None,
    questions: Iterable[Form] | None = None,
) -> list[Upcoming]:
    """What will be sent in the next days, the soonest first, if nobody answers until then.

    By the version in force, unless another ``protocol`` of the trial is given; about what is laid out, unless other
    ``questions`` are.
    """
    now, keys = clock.now(), {site.pk for site in sites}
    until = now + timedelta(days=days)
    found: list[Upcoming] = []
    for each in candidates(trial, protocol or protocol_of(trial), until=until, questions=questions):
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
    """Messages of the next days that one version sends and the other does not, or at another time or way.

    Costs what is laid out in those days; where the versions differ in their visits, what is laid out at all.
    """
    sites, now = list(sites), clock.now()
    span = {"first": now.date() - LATE_DAYS * DAY, "last": now.date() + (days + 1) * DAY}
    differ = before.visits != after.visits
    old, new = (
        {
            each.key: each
            for each in upcoming(
                trial,
                sites,
                days=days,
                protocol=protocol,
                questions=questions_under(protocol, trial, **span) if differ else None,
            )
        }
        for protocol in (before, after)
    )
    found = [Difference(old.get(key), new.get(key)) for key in old.keys() | new.keys()]
    return sorted((each for each in found if _differs(each)), key=lambda each: _order(each.either))


def _differs(found: Difference) -> bool:
    if found.before is None or found.after is None:
        return True
    return (found.before.at, found.before.channel) != (found.after.at, found.after.channel)


def _order(each: Upcoming) -> tuple[datetime, str, str, str, int]:
    return each.at, each.participant.number, each.rule, each.key[2], each.number
