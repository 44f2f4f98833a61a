"""How well the blinding held: guesses by arm, the indices of James and Bang, and what was lost by accident."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.numbers import to_places
from outcomes.models import Guess
from participants.blindness import counts_of_unblindings
from randomization.blindfold import Purpose, unblinded
from randomization.blinding_indices import NOBODY, ONE_ARM, Index
from randomization.guesses import GuessTable, guess_tables
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Table, TableCell
from web.pages import TrialRequest, page
from web.shared.record_words import visit_name
from web.shared.unblinding_words import counts_table

PLACES = 4


@dataclass(frozen=True)
class Part:
    """One kind of people after one visit. ``sentences`` say what is left out of the tables."""

    title: str
    guesses: Table
    indices: Table
    sentences: list[str]


@page(Permission.VIEW_BLINDING)
def blinding(request: TrialRequest) -> HttpResponse:
    """Tables and indices, to be read and printed."""
    protocol = protocol_of(request.trial)
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.BLINDING):
        tables = guess_tables(request.trial, protocol)
    context = {
        "parts": [part_of(table, protocol) for table in tables],
        "unblindings": counts_table(counts_of_unblindings(request.sites)),
        "more_arms": len(protocol.design.arms) > 2,
    }
    return render(request, "statisticians/blinding.html", context)


def part_of(table: GuessTable, protocol: Protocol) -> Part:
    """The guesses after one visit in words and numbers."""
    facts = {"who": Guess.Guesser(table.guesser).label, "visit": visit_name(protocol, table.visit)}
    return Part(_("%(who)s, %(visit)s") % facts, _counts(table, protocol), _indices(table, protocol), _left_out(table))


def _counts(table: GuessTable, protocol: Protocol) -> Table:
    """Guessed by rows, truth by columns; in brackets how many believe it strongly."""
    names = [*(_arm(protocol, arm) for arm in table.arms), _("I do not know")]
    rows = [
        [TableCell(name), *(TableCell(_cell(table, place, column), number=True) for column in range(len(table.arms)))]
        for place, name in enumerate(names)
    ]
    totals = [sum(row[column] for row in table.guesses) for column in range(len(table.arms))]
    rows.append([TableCell(_("All")), *(TableCell(str(total), number=True) for total in totals)])
    head = [_("Guessed"), *(_("Allocated: %(arm)s") % {"arm": _arm(protocol, arm)} for arm in table.arms)]
    return Table(_("Guesses; in brackets those who believe it strongly"), head, rows)


def _cell(table: GuessTable, place: int, column: int) -> str:
    count = table.guesses[place][column]
    if place == len(table.arms):
        return str(count)
    return f"{count} ({table.sure[table.arms[place], table.arms[column]]})"


def _indices(table: GuessTable, protocol: Protocol) -> Table:
    rows = [_index_row(_("James, whole trial"), table.james().index)]
    rows += [
        _index_row(_("Bang, %(arm)s") % {"arm": _arm(protocol, arm)}, index) for arm, index in table.bang().items()
    ]
    head = [
        _("Index"),
        _("Guesses"),
        _("Estimate"),
        _("Standard error"),
        _("Interval, 95 %"),
        _("Lower limit, 95 %, one-sided"),
    ]
    return Table(_("Indices"), head, rows)


def _index_row(name: str, index: Index) -> list[TableCell]:
    start = [TableCell(name), TableCell(str(index.n), number=True)]
    if index.estimate is None:
        return [*start, TableCell(_why_missing(index)), *([TableCell("–")] * 3)]
    interval = _("%(low)s to %(high)s") % {"low": _number(index.low), "high": _number(index.high)}
    figures = [_number(index.estimate), _number(index.se), interval, _number(index.one_sided_low)]
    return [*start, *(TableCell(figure, number=True) for figure in figures)]


def _why_missing(index: Index) -> str:
    words = {
        NOBODY: _("none: nobody guessed"),
        ONE_ARM: _("none: all who named a group are in one and named it"),
    }
    return words[index.missing]


def _number(value: float | None) -> str:
    return "–" if value is None else to_places(value, PLACES)


def _left_out(table: GuessTable) -> list[str]:
    found = []
    for reason, count in sorted(table.skipped.items()):
        sentence = ngettext("%(count)d gave no guess: %(reason)s.", "%(count)d gave no guess: %(reason)s.", count)
        found.append(sentence % {"count": count, "reason": Guess.Skipped(reason).label})
    if table.outside:
        sentence = ngettext(
            "%(count)d guess about somebody not randomized is left out.",
            "%(count)d guesses about people not randomized are left out.",
            table.outside,
        )
        found.append(sentence % {"count": table.outside})
    return found


def _arm(protocol: Protocol, code: str) -> str:
    return protocol.arm(code).public_name.in_language(get_language() or "en")
