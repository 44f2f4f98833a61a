"""What the newest version of the protocol changes in the messages of the next 30 days."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reminders.foresight import Difference, Upcoming, differences
from trials.protocol import Protocol
from trials.queries import protocol_at, protocol_version
from web.components import Table, TableCell
from web.pages import TrialRequest
from web.shared.record_panels import channel_name
from web.shared.record_words import link, logged_moment, name_of_visit, purpose_name

DAYS = 30


@dataclass(frozen=True)
class Compared:
    """The differences, and a sentence that says between what."""

    found: list[Difference]
    sentence: str


def compare(request: TrialRequest) -> Compared:
    """The version in force against the one before it, for the participants there are."""
    newest = protocol_version(request.trial).number
    if newest == 1:
        return Compared([], _("The protocol was not amended yet: its first version is in force."))
    before, after = (protocol_at(request.trial, number) for number in (newest - 1, newest))
    found = differences(request.trial, request.sites, before=before, after=after, days=DAYS)
    versions = {"count": len(found), "after": newest, "before": newest - 1}
    sentence = ngettext(
        "%(count)d message of the next 30 days differs between version %(after)d, in force, and version %(before)d.",
        "%(count)d messages of the next 30 days differ between version %(after)d, in force, and version %(before)d.",
        len(found),
    )
    return Compared(found, sentence % versions)


def table(request: TrialRequest, rows: Page, protocol: Protocol) -> Table:
    """Each message as it was and as it is."""
    head = [_("Participant"), _("About"), _("Message"), _("Before"), _("Now")]
    return Table(_("Messages that changed"), head, [_row(request, each, protocol) for each in rows])


def _row(request: TrialRequest, found: Difference, protocol: Protocol) -> list[TableCell]:
    number = found.either.participant.number
    return [
        TableCell(number, url=link("record", trial=request.trial.code, number=number)),
        TableCell(about_upcoming(found.either, protocol)),
        TableCell(found.either.number, number=True),
        TableCell(_when(found.before)),
        TableCell(_when(found.after)),
    ]


def _when(message: Upcoming | None) -> str:
    if message is None:
        return _("not sent")
    moment = logged_moment(message.at, message.participant.site.time_zone)
    return _("%(moment)s, %(channel)s") % {"moment": moment, "channel": channel_name(message.channel)}


def about_upcoming(coming: Upcoming, protocol: Protocol) -> str:
    """The visit or appointment that a message to come is about."""
    if coming.visit is not None:
        return name_of_visit(protocol, coming.visit)
    return purpose_name(protocol, coming.appointment.purpose) if coming.appointment else coming.rule
