"""How many of each arm were given, by stratum and by level. Every past allocation is opened for it."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trials.protocol import Protocol
from web.components import Table, TableCell
from web.statisticians.room import Room
from web.statisticians.words import factor_names, level_names, stratum_names


def balance_table(room: Room, taken: Counter[tuple[str, str]], protocol: Protocol) -> Table:
    """How many of each arm every stratum was given, and how many places are left."""
    names = stratum_names(protocol)
    rows = [
        [
            TableCell(names.get(stock.stratum, stock.stratum)),
            *(TableCell(str(taken[stock.stratum, arm]), number=True) for arm in room.arms),
            TableCell(str(stock.used), number=True),
            TableCell(str(stock.left), number=True),
        ]
        for stock in room.stock
    ]
    return Table(
        _("Balance by stratum"),
        [_("Stratum"), *room.arms, pgettext("how many", "Randomized"), _("Places left")],
        rows,
    )


def level_table(room: Room, taken: Counter[tuple[str, str, str]], protocol: Protocol) -> Table:
    """How many of each arm every level of a factor was given: what minimization balances."""
    factors, levels = factor_names(protocol), level_names(protocol)
    rows = [
        [
            TableCell(f"{factors[factor]}: {name}"),
            *(TableCell(str(taken[factor, level, arm]), number=True) for arm in room.arms),
        ]
        for (factor, level), name in levels.items()
    ]
    return Table(_("Balance by level of each factor"), [_("Level"), *room.arms], rows)
