"""A dry run: what a list of a design looks like, drawn from a seed that is thrown away.

It can never be the trial's list: that one has its own seed, drawn when it is sealed and shown to nobody.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core import ids
from core.problems import Problem
from exports.cells import guarded
from randomization.design import Design, Minimization, UploadedTable
from randomization.minimization import simulate
from randomization.sequence import SlotPlan, generate, in_order
from randomization.strata import key_of
from randomization.stream import SEED_BYTES
from trials.models import Trial
from trials.protocol import Protocol
from web.components import Table, TableCell
from web.statisticians.words import stratum_names

MARK = "DUMMY - NOT THE LIST"
"""Stands in every row, in one language, so that a search finds it."""
HEAD = ("warning", "stratum", "position", "block", "arm")
LONGEST_SIMULATED = 2_000
SHOWN = 8


def check_can_be_drawn(design: Design) -> None:
    """A table is its own list: to draw it again would be to show it."""
    if isinstance(design, UploadedTable):
        sentence = _("An uploaded table is the list itself. There is nothing to draw; check the file you have.")
        raise Problem("dummy.table", sentence, field="table")


def dummy_slots(design: Design) -> Iterable[SlotPlan]:
    """A list of the design from a fresh seed; of a minimization, simulated arrivals."""
    check_can_be_drawn(design)
    seed = ids.random_bytes(SEED_BYTES)
    if isinstance(design, Minimization):
        number = min(design.slots_per_stratum, LONGEST_SIMULATED)
        return (SlotPlan(key_of(made.levels), made.number, 1, made.arm) for made in simulate(design, seed, number))
    return in_order(generate(design, seed))


def dummy_table(design: Design, protocol: Protocol) -> Table:
    """The first rows of each stratum of a dummy list, to be looked at; every row says what it is."""
    names, shown = stratum_names(protocol), Counter[str]()
    rows = []
    for slot in dummy_slots(design):
        shown[slot.stratum] += 1
        if shown[slot.stratum] <= SHOWN:
            numbers = [TableCell(str(number), number=True) for number in (slot.position, slot.block)]
            stratum = TableCell(names.get(slot.stratum, slot.stratum))
            rows.append([TableCell(MARK), stratum, *numbers, TableCell(slot.arm)])
    head = [_("Warning"), _("Stratum"), _("Position"), _("Block"), _("Arm")]
    return Table(_("DUMMY - NOT THE LIST: first places of each stratum"), head, rows)


def dummy_file(trial: Trial, design: Design) -> HttpResponse:
    """The dummy list as CSV. Its name and every row say what it is."""
    text = io.StringIO()
    csv.writer(text).writerows(_lines(dummy_slots(design)))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="DUMMY-not-the-list-{slugify(trial.code)}.csv"'
    return answer


def _lines(slots: Iterable[SlotPlan]) -> Iterator[list[str]]:
    yield list(HEAD)
    for slot in slots:
        yield [MARK, guarded(slot.stratum), str(slot.position), str(slot.block), guarded(slot.arm)]
