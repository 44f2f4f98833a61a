"""People to see or to call: appointments, tasks, call-backs, corrections asked for, queries."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from outcomes.models import CorrectionRequest
from outcomes.queries import Asked, Bucket, open_requests, to_answer
from participants.codes import SESSION, AttemptOutcome
from participants.models import Appointment, ContactAttempt, Milestone, Participant, Task, Withdrawal
from participants.queries import open_tasks
from reminders.models import Message
from reminders.queries import failures
from web.coordinators.desk import COMING_DAYS, Desk, DueRow, Source
from web.coordinators.due_forms import STATUSES
from web.shared.query_words import query_row
from web.shared.record_panels import TaskRow, about_message, state_in_words, task_rows
from web.shared.record_words import form_url, instrument_name, near_moment, place_name, purpose_name

UNDELIVERED_DAYS = 7
"""So long a message that did not arrive stays on the worklist; the list of messages keeps it."""


def appointments(desk: Desk) -> Source:
    """Booked appointments: those that passed and were not closed, today's, and the next days'."""
    start, end, far = desk.midnight(), desk.midnight(1), desk.midnight(COMING_DAYS + 1)
    within = {
        Bucket.OVERDUE: Q(starts_at__lt=start),
        Bucket.TODAY: Q(starts_at__gte=start, starts_at__lt=end),
        Bucket.COMING: Q(starts_at__gte=end, starts_at__lt=far),
    }
    sites = [site.pk for site in desk.sites]
    booked = Appointment.objects.filter(participant__site__in=sites, state=Appointment.State.BOOKED)
    # Who was randomized came to the first session: nothing is left to say about it, whatever became of them since.
    randomized = Milestone.objects.filter(participant=OuterRef("participant_id"), kind=Milestone.Kind.RANDOMIZED)
    booked = booked.exclude(Exists(randomized.exclude(day=None)), purpose=SESSION)

    def rows(bucket: Bucket, first: int, stop: int) -> list[DueRow]:
        some = booked.filter(within[bucket]).select_related("participant__site", "person")
        some = some.order_by("starts_at", "participant__number", "pk")[first:stop]
        return [_appointment(desk, each, bucket) for each in some]

    return Source(counted(booked, within), rows)


def _appointment(desk: Desk, appointment: Appointment, bucket: Bucket) -> DueRow:
    participant = appointment.participant
    where = place_name(desk.protocol, participant.site.code, appointment.place)
    with_whom = appointment.person.name if appointment.person else ""
    return DueRow(
        "planned" if bucket == Bucket.TODAY else STATUSES[bucket],
        near_moment(appointment.starts_at, participant.site.time_zone),
        participant.number,
        desk.record_url(participant.number),
        purpose_name(desk.protocol, appointment.purpose),
        ", ".join(each for each in (where, with_whom) if each),
        _("Came?") if appointment.starts_at <= clock.now() else _("Open"),
        desk.page("appointment", number=participant.number, appointment=appointment.pk),
    )


def tasks(desk: Desk) -> Source:
    """Tasks of the coordinators, by the day they are due."""
    within = {
        Bucket.OVERDUE: Q(due_on__lt=desk.today),
        Bucket.TODAY: Q(due_on=desk.today),
        Bucket.COMING: Q(due_on__gt=desk.today),
    }
    held = open_tasks(desk.sites)

    def rows(bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        some = list(held.filter(within[bucket]).select_related("participant__site", "participant__trial")[start:stop])
        words = task_rows(some, desk.protocol)
        return [_task(desk, task, row, bucket) for task, row in zip(some, words, strict=True)]

    return Source(counted(held, within), rows)


def _task(desk: Desk, task: Task, row: TaskRow, bucket: Bucket) -> DueRow:
    return DueRow(
        STATUSES[bucket],
        row.detail,
        task.participant.number,
        desk.record_url(task.participant.number),
        row.text,
        label=_("Open"),
        url=row.url,
        done_url=row.done_url,
    )


def undelivered(desk: Desk) -> Source:
    """Messages of the last days that did not arrive, or perhaps not.

    Those that came back have a task of their own, and who has no address is called.
    """
    states = Message.State.FAILED, Message.State.UNCERTAIN
    waiting = failures(desk.sites).filter(state__in=states, planned_for__gte=desk.midnight(-UNDELIVERED_DAYS))

    def rows(_bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        some = waiting.order_by("planned_for", "participant__number", "pk")[start:stop]
        return [_undelivered(desk, each) for each in some]

    return Source({Bucket.TODAY: waiting.count()}, rows)


def _undelivered(desk: Desk, message: Message) -> DueRow:
    number = message.participant.number
    return DueRow(
        "late",
        near_moment(message.planned_for, message.site.time_zone),
        number,
        desk.record_url(number),
        _("Message not delivered: %(about)s") % {"about": about_message(message, desk.protocol)},
        state_in_words(message),
        _("Open"),
        desk.page("message", message=message.pk),
    )


def call_backs(desk: Desk) -> Source:
    """People who asked to be called back, and were not reached since."""
    later = ContactAttempt.objects.filter(participant=OuterRef("participant_id"), at__gt=OuterRef("at"))
    silent = Withdrawal.objects.filter(participant=OuterRef("participant_id"), scopes__icontains="contact")
    asked = ContactAttempt.objects.filter(
        participant__site__in=[site.pk for site in desk.sites], outcome=AttemptOutcome.CALL_BACK
    )
    waiting = asked.exclude(Exists(later)).exclude(Exists(silent))

    def rows(_bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        some = waiting.select_related("participant__site").order_by("at", "participant__number", "pk")[start:stop]
        return [_call_back(desk, each.participant, each) for each in some]

    return Source({Bucket.TODAY: waiting.count()}, rows)


def _call_back(desk: Desk, participant: Participant, attempt: ContactAttempt) -> DueRow:
    return DueRow(
        "due",
        near_moment(attempt.at, participant.site.time_zone),
        participant.number,
        desk.record_url(participant.number),
        _("Asked to be called back"),
        label=_("Call"),
        url=desk.page("contact_log", number=participant.number),
    )


def corrections(desk: Desk) -> Source:
    """Corrections that participants asked for, to be decided by a second person."""
    readable = open_requests(desk.sites, desk.audience, desk.protocol)

    def rows(_bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        return [_correction(desk, each) for each in readable[start:stop]]

    return Source({Bucket.TODAY: len(readable)}, rows)


def _correction(desk: Desk, request: CorrectionRequest) -> DueRow:
    participant = request.participant
    return DueRow(
        "query",
        near_moment(request.asked_at, participant.site.time_zone),
        participant.number,
        desk.record_url(participant.number),
        _("A correction is asked for."),
        instrument_name(request.response.instrument),
        _("Decide"),
        form_url(desk.trial, request.response.form),
    )


def queries(desk: Desk) -> Source:
    """Queries about what coordinators enter and what participants answer, to be answered."""
    asked = to_answer(desk.sites, desk.audience, desk.protocol, blind=desk.person)

    def rows(_bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        return [_query(desk, each) for each in asked[start:stop]]

    return Source({Bucket.TODAY: len(asked)}, rows)


def _query(desk: Desk, asked: Asked) -> DueRow:
    row, number = query_row(asked, desk.trial, desk.protocol), asked.form.participant.number
    when = near_moment(asked.query.raised_at, asked.form.site.time_zone)
    what = _("Query: %(kind)s") % {"kind": row.kind}
    return DueRow(row.status, when, number, desk.record_url(number), what, row.form, _("Answer"), row.url)


def counted(rows: QuerySet, within: dict[Bucket, Q]) -> dict[Bucket, int]:
    """How many of some rows are in each bucket, in one query."""
    found = rows.order_by().aggregate(**{bucket.value: Count("pk", filter=q) for bucket, q in within.items()})
    return {bucket: found[bucket.value] for bucket in within}
