"""What the worker and the beat call. All tasks may run twice without harm."""

from uuid import UUID

from celery import shared_task

from reminders.actions.safety_notices import escalate as escalate_events
from reminders.actions.sending import send as send_message
from reminders.actions.sweep import REMINDERS
from reminders.actions.sweep import sweep as sweep_trials
from reminders.actions.tidying import forget_unsent

STALE_AFTER = 600
"""Seconds after which a handed-over message is dropped from the queue: the next sweep hands it over again."""


@shared_task(name="reminders.tasks.sweep")
def sweep() -> None:
    """Plan what is due in every trial, and queue it; forget what was typed, never sent, and too old."""
    forget_unsent()
    sweep_trials(by=REMINDERS, hand_over=lambda key: send.apply_async((str(key),), expires=STALE_AFTER))


@shared_task(name="reminders.tasks.escalate")
def escalate() -> None:
    """Tell of serious events whose time runs or has run out."""
    escalate_events(by=REMINDERS)


@shared_task(name="reminders.tasks.send")
def send(message_id: str) -> None:
    """Send one planned message."""
    send_message(message_id=UUID(message_id), by=REMINDERS)
