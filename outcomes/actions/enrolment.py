"""Verbs of participants that move the dates visits count from, each with the visits laid out anew: all or nothing.

Pages, API and import call these rather than the verbs below; ``details`` is what those take.
"""

from typing import Any

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import together
from outcomes.actions.visits import lay_out
from participants.actions import appointments, consent, screening
from participants.models import Appointment, Consent, Participant, Screening
from trials.access import authorize


def screen(*, by: Actor, **details: Any) -> Screening:
    """``participants.actions.screening.screen``, then the visits counted from screening."""
    with together():
        screened = screening.screen(by=by, **details)
        _lay_out(screened.participant, Permission.SCREEN, by)
    return screened


def record_consent(*, participant: Participant, by: Actor, **details: Any) -> Consent:
    """``participants.actions.consent.record``, then the visits counted from consent and its clauses."""
    with together():
        recorded = consent.record(participant=participant, by=by, **details)
        _lay_out(participant, Permission.CONSENT, by)
    return recorded


def book_appointment(*, participant: Participant, by: Actor, **details: Any) -> Appointment:
    """``participants.actions.appointments.book``, then the visits counted from a booked first session."""
    with together():
        booked = appointments.book(participant=participant, by=by, **details)
        _lay_out(participant, Permission.BOOK, by)
    return booked


def move_appointment(*, appointment: Appointment, by: Actor, **details: Any) -> Appointment:
    """``participants.actions.appointments.move``, then the visits that move with it."""
    with together():
        moved = appointments.move(appointment=appointment, by=by, **details)
        _lay_out(appointment.participant, Permission.BOOK, by)
    return moved


def cancel_appointment(*, appointment: Appointment, by: Actor, **details: Any) -> Appointment:
    """``participants.actions.appointments.cancel``; what was counted from it is not due any more."""
    with together():
        cancelled = appointments.cancel(appointment=appointment, by=by, **details)
        _lay_out(appointment.participant, Permission.BOOK, by)
    return cancelled


def mark_no_show(*, appointment: Appointment, by: Actor) -> Appointment:
    """``participants.actions.appointments.mark_no_show``; what was counted from it is not due any more."""
    with together():
        missed = appointments.mark_no_show(appointment=appointment, by=by)
        _lay_out(appointment.participant, Permission.BOOK, by)
    return missed


def _lay_out(participant: Participant, permission: Permission, by: Actor) -> None:
    grant = authorize(by, permission, trial=participant.trial, site=participant.site)
    lay_out(participant=participant, grant=grant)
