"""Booking, moving and closing appointments; told without the arm."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import Act, act, check_seen
from core import clock
from core.problems import Problem
from participants.actions import milestones
from participants.appointment_policies import (
    check_booked,
    check_may_book,
    check_may_move,
    check_no_overlap,
    check_person,
    check_place,
    check_started,
    check_time,
    planned_for,
)
from participants.codes import SESSION, CancelReason, MoveReason
from participants.models import Appointment, Milestone, Participant
from participants.policies import check_may_be_contacted, hold
from review.policies import check_not_locked
from trials.access import authorize
from trials.queries import protocol_of

State = Appointment.State


def book(
    *,
    participant: Participant,
    purpose: str,
    starts_at: datetime,
    place: str,
    by: Actor,
    minutes: int | None = None,
    person: User | None = None,
    confirmed_overlap: bool = False,
) -> Appointment:
    """Book a time and place; ``minutes`` default to the protocol's. The first session hands down its day.

    Raises appointment.overlap if the participant is expected elsewhere then, unless confirmed.
    """
    grant = _grant(participant, by)
    planned = planned_for(participant, purpose)
    appointment = Appointment(
        participant=participant,
        purpose=purpose,
        starts_at=starts_at,
        minutes=planned.minutes if minutes is None else minutes,
        place=place,
        person=person,
        booked_at=clock.now(),
    )
    with act("appointment.book", grant=grant, subject=participant) as a:
        hold(participant)
        check_may_book(participant, purpose)
        _check(appointment, confirmed_overlap)
        a.create(appointment)
        _hand_down(a, appointment, grant)
        return appointment


def move(
    *,
    appointment: Appointment,
    by: Actor,
    starts_at: datetime,
    reason_code: str,
    minutes: int | None = None,
    place: str | None = None,
    person: User | None = None,
    confirmed_overlap: bool = False,
    revision: int | None = None,
) -> Appointment:
    """Move a booked appointment, with a coded reason; what is left out stays. The trail keeps where it was, and why.

    ``revision`` is the one the person saw: raises Conflict if somebody moved it meanwhile.
    """
    grant = _grant(appointment.participant, by)
    if reason_code not in MoveReason.values:
        raise Problem("appointment.move_reason", _("Choose from the list why it is moved."), field="reason_code")
    check_booked(appointment)
    check_seen(appointment, revision)
    values: dict[str, Any] = {"starts_at": starts_at}
    given = {"minutes": minutes, "place": place, "person": person}
    values.update({name: value for name, value in given.items() if value is not None})
    with act("appointment.move", grant=grant, subject=appointment.participant) as a:
        hold(appointment.participant)
        check_may_move(appointment)
        _check(_as_moved(appointment, values), confirmed_overlap)
        a.note(why=reason_code)
        a.change(appointment, **values)
        _hand_down(a, appointment, grant)
        return appointment


def cancel(*, appointment: Appointment, reason_code: str, by: Actor) -> Appointment:
    """Cancel a booked appointment, with a coded reason. A first session that is cancelled no longer has a day."""
    grant = _grant(appointment.participant, by)
    if reason_code not in CancelReason.values:
        raise Problem("appointment.reason", _("Choose a reason from the list."), field="reason_code")
    with act("appointment.cancel", grant=grant, subject=appointment.participant) as a:
        return cancel_within(a, appointment, reason_code, grant)


def cancel_within(a: Act, appointment: Appointment, reason_code: str, grant: Grant) -> Appointment:
    """Cancel inside another verb's act, such as a withdrawal."""
    check_booked(appointment)
    a.change(appointment, state=State.CANCELLED, cancel_reason=reason_code)
    _hand_down(a, appointment, grant)
    return appointment


def mark_kept(*, appointment: Appointment, by: Actor) -> Appointment:
    """The participant came. Only once the appointment has begun."""
    return _close(appointment, State.KEPT, "appointment.keep", by)


def mark_no_show(*, appointment: Appointment, by: Actor) -> Appointment:
    """The participant did not come. Only once the appointment has begun."""
    return _close(appointment, State.NO_SHOW, "appointment.no_show", by)


def _close(appointment: Appointment, state: str, verb: str, by: Actor) -> Appointment:
    grant = _grant(appointment.participant, by)
    check_booked(appointment)
    check_started(appointment)
    with act(verb, grant=grant, subject=appointment.participant) as a:
        a.change(appointment, state=state)
        _hand_down(a, appointment, grant)
        return appointment


def _grant(participant: Participant, by: Actor) -> Grant:
    grant = authorize(by, Permission.BOOK, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    return grant


def _check(appointment: Appointment, confirmed_overlap: bool) -> None:
    check_may_be_contacted(appointment.participant)
    check_time(appointment)
    check_place(protocol_of(appointment.participant.trial), appointment)
    check_person(appointment)
    if not confirmed_overlap:
        check_no_overlap(appointment)


def _as_moved(appointment: Appointment, values: dict[str, Any]) -> Appointment:
    moved = Appointment(
        pk=appointment.pk,
        participant=appointment.participant,
        purpose=appointment.purpose,
        starts_at=appointment.starts_at,
        minutes=appointment.minutes,
        place=appointment.place,
        person=appointment.person,
    )
    for name, value in values.items():
        setattr(moved, name, value)
    return moved


def _hand_down(a: Act, appointment: Appointment, grant: Grant) -> None:
    participant = appointment.participant
    if appointment.purpose != SESSION or _is_randomized(participant):
        return
    stands = appointment.state in (State.BOOKED, State.KEPT)
    day = clock.day_of(appointment.starts_at, participant.site.time_zone) if stands else None
    kind = Milestone.Kind.FIRST_SESSION_BOOKED
    milestones.hand_down(participant=participant, kind=kind, day=day, grant=grant, act=a)


def _is_randomized(participant: Participant) -> bool:
    return participant.milestones.filter(kind=Milestone.Kind.RANDOMIZED).exists()
