"""The table of adverse events in reports: all together in the open one, a column for each arm in the closed one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safety.queries import Tally
from web.components import Table, TableCell


def event_table(groups: Mapping[Any, Mapping[str, Tally]], *, smallest: int = 0) -> Table:
    """Events and people with one: any, related, serious, both. Counts above 0 and below ``smallest`` are not told.

    The numbers of people and of events are hidden together: one would tell the other.
    """
    kinds = {
        "any": _("Any event"),
        "related": _("Related, in the investigator's first opinion"),
        "serious": _("Serious"),
        "serious_related": _("Serious and related"),
    }
    rows = [
        [TableCell(words), *(TableCell(_told(tally[kind], smallest), number=True) for tally in groups.values())]
        for kind, words in kinds.items()
    ]
    return Table(_("Adverse events: number, and participants with one"), [_("Kind"), *groups], rows)


def _told(tally: Tally, smallest: int) -> str:
    if 0 < tally.people < smallest or 0 < tally.events < smallest:
        return _("fewer than %(number)d") % {"number": smallest}
    events = ngettext("%(n)d event", "%(n)d events", tally.events) % {"n": tally.events}
    people = ngettext("%(n)d participant", "%(n)d participants", tally.people) % {"n": tally.people}
    return _("%(events)s, %(people)s") % {"events": events, "people": people}
