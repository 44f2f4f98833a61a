"""What stands in the calendar of somebody of the staff: appointments and visits of a few weeks, told without the arm.

A calendar is read by programs and people outside this system. So it says whose appointment it is by study number, when
and where, and nothing of what it is for; the record, behind the login, says the rest.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from core import clock
from outcomes.audiences import filled_by
from outcomes.models import PENDING, Form, Visit
from outcomes.policies import NOT_FOLLOWED
from participants.blindness import lost_by
from participants.codes import SESSION
from participants.models import Appointment, Participant
from trials.models import Site


@dataclass(frozen=True)
class Span:
    """How many days back and ahead a calendar reaches, and how many appointments and visits it shows at most."""

    back: int
    ahead: int
    most: int


WHOLE = Span(back=7, ahead=60, most=2_000)
"""What a program reads; programs choke on more."""


@dataclass(frozen=True)
class Entry:
    """One appointment, or one visit on its target day. ``starts`` is a moment of the first, a day of the second."""

    participant: Participant
    starts: datetime | date
    appointment: Appointment | None = None
    visit: Visit | None = None

    @property
    def key(self) -> UUID | None:
        """The key of the appointment or the visit."""
        row = self.appointment or self.visit
        return row.pk if row else None

    @property
    def day(self) -> date:
        """The day at the site."""
        if isinstance(self.starts, datetime):
            return clock.day_of(self.starts, self.participant.site.time_zone)
        return self.starts


def calendar_of(
    sites: Sequence[Site], audience: Collection[str], *, books: bool, key: str, now: datetime, span: Span = WHOLE
) -> list[Entry]:
    """The entries of somebody, in order of days, then numbers. Two queries, whatever there is.

    ``books``: whoever books sees every appointment, others those that are theirs (``key``) and never a session's.
    Visits are those with a measurement or a result that the audience still has to bring in, of people for whom they
    are blind.
    """
    first, last = now - timedelta(days=span.back), now + timedelta(days=span.ahead)
    entries = [
        Entry(each.participant, each.starts_at, appointment=each)
        for each in _appointments(sites, books, key, first, last, span.most)
    ]
    entries += [
        Entry(each.participant, each.target_on, visit=each)
        for each in _visits(sites, audience, key, first.date(), last.date(), span.most)
    ]
    return in_order(entries)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By day at the site, visits first, then by time, number and key."""
    return sorted(entries, key=_order)


def _order(entry: Entry) -> tuple[date, bool, str, str, str]:
    at = str(entry.appointment.starts_at) if entry.appointment else ""
    return entry.day, entry.appointment is not None, at, entry.participant.number, str(entry.key)


def _appointments(
    sites: Sequence[Site], books: bool, key: str, first: datetime, last: datetime, most: int
) -> list[Appointment]:
    rows = Appointment.objects.filter(
        participant__site__in=[site.pk for site in sites],
        state__in=[Appointment.State.BOOKED, Appointment.State.KEPT],
        starts_at__range=(first, last),
    )
    if not books:
        rows = rows.filter(person=UUID(key)).exclude(purpose=SESSION).exclude(lost_by(key))
    joined = rows.select_related("participant__site", "participant__trial")
    return list(joined.order_by("starts_at", "participant__number", "pk")[:most])


def _visits(
    sites: Sequence[Site], audience: Collection[str], key: str, first: date, last: date, most: int
) -> list[Visit]:
    own = sorted(filled_by(audience) - {"participant"})
    forms = Form.objects.filter(
        site__in=[site.pk for site in sites],
        filled_by__in=own,
        state__in=PENDING,
        target_on__range=(first, last),
        # Said once more, so that the index of the worklist serves.
        closes_on__gte=first,
    )
    forms = forms.exclude(Q(participant__state__in=NOT_FOLLOWED) | Q(secrecy=Form.Secrecy.UNBLINDING))
    forms = forms.exclude(Q(lost_by(key), filled_by="assessor"))
    rows = Visit.objects.filter(pk__in=forms.order_by().values("visit_id"))
    joined = rows.select_related("participant__site", "participant__trial")
    return list(joined.order_by("target_on", "participant__number", "order", "number", "pk")[:most])
