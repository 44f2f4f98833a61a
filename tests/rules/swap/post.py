"""The letters of the days to come, as the worker would send them."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from core import clock
from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS, sweep
from tests.rules.swap.extras import NOW
from tests.rules.swap.known_ids import known_ids
from tests.rules.swap.worlds import letters
from web.digests.tasks import digest

LATER = (2, 4, 6, 8)
"""Days, far enough that weekly questions fall due again."""


def keep(number: str, text: str) -> None:
    """A text message lies among the letters."""
    mail.outbox.append(mail.EmailMessage("", text, to=[number]))


def next_letters() -> list[tuple[Any, ...]]:
    """What is sent in the days to come; undone afterwards."""
    cache.clear()
    before = len(mail.outbox)
    with transaction.atomic(), override_settings(SMS_SINK=f"{__name__}.keep"):
        for days in LATER:
            with clock.moved_to(NOW + timedelta(days=days)), known_ids(f"letters after {days} days"):
                sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
                digest()
        transaction.set_rollback(True)
    return letters(before)
