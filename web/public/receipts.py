"""Receipts of a mail service, where one is used through django-anymail: a message arrived, or came back.

Imported only where such a service is configured: django-anymail is installed beside the app by whoever needs it.
"""

from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from anymail.urls import urlpatterns as services
from django.urls import URLPattern

from reminders.actions import receipts

NEVER_ARRIVED = frozenset({"bounced", "rejected"})


def urls(backend: str) -> list[URLPattern]:
    """The address for receipts of the service of a mail backend, and nothing of what else django-anymail offers.

    ``backend``: such as ``anymail.backends.postmark.EmailBackend``. Who calls is asked for the service's own
    signature or for ``WEBHOOK_SECRET``.
    """
    service = backend.removeprefix("anymail.backends.").partition(".")[0]
    tracking.connect(keep, dispatch_uid="armslength.receipts")
    return [each for each in services if each.name in (f"{service}_tracking_webhook", f"{service}_webhook")]


def keep(event: AnymailTrackingEvent, **_more: Any) -> None:
    """Keep what was said of one message; opened, deferred and the like tell nothing that is needed here."""
    reference = str((event.metadata or {}).get("message", ""))
    if event.event_type == "delivered":
        receipts.arrived(reference=reference, by=receipts.RECEIPTS)
    elif event.event_type in NEVER_ARRIVED:
        receipts.returned(reference=reference, by=receipts.RECEIPTS)
