"""The pages of the sequence room, side by side."""

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from trials.models import Trial
from web.components import Tab

PAGES = (
    ("sequence", pgettext_lazy("sequence room", "The list")),
    ("monitoring", pgettext_lazy("sequence room", "Monitoring")),
    ("stops", pgettext_lazy("sequence room", "Stops")),
    ("errors", pgettext_lazy("sequence room", "Errors")),
    ("ending", pgettext_lazy("sequence room", "Reveal and verify")),
)


def room_tabs(trial: Trial, current: str) -> list[Tab]:
    """All pages of the room, the present one marked."""
    return [Tab(label, reverse(f"statisticians:{name}", args=[trial.code]), name == current) for name, label in PAGES]
