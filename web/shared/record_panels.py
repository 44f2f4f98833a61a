"""The smaller parts of a participant's record: consent, appointments, messages, tasks, queries, corrections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from core import clock
from outcomes.audiences import may_read
from outcomes.codes import TASK_INCOMPLETE, TASK_LIMIT
from outcomes.models import CorrectionRequest, Form
from outcomes.queries import asked_of
from outcomes.queries.queries import UNCLOSED
from participants.blindness import ASSESSOR_NEEDED, EMERGENCY_NOTED
from participants.codes import DEATH_TO_RECORD
from participants.models import Appointment, Consent, Participant, Task
from participants.queries import appointments_of
from reminders.actions import by_hand
from reminders.models import BAD_ADDRESS, NO_MORE, Message
from reminders.queries import messages_of, wording_of_task
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import SummaryRow, Table, TableCell
from web.shared.query_words import QueryRow, query_rows
from web.shared.record_matrix import VisitPanel
from web.shared.record_rights import Rights
from web.shared.record_words import (
    day_in_words,
    form_url,
    instrument_name,
    language_name,
    link,
    logged_moment,
    moment_in_words,
    name_of_visit,
    near_day,
    place_name,
    purpose_name,
    say,
    visit_name,
)


@dataclass(frozen=True)
class AppointmentRow:
    """One appointment; ``url`` leads to moving or closing it, for those who may and while it stands."""

    purpose: str
    when: str
    where: str
    state: str
    shape: str
    url: str


@dataclass(frozen=True)
class TaskRow:
    """Something to do; ``url`` is the work, ``done_url`` marks it done."""

    text: str
    detail: str
    is_late: bool
    url: str
    done_url: str


@dataclass(frozen=True)
class RequestRow:
    """A correction that waits for a decision."""

    text: str
    asked: str
    url: str


BLINDING_TASKS = {
    ASSESSOR_NEEDED: gettext_lazy("Nobody at the site may measure this participant any more: find another assessor"),
    EMERGENCY_NOTED: gettext_lazy("Unblinded in an emergency: see that no assessor hears of it"),
}
DEATH_TASKS = {DEATH_TO_RECORD: gettext_lazy("A death is reported: record that the participant left the trial by it")}
PAGES_OF_TASKS = {
    **dict.fromkeys(BLINDING_TASKS, "record"),
    BAD_ADDRESS: "coordinators:contact",
    DEATH_TO_RECORD: "coordinators:death",
}
MESSAGE_TASKS = {
    NO_MORE: gettext_lazy("Wants no more messages: agree how to reach this person"),
    BAD_ADDRESS: gettext_lazy("Messages come back: correct the e-mail address or the number"),
}
PLAIN_TASKS = {**BLINDING_TASKS, **DEATH_TASKS, **MESSAGE_TASKS}
SHAPES = {"booked": "planned", "kept": "complete", "no_show": "missed", "cancelled": "not_done"}
MESSAGE_SHAPES = {
    "planned": "planned",
    "sending": "started",
    "sent": "complete",
    "delivered": "complete",
    "uncertain": "closing",
    "stopped": "not_done",
    "failed": "missed",
    "bounced": "missed",
}


def consent_rows(participant: Participant, consent: Consent | None, protocol: Protocol) -> list[SummaryRow]:
    """Version, day and every clause of the consent in force."""
    if consent is None:
        return []
    facts = {"version": consent.version, "language": language_name(consent.language)}
    rows = [
        SummaryRow(_("Consent form"), _("version %(version)s, in %(language)s") % facts),
        SummaryRow(_("Signed"), day_in_words(consent.day)),
    ]
    for clause in protocol.consent.clauses:
        agreed = consent.clauses.get(clause.code)
        rows.append(SummaryRow(say(clause.wording), {True: _("Yes"), False: _("No")}.get(agreed)))
    return rows


def appointment_rows(participant: Participant, may_book: bool) -> list[AppointmentRow]:
    """All appointments, newest first."""
    protocol = protocol_of(participant.trial)
    return [_appointment_row(each, participant, protocol, may_book) for each in appointments_of(participant)]


def _appointment_row(
    appointment: Appointment, participant: Participant, protocol: Protocol, may_book: bool
) -> AppointmentRow:
    where = [place_name(protocol, participant.site.code, appointment.place)]
    where += [appointment.person.name] if appointment.person else []
    stands = appointment.state == Appointment.State.BOOKED
    names = {"trial": participant.trial.code, "number": participant.number, "appointment": appointment.pk}
    return AppointmentRow(
        purpose_name(protocol, appointment.purpose),
        moment_in_words(appointment.starts_at, participant.site.time_zone),
        ", ".join(each for each in where if each),
        str(appointment.get_state_display()),
        SHAPES[appointment.state],
        link("coordinators:appointment", **names) if stands and may_book else "",
    )


def message_table(participant: Participant, messages: Iterable[Message] | None = None) -> Table:
    """What was sent, or failed, or waits; never an address or a text."""
    protocol, zone = protocol_of(participant.trial), participant.site.time_zone
    held = messages_of(participant) if messages is None else messages
    head = [_("About"), _("Message"), _("When"), _("Channel"), _("State")]
    return Table(_("Messages"), head, [message_cells(each, protocol, zone) for each in held])


def message_cells(message: Message, protocol: Protocol, zone: str) -> list[TableCell]:
    """One message as the cells of a table."""
    return [
        TableCell(about_message(message, protocol)),
        TableCell(_("by hand") if message.rule == by_hand.RULE else message.number, number=True),
        TableCell(logged_moment(message.sent_at or message.planned_for, zone)),
        TableCell(channel_name(message.channel)),
        TableCell(state_in_words(message), state=MESSAGE_SHAPES[message.state]),
    ]


def channel_name(channel: str) -> str:
    """A channel of messages, for readers."""
    return _("E-mail") if channel == "email" else _("Text message")


def state_in_words(message: Message) -> str:
    """What became of a message, and why."""
    state, reason = str(message.get_state_display()), str(message.get_reason_display() or "")
    if message.has_arrived:
        return _("%(state)s, opened") % {"state": state}
    return f"{state}: {reason}" if reason else state


def about_message(message: Message, protocol: Protocol) -> str:
    """The visit or appointment a message is about."""
    if message.visit is not None:
        return name_of_visit(protocol, message.visit)
    if message.consent is not None:
        return _("Copy of the consent, version %(version)s") % {"version": message.consent.version}
    return purpose_name(protocol, message.appointment.purpose) if message.appointment else message.rule


def task_rows(tasks: list[Task], protocol: Protocol) -> list[TaskRow]:
    """Tasks in words, each with its work; two queries for any number."""
    forms = forms_of_tasks(tasks)
    return [_task_row(task, forms, protocol) for task in tasks]


def forms_of_tasks(tasks: list[Task]) -> dict[tuple[object, str, str], Form]:
    """The forms that tasks are about, by participant, visit and instrument."""
    about = {task.about.rpartition(" ")[2] for task in tasks if task.kind == TASK_INCOMPLETE}
    if not about:
        return {}
    held = Form.objects.filter(participant__in={task.participant_id for task in tasks}, instrument__in=about)
    return {(form.participant_id, form.visit.label(), form.instrument): form for form in held.select_related("visit")}


def _task_row(task: Task, forms: dict[tuple[object, str, str], Form], protocol: Protocol) -> TaskRow:
    trial, number = task.participant.trial, task.participant.number
    place, _space, instrument = task.about.rpartition(" ")
    form = forms.get((task.participant_id, place, instrument)) if task.kind == TASK_INCOMPLETE else None
    page = PAGES_OF_TASKS.get(task.kind, "coordinators:contact_log")
    url = link(page, trial=trial.code, number=number)
    return TaskRow(
        task_words(task, protocol),
        _("due %(day)s") % {"day": near_day(task.due_on)},
        task.due_on < clock.today(task.participant.site.time_zone),
        form_url(trial, form) if form is not None else url,
        link("coordinators:task_done", trial=trial.code, task=task.pk),
    )


def task_words(task: Task, protocol: Protocol) -> str:
    """What is to be done."""
    place, _space, instrument = task.about.rpartition(" ")
    if task.kind == TASK_INCOMPLETE:
        facts = {"form": instrument_name(instrument), "visit": _visit_of(place, protocol)}
        return _("Answers are missing: %(form)s, %(visit)s") % facts
    if task.kind == TASK_LIMIT:
        return _limit_words(task, protocol)
    if task.kind in PLAIN_TASKS:
        return str(PLAIN_TASKS[task.kind])
    return wording_of_task(protocol, task, get_language() or "en") or task.kind


def _limit_words(task: Task, protocol: Protocol) -> str:
    """What the protocol says is to be done, and about which rating."""
    label, instrument, code = task.about.rsplit(" ", 2)
    visits = [visit for visit in protocol.visits if visit.code == label.partition(" ")[0]]
    limits = [limit for visit in visits for form in visit.forms for limit in form.limits if limit.code == code]
    wording = limits[0].wording.in_language(get_language() or "en") if limits else _("A score reached a limit")
    return f"{wording}: {instrument_name(instrument)}, {_visit_of(label, protocol)}"


def _visit_of(label: str, protocol: Protocol) -> str:
    code, _space, number = label.partition(" ")
    return visit_name(protocol, code, int(number) if number.isdecimal() else None)


def request_rows(participant: Participant, rights: Rights, protocol: Protocol) -> list[RequestRow]:
    """Corrections this participant asked for that nobody decided on yet."""
    held = CorrectionRequest.objects.filter(participant=participant, state=CorrectionRequest.State.OPEN)
    rows = held.select_related("response__form__visit", "response__form__trial").order_by("asked_at", "pk")
    return [
        RequestRow(
            instrument_name(each.response.instrument),
            _days_ago(each.asked_at, participant.site.time_zone),
            form_url(participant.trial, each.response.form),
        )
        for each in rows
        if may_read(each.response.form, rights.roles, protocol)
    ]


def unclosed_queries(participant: Participant, rights: Rights, panel: VisitPanel) -> list[QueryRow]:
    """The queries about this participant's forms that nobody closed yet."""
    forms = [cell.form.pk for row in panel.held.rows for cell in row.cells.values()]
    asked = [each for each in asked_of(forms, rights.roles, panel.protocol) if each.query.state in UNCLOSED]
    return query_rows(asked, participant.trial, panel.protocol)


def _days_ago(moment: datetime, zone: str) -> str:
    days = (clock.today(zone) - clock.day_of(moment, zone)).days
    if days == 0:
        return _("asked today")
    return ngettext("asked %(days)d day ago", "asked %(days)d days ago", days) % {"days": days}
