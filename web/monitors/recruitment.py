"""Recruitment, flow and completeness of a trial, pooled over arms: counted from events, never typed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from outcomes.models import Form
from participants.models import Consent, Milestone, Participant, Screening, Withdrawal
from trials.models import Site
from trials.protocol import Protocol

State = Participant.State


@dataclass(frozen=True)
class Flow:
    """Boxes of the flow diagram. ``assessed`` = not eligible + declined + left before + in progress + randomized.

    Reasons count each person once, by the first reason recorded. ``primary``: states of the primary outcome's
    form at its last visit, of those randomized.
    """

    assessed: int
    not_eligible: int
    not_eligible_reasons: Counter[str]
    declined: int
    declined_reasons: Counter[str]
    left_before: int
    in_progress: int
    consented: int
    randomized: int
    withdrawn: int
    withdrawn_reasons: Counter[str]
    primary: Counter[str]


def flow_of(sites: list[Site], protocol: Protocol) -> Flow:
    """The flow of the participants of some sites."""
    people = Participant.objects.filter(site__in=[site.pk for site in sites])
    randomized = Milestone.objects.filter(participant=OuterRef("pk"), kind="randomized").exclude(day=None)
    people = people.annotate(randomized=Exists(randomized))
    before = Counter(people.filter(randomized=False).values_list("state", flat=True))
    drawn = people.filter(randomized=True)
    states = (State.INELIGIBLE, State.DECLINED, State.WITHDRAWN)
    withdrawals = _first_withdrawals(sites)
    return Flow(
        assessed=people.count(),
        not_eligible=before[State.INELIGIBLE],
        not_eligible_reasons=_reasons(sites, State.INELIGIBLE),
        declined=before[State.DECLINED],
        declined_reasons=_reasons(sites, State.DECLINED),
        left_before=before[State.WITHDRAWN],
        in_progress=sum(count for state, count in before.items() if state not in states),
        consented=people.filter(Exists(Consent.objects.filter(participant=OuterRef("pk")))).count(),
        randomized=drawn.count(),
        withdrawn=withdrawals.total(),
        withdrawn_reasons=withdrawals,
        primary=_primary(sites, protocol),
    )


def _reasons(sites: list[Site], state: str) -> Counter[str]:
    """The first reason of the latest decision, of those who are in a state and were never randomized."""
    found: dict[UUID, str] = {}
    rows = Screening.objects.filter(participant__site__in=[site.pk for site in sites], participant__state=state)
    rows = rows.order_by("at", "pk")
    for key, reasons, declined in rows.values_list("participant_id", "reasons", "declined_reason").iterator():
        found[key] = declined if state == State.DECLINED else next(iter(reasons), "")
    if state == State.INELIGIBLE:
        later = Participant.objects.filter(pk__in=list(found)).values_list("pk", "decisions__reasons")
        for key, reasons in later.order_by("decisions__at", "decisions__pk").iterator():
            found[key] = next(iter(reasons or []), found[key])
    return Counter(found.values())


def _first_withdrawals(sites: list[Site]) -> Counter[str]:
    """Reasons of those who withdrew from anything after randomization, one each."""
    randomized = Milestone.objects.filter(participant=OuterRef("participant"), kind="randomized").exclude(day=None)
    rows = Withdrawal.objects.filter(Exists(randomized), participant__site__in=[site.pk for site in sites])
    first = dict(rows.order_by("-at", "-pk").values_list("participant_id", "reason_code"))
    return Counter(first.values())


def _primary(sites: list[Site], protocol: Protocol) -> Counter[str]:
    """How many forms of the primary outcome at its last visit are in each state."""
    last = primary_visit(protocol)
    if last is None:
        return Counter()
    visit, instrument = last
    forms = Form.objects.filter(site__in=[site.pk for site in sites], visit__code=visit, instrument=instrument)
    return Counter(forms.values_list("state", flat=True))


def primary_visit(protocol: Protocol) -> tuple[str, str] | None:
    """The last visit at which the primary outcome is asked, and its instrument."""
    primary = [each.instrument for each in protocol.outcomes if each.role == "primary"]
    asked = [visit.code for visit in protocol.visits for form in visit.forms if form.instrument in primary[:1]]
    return (asked[-1], primary[0]) if asked else None


@dataclass(frozen=True)
class Curve:
    """Participants randomized by the end of each month, and the straight line to the target; the latter from the
    first to the last day of enrolment. None where the month is still to come."""

    months: list[date]
    actual: list[float | None]
    planned: list[float | None]


def curve_of(sites: list[Site], protocol: Protocol, today: date) -> Curve:
    """Recruitment month by month, from the start of enrolment (or the first randomization) to a few months ahead."""
    held = Milestone.objects.filter(kind="randomized", participant__site__in=[site.pk for site in sites])
    counts = Counter(
        month for month in held.exclude(Q(day=None)).annotate(month=TruncMonth("day")).values_list("month", flat=True)
    )
    start = min([protocol.dates.enrolment_start.replace(day=1), *counts])
    end = min(max(today, start) + timedelta(days=92), protocol.dates.enrolment_end)
    months = _months(start, max(end, today))
    actual: list[float | None] = []
    running = 0
    for month in months:
        running += counts[month]
        actual.append(running if month <= today else None)
    return Curve(months, actual, [_planned(protocol, month) for month in months])


def _months(start: date, end: date) -> list[date]:
    months = [start.replace(day=1)]
    while months[-1] < end.replace(day=1):
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return months


def _planned(protocol: Protocol, month: date) -> float:
    """Where the straight line stands at the end of a month."""
    dates = protocol.dates
    end_of_month = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    whole = (dates.enrolment_end - dates.enrolment_start).days or 1
    passed = min(max((end_of_month - dates.enrolment_start).days, 0), whole)
    return round(protocol.target * passed / whole, 1)
