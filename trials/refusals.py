"""The two answers to somebody who may not: one for a wrong role, one for a record that is not theirs to see."""

from django.utils.translation import gettext_lazy as _

from core.problems import NotFound, Refused


def refused() -> Refused:
    """The one refusal of a wrong role."""
    return Refused(
        "access.role", _("Your role in this trial does not include this. Ask the data manager if it should.")
    )


def not_found() -> NotFound:
    """The one answer for a record that is not there for this person."""
    return NotFound("access.record", _("There is no such record here. Check the number, or go back to the list."))
