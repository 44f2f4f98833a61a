"""Adverse events and deviations in reports: all together in the open one, a column for each arm in the closed one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safety.queries import Tally
from web.components import Table, TableCell

Groups = Mapping[Any, Mapping[str, Tally]]


def event_table(groups: Groups, *, smallest: int = 0) -> Table:
    """Events and people with one: any, related, serious, both. Counts above 0 and below ``smallest`` are not told."""
    kinds = {
        "any": _("Any event"),
        "related": _("Related, in the investigator's first opinion"),
        "serious": _("Serious"),
        "serious_related": _("Serious and related"),
    }
    return _table(_("Adverse events: number, and participants with one"), kinds, groups, _events, smallest)


def deviation_table(groups: Groups, *, smallest: int = 0) -> Table:
    """Deviations and people with one: any, important ones. Counts above 0 and below ``smallest`` are not told."""
    kinds = {"any": _("Any deviation"), "important": _("Important")}
    caption = _("Deviations from the protocol: number, and participants with one")
    return _table(caption, kinds, groups, _deviations, smallest)


def _table(caption: str, kinds: dict[str, str], groups: Groups, words: Callable[[int], str], smallest: int) -> Table:
    rows = [
        [TableCell(name), *(TableCell(_told(tally[kind], words, smallest), number=True) for tally in groups.values())]
        for kind, name in kinds.items()
    ]
    return Table(caption, [_("Kind"), *groups], rows)


def _told(tally: Tally, words: Callable[[int], str], smallest: int) -> str:
    """The numbers of people and of events are hidden together: one would tell the other."""
    if 0 < tally.people < smallest or 0 < tally.events < smallest:
        return _("fewer than %(number)d") % {"number": smallest}
    people = ngettext("%(n)d participant", "%(n)d participants", tally.people) % {"n": tally.people}
    return _("%(events)s, %(people)s") % {"events": words(tally.events), "people": people}


def _events(count: int) -> str:
    return ngettext("%(n)d event", "%(n)d events", count) % {"n": count}


def _deviations(count: int) -> str:
    return ngettext("%(n)d deviation", "%(n)d deviations", count) % {"n": count}
