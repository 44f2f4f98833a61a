"""The task queue: Redis in production, folders on this machine otherwise.

What is due stands in the database, so a queue that is lost loses nothing: the next sweep fills it again.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("armslength")
ANCHORED_AT = crontab(hour=0, minute=10)
TIDIED_AT = crontab(hour=0, minute=40)
"""UTC, both. A beat that was off then asks as soon as it is back, if it kept its schedule file."""


def configure(app: Celery) -> None:
    """Broker and schedule: once a minute a sweep, and a look at the clocks of serious events; once a day the ends of
    the trail are anchored, old keys forgotten. Four times an hour it is asked who is to be told how much is due.
    """
    every = settings.SWEEP_EVERY_SECONDS
    app.conf.update(
        broker_url=settings.REDIS_URL or "filesystem://",
        broker_transport_options=_redis() if settings.REDIS_URL else _folders(),
        broker_connection_retry_on_startup=True,
        task_ignore_result=True,
        # A task is taken off the queue once it is done, so that a killed worker's task runs again elsewhere.
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        # Nobody asks workers questions by mail box; without it the folders stay small.
        worker_enable_remote_control=bool(settings.REDIS_URL),
        beat_schedule_filename=str(settings.CELERY_QUEUE_DIR / "beat-schedule"),
        beat_schedule={
            # A sweep that waited longer than a round is dropped: the next one does its work.
            "sweep": {"task": "reminders.tasks.sweep", "schedule": every, "options": {"expires": every * 0.9}},
            "digest": {"task": "web.digests.tasks.digest", "schedule": 900, "options": {"expires": 800}},
            "escalate": {
                "task": "reminders.tasks.escalate",
                "schedule": every,
                "options": {"expires": every * 0.9},
            },
            "anchor": {"task": "audit.tasks.anchor", "schedule": ANCHORED_AT, "options": {"expires": 12 * 3600}},
            "forget keys": {"task": "api.tasks.forget_keys", "schedule": TIDIED_AT, "options": {"expires": 12 * 3600}},
        },
        timezone="UTC",
    )


def _redis() -> dict[str, Any]:
    # Longer than any task takes; a task that a dead worker held is given out again after it.
    return {"global_keyprefix": settings.REDIS_PREFIX, "visibility_timeout": 600}


def _folders() -> dict[str, Any]:
    queue = settings.CELERY_QUEUE_DIR / "messages"
    queue.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(settings.CELERY_QUEUE_DIR / "control"),
        "store_processed": False,
    }


configure(app)
app.autodiscover_tasks(["api", "audit", "reminders", "web.digests"])
