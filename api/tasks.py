"""What the beat asks for once a day. It may run twice without harm."""

from celery import shared_task

from api import keys


@shared_task(name="api.tasks.forget_keys")
def forget_keys() -> None:
    """Forget old keys of requests to randomize."""
    keys.forget_old()
