"""What reminders could be about just now: open visits and coming appointments, each with its plan's span.

The number of queries does not grow with the number of participants.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from core import clock
from outcomes.models import PENDING, Form, Visit
from outcomes.policies import LATE_DAYS, last_answer_day
from participants.models import Appointment, Participant, Withdrawal
from reminders import plan, policies
from reminders.models import Message, OptOut
from reminders.plan import Span
from trials.models import Trial
from trials.protocol import Protocol
from trials.protocol.reminders import Reminder

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Candidate:
    """A reminder about one visit or appointment of one participant, and the messages it has used."""

    reminder: Reminder
    participant: Participant
    span: Span
    visit: Visit | None = None
    appointment: Appointment | None = None
    used: Mapping[int, datetime] = field(default_factory=dict)

    def key(self, number: int) -> str:
        """The one name of message ``number``. A moved appointment makes new messages."""
        if self.appointment is not None:
            return f"{self.reminder.code}:{self.appointment.pk}@{self.appointment.starts_at:%Y%m%dT%H%MZ}:{number}"
        return f"{self.reminder.code}:{self.visit and self.visit.pk}:{number}"


def span_of_visit(protocol: Protocol, visit: Visit, time_zone: str, own_zone: str = "") -> Span:
    """The window as it is now, and how long late answers are taken; ``own_zone`` is the receiver's."""
    return Span(
        time_zone,
        opens_on=visit.opens_on,
        closes_on=visit.closes_on,
        answers_until=last_answer_day(protocol, visit),
        own_zone=own_zone,
    )


def candidates(
    trial: Trial,
    protocol: Protocol,
    *,
    until: datetime | None = None,
    to: frozenset[UUID] | None = None,
    questions: Iterable[Form] | None = None,
) -> list[Candidate]:
    """Every reminder that may have a message from now to ``until``, of participants who may be written to.

    ``to``: what visits have for these participants instead, who want no messages. ``questions``: these forms stand in
    place of those that are stored.
    """
    horizon = until or clock.now()
    away = scopes_withdrawn(trial)
    silent = opted_out(trial)
    rules = [each for each in protocol.reminders if each.to == "participant"]
    found = [*_about_visits(trial, protocol, rules, horizon, to, questions)]
    found += [*_about_appointments(trial, rules, horizon)] if to is None else []
    used = _used(trial, found)
    return [
        Candidate(each.reminder, each.participant, each.span, each.visit, each.appointment, used[_place(each)])
        for each in found
        if (to is not None or each.participant.pk not in silent)
        and not policies.is_away(away.get(each.participant.pk, frozenset()), each.appointment)
    ]


def opted_out(trial: Trial) -> frozenset[UUID]:
    """Who asked for no more messages."""
    held = OptOut.objects.filter(participant__trial=trial, lifted_at=None)
    return frozenset(held.values_list("participant_id", flat=True))


def scopes_withdrawn(trial: Trial) -> dict[UUID, frozenset[str]]:
    """What each participant who withdrew no longer takes part in."""
    scopes: dict[UUID, frozenset[str]] = defaultdict(frozenset)
    for withdrawal in Withdrawal.objects.filter(participant__trial=trial):
        scopes[withdrawal.participant_id] |= policies.scopes_of([withdrawal])
    return dict(scopes)


def waiting_forms(reminder: Reminder, forms: Iterable[Form], *, missed: bool = False) -> list[Form]:
    """The required forms of the participant that a reminder is about and that are still unanswered.

    Those missed count if the reminder speaks after closing, or if asked for.
    """
    instruments = reminder.about.instruments
    missed = missed or plan.speaks_after_closing(reminder)
    return [
        form
        for form in forms
        if form.filled_by == "participant"
        and form.required
        and (form.state in PENDING or (missed and form.state == Form.State.MISSED))
        and not form.not_done_code
        and (not instruments or form.instrument in instruments)
    ]


