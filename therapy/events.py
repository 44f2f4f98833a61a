"""Reads of events behind the wall. All need the blindfold lifted."""

from collections.abc import Iterable

from accounts.models import User
from safety.models import AdverseEvent
from therapy.models import EventNote, SecondOpinion


def notes_of(event: AdverseEvent) -> dict[int, EventNote]:
    """What was noted behind the wall with each report of an event, by the number of the report."""
    held = EventNote.objects.filter(report__in=event.reports.values("pk")).select_related("report")
    return {note.report.number: note for note in held}


def opinions_of(event: AdverseEvent) -> list[SecondOpinion]:
    """The second opinions, the oldest first."""
    return list(SecondOpinion.objects.filter(event=event).order_by("judged_at", "pk"))


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Names of people by their keys."""
    return {str(user.pk): user.name for user in User.objects.filter(pk__in={key for key in keys if key})}
