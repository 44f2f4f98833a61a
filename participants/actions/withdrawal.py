"""Withdrawing: what somebody no longer takes part in, scope by scope."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from participants.actions import appointments, tasks
from participants.codes import (
    DEATH_TO_RECORD,
    LEFT_BY_DEATH,
    SESSION,
    CancelReason,
    WithdrawalReason,
    WithdrawalScope,
)
from participants.models import Appointment, Participant, Task, Withdrawal
from participants.policies import check_consented, hold
from review.policies import check_not_locked
from trials.access import authorize

ENDING = {WithdrawalScope.FOLLOW_UP, WithdrawalScope.DATA}
"""Scopes after which nothing more is collected: the participant's state becomes withdrawn."""


def withdraw(
    *, participant: Participant, scopes: Collection[str], reason_code: str, day: date, by: Actor, reason: str = ""
) -> Withdrawal:
    """Record a withdrawal from some scopes, with a coded reason, on a past or present day.

    A death ends sessions, follow-up and contact, whatever was chosen, and leaves the use of data as it was.

    Booked appointments it makes pointless are cancelled. Verbs and sweeps above ask ``withdrawn_from`` at the moment
    of use; data collected so far stay. Raises Conflict if all these scopes were withdrawn from already.
    """
    grant = authorize(by, Permission.WITHDRAW, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    if reason_code not in WithdrawalReason.values:
        raise Problem("withdrawal.reason", _("Choose a reason from the list."), field="reason_code")
    with act("participants.withdraw", grant=grant, subject=participant, reason=reason) as a:
        hold(participant)
        check_consented(participant)
        _check_day(participant, day)
        new = _new_scopes(participant, _with_death(scopes, reason_code))
        withdrawal = Withdrawal(participant=participant, scopes=new, day=day, reason_code=reason_code)
        withdrawal.at, withdrawal.by = clock.now(), by.id
        a.create(withdrawal)
        for appointment in _pointless(participant, new):
            appointments.cancel_within(a, appointment, CancelReason.WITHDRAWN, grant)
        if ENDING & set(new):
            a.change(participant, state=Participant.State.WITHDRAWN)
        if reason_code == WithdrawalReason.DIED:
            for task in Task.objects.filter(participant=participant, kind=DEATH_TO_RECORD, done_at=None):
                tasks.finish(task=task, grant=grant)
        return withdrawal


def raise_death(*, participant: Participant, grant: Grant) -> None:
    """A task for the coordinator to record a death that was heard of, unless it is recorded."""
    if participant.withdrawals.filter(reason_code=WithdrawalReason.DIED).exists():
        return
    today = clock.today(participant.site.time_zone)
    tasks.raise_task(participant=participant, kind=DEATH_TO_RECORD, due_on=today, grant=grant)


def _with_death(scopes: Collection[str], reason_code: str) -> Collection[str]:
    return {*scopes, *LEFT_BY_DEATH} if reason_code == WithdrawalReason.DIED else scopes


def _new_scopes(participant: Participant, scopes: Collection[str]) -> list[str]:
    if not scopes or not set(scopes) <= set(WithdrawalScope.values):
        raise Problem(
            "withdrawal.scopes", _("Choose at least one thing the participant withdraws from."), field="scopes"
        )
    held = {each for former in participant.withdrawals.values_list("scopes", flat=True) for each in former}
    new = [scope for scope in WithdrawalScope.values if scope in scopes and scope not in held]
    if not new:
        raise Conflict("withdrawal.recorded", _("This withdrawal is recorded already."))
    return new


def _check_day(participant: Participant, day: date) -> None:
    if day > clock.today(participant.site.time_zone):
        raise Problem("withdrawal.future", _("This day is in the future. Enter the day it was said."), field="day")
    if day < participant.consents.earliest("day").day:
        raise Problem("withdrawal.early", _("This day is before the consent. Check the day."), field="day")


def _pointless(participant: Participant, scopes: Collection[str]) -> list[Appointment]:
    """Who is only no longer to be contacted still comes to what is agreed."""
    booked = participant.appointments.filter(state=Appointment.State.BOOKED).select_related("participant__site")
    if ENDING & set(scopes):
        return list(booked)
    return list(booked.filter(purpose=SESSION)) if WithdrawalScope.INTERVENTION in scopes else []
