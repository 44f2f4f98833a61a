"""Where reminding brought nothing, a task for a person: raised once."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from audit.actors import Grant
from audit.acts import act
from core import clock
from core.problems import Conflict
from outcomes.models import PENDING, Form, Visit
from participants.actions import tasks
from participants.models import Participant, Task, Withdrawal
from reminders import candidates, plan, policies
from reminders.actions import sending
from reminders.models import UNANSWERED, Message
from trials.models import Trial
from trials.protocol import Protocol
from trials.protocol.reminders import Reminder

DAY = timedelta(days=1)


def after_messages(trial: Trial, protocol: Protocol, grant: Grant) -> int:
    """Tasks about participants whom all messages left silent; returns how many were raised."""
    # No site is more than a day ahead of UTC; the exact day is asked below.
    ripe = Message.objects.filter(trial=trial, task_due_on__lte=clock.now().date() + DAY)
    return sum(_after_message(message, protocol, grant) for message in ripe.select_related(*sending.RELATED))


def instead_of_messages(trial: Trial, protocol: Protocol, grant: Grant) -> int:
    """Tasks about participants who want no messages: from the day of the first, somebody has to ask them otherwise."""
    silent = candidates.opted_out(trial)
    if not silent:
        return 0
    raised = _raised(trial)
    made = 0
    for each in candidates.candidates(trial, protocol, to=silent):
        plans = plan.schedule(each.reminder, each.span)
        if each.visit is None or each.reminder.then_task is None or not plans or plans[0].at > clock.now():
            continue
        if (each.participant.pk, _about(each.reminder, each.visit)) not in raised:
            _raise(each.participant, each.reminder, each.visit, plans[0].day, grant)
            made += 1
    return made


def after_worklist(trial: Trial, protocol: Protocol, grant: Grant) -> int:
    """Tasks about forms of the staff, whose worklist is their reminder; returns how many were raised."""
    raised = _raised(trial)
    away = candidates.scopes_withdrawn(trial)
    made = 0
    for rule in protocol.reminders:
        if rule.to == "participant" or rule.then_task is None or not rule.about.visits:
            continue
        for form in _staff_forms(trial, rule):
            about = (form.participant_id, _about(rule, form.visit))
            if about in raised or policies.is_away(away.get(form.participant_id, frozenset()), None):
                continue
            due_on = _day_of_task(protocol, rule, form)
            if due_on is not None and due_on <= clock.today(form.site.time_zone):
                _raise(form.participant, rule, form.visit, due_on, grant)
                raised.add(about)
                made += 1
    return made


def _raised(trial: Trial) -> set[tuple[UUID, str]]:
    """About whom and what a task was raised already, done or not."""
    return set(Task.objects.filter(participant__trial=trial, kind=UNANSWERED).values_list("participant_id", "about"))


def _after_message(message: Message, protocol: Protocol, grant: Grant) -> bool:
    """One task at most, because the day is forgotten with it."""
    due_on, visit = message.task_due_on, message.visit
    if due_on is None or due_on > clock.today(message.site.time_zone):
        return False
    reminder = sending.rule_of(protocol, message.rule)
    wanted = reminder is not None and visit is not None and _is_unanswered(message, reminder)
    try:
        with act("message.follow_up", grant=grant, subject=message.participant) as a:
            a.change(message, task_due_on=None)
            if wanted and reminder and visit:
                _raise(message.participant, reminder, visit, due_on, grant)
    except Conflict:
        return False
    return wanted


def _is_unanswered(message: Message, reminder: Reminder) -> bool:
    """Whether the participant still takes part and the forms are still not answered, missed ones included."""
    if message.participant.state in policies.NOT_TAKING_PART:
        return False
    if policies.is_away(policies.scopes_of(Withdrawal.objects.filter(participant=message.participant_id)), None):
        return False
    return bool(candidates.waiting_forms(reminder, Form.objects.filter(visit=message.visit_id), missed=True))


def _staff_forms(trial: Trial, rule: Reminder) -> Iterator[Form]:
    """One unfinished form for each open visit that a reminder of the staff is about."""
    forms = Form.objects.filter(
        trial=trial,
        required=True,
        state__in=PENDING,
        visit__code__in=rule.about.visits,
        opens_on__lte=clock.now().date() + DAY,
    ).exclude(participant__state__in=policies.NOT_TAKING_PART)
    if rule.about.instruments:
        forms = forms.filter(instrument__in=rule.about.instruments).exclude(filled_by="participant")
    else:
        forms = forms.filter(filled_by=rule.to)
    seen: set[UUID] = set()
    for form in forms.select_related("participant", "site", "visit").order_by("closes_on", "id"):
        if form.visit_id not in seen:
            seen.add(form.visit_id)
            yield form


def _day_of_task(protocol: Protocol, rule: Reminder, form: Form) -> date | None:
    moments = plan.schedule(rule, candidates.span_of_visit(protocol, form.visit, form.site.time_zone))
    if not moments or rule.then_task is None:
        return None
    return moments[-1].day + timedelta(days=rule.then_task.days_after_last)


def _raise(participant: Participant, rule: Reminder, visit: Visit, due_on: date, grant: Grant) -> None:
    if rule.then_task is not None:
        about, role = _about(rule, visit), rule.then_task.role
        tasks.raise_task(participant=participant, kind=UNANSWERED, about=about, role=role, due_on=due_on, grant=grant)


def _about(rule: Reminder, visit: Visit) -> str:
    return f"{rule.code} {visit.label()}"
