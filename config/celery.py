"""The task queue: Redis in production, folders on this machine otherwise."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("armslength")


def configure(app: Celery) -> None:
    """Broker and schedule. One idempotent sweep a minute; what is due stands in the database."""
    options: dict[str, object] = {}
    broker = settings.REDIS_URL or "filesystem://"
    if not settings.REDIS_URL:
        queue, done = settings.CELERY_QUEUE_DIR / "messages", settings.CELERY_QUEUE_DIR / "done"
        for folder in (queue, done):
            folder.mkdir(parents=True, exist_ok=True)
        options = {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(settings.CELERY_QUEUE_DIR / "control"),
            "processed_folder": str(done),
            "store_processed": False,
        }
    app.conf.update(
        broker_url=broker,
        broker_transport_options=options,
        broker_connection_retry_on_startup=True,
        task_ignore_result=True,
        task_acks_late=True,
        worker_hijack_root_logger=False,
        beat_schedule_filename=str(settings.CELERY_QUEUE_DIR / "beat-schedule"),
        beat_schedule={
            "sweep": {"task": "reminders.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
        },
        timezone="UTC",
    )


configure(app)
app.autodiscover_tasks(["reminders"])
