"""The verb of each short form, by the name under which pages and verbs behind the wall know it."""

from collections.abc import Callable

from safety.actions import deviations, short
from safety.models.short import Short

RECORD: dict[str, Callable[..., Short]] = {
    "deviation": deviations.record,
    "care": short.record_care,
    "pregnancy": short.record_pregnancy,
    "finding": short.record_finding,
}