def _about_visits(
    trial: Trial,
    protocol: Protocol,
    rules: Sequence[Reminder],
    horizon: datetime,
    to: frozenset[UUID] | None,
    questions: Iterable[Form] | None,
) -> Iterator[Candidate]:
    about = [rule for rule in rules if rule.about.visits]
    if not about:
        return
    codes = {code for rule in about for code in rule.about.visits}
    behind = LATE_DAYS if any(plan.speaks_after_closing(rule) for rule in about) else 0
    states = [*PENDING, Form.State.MISSED] if behind else PENDING
    if questions is None:
        forms: Iterable[Form] = _stored(trial, codes, states, horizon, behind, to)
    else:
        forms = [form for form in questions if form.visit.code in codes and form.required and form.state in states]
    by_visit: dict[UUID, list[Form]] = defaultdict(list)
    for form in forms:
        by_visit[form.visit_id].append(form)
    for of_visit in by_visit.values():
        first = of_visit[0]
        span = span_of_visit(protocol, first.visit, first.site.time_zone, first.participant.time_zone)
        for rule in about:
            if first.visit.code in rule.about.visits and waiting_forms(rule, of_visit):
                yield Candidate(rule, first.participant, span, visit=first.visit)


def _stored(
    trial: Trial, codes: set[str], states: Sequence[str], horizon: datetime, behind: int, to: frozenset[UUID] | None
) -> QuerySet[Form]:
    """The participants' forms of these visits, in windows up to the horizon."""
    # Days differ by at most one from any site's to UTC's; the plan decides exactly.
    forms = Form.objects.filter(
        trial=trial,
        filled_by="participant",
        required=True,
        visit__code__in=codes,
        opens_on__lte=horizon.date() + DAY,
        closes_on__gte=clock.now().date() - (behind + 1) * DAY,
        state__in=states,
    ).exclude(participant__state__in=policies.NOT_TAKING_PART)
    forms = forms if to is None else forms.filter(participant__in=to)
    return forms.select_related("visit", "participant", "site").order_by("visit__closes_on", "id")


def _about_appointments(trial: Trial, rules: Sequence[Reminder], horizon: datetime) -> Iterator[Candidate]:
    about = [rule for rule in rules if rule.about.appointments]
    if not about:
        return
    ahead = timedelta(days=max(plan.days_ahead(rule) for rule in about))
    booked = Appointment.objects.filter(
        participant__trial=trial,
        state=Appointment.State.BOOKED,
        purpose__in={code for rule in about for code in rule.about.appointments},
        starts_at__gt=clock.now(),
        starts_at__lt=horizon + ahead + 2 * DAY,
    ).exclude(participant__state__in=policies.NOT_TAKING_PART)
    for appointment in booked.select_related("participant__site").order_by("starts_at", "id"):
        participant = appointment.participant
        span = Span(participant.site.time_zone, starts_at=appointment.starts_at, own_zone=participant.time_zone)
        for rule in about:
            if appointment.purpose in rule.about.appointments:
                yield Candidate(rule, participant, span, appointment=appointment)


def _used(trial: Trial, found: Sequence[Candidate]) -> Mapping[str, dict[int, datetime]]:
    """The numbers already planned, with when, by place: one query for all."""
    used: dict[str, dict[int, datetime]] = defaultdict(dict)
    closings = [each.visit.closes_on for each in found if each.visit]
    starts = [each.appointment.starts_at for each in found if each.appointment]
    recent = Q(visit__closes_on__gte=min(closings)) if closings else Q(pk=None)
    recent |= Q(appointment__starts_at__gte=min(starts)) if starts else Q(pk=None)
    rows = Message.objects.filter(recent, trial=trial).annotate(at=Coalesce("sent_at", "next_try_at"))
    for key, number, at in rows.values_list("key", "number", "at") if found else []:
        used[key.rpartition(":")[0]][number] = at
    return used


def _place(candidate: Candidate) -> str:
    return candidate.key(0).rpartition(":")[0]
