"""What somebody needs arms for is written down first."""

from django.utils.translation import gettext_lazy as _

from core.problems import Problem

SHORTEST_PURPOSE = 10


def check_purpose(purpose: str) -> None:
    """An analysis by arm is never anonymous: what it is for is written down, before the lock and after."""
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise Problem(
            "export.purpose",
            _("Say what the data by arm are needed for, for example: report to the data monitoring committee."),
            field="purpose",
        )
