"""Visits and forms of one participant as the components print them."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from core.problems import Sentence
from outcomes import queries as outcomes
from outcomes.audiences import filled_by, may_read
from outcomes.models import Form, Visit
from outcomes.queries import CellState
from outcomes.queries.worklists import CLOSING_DAYS
from outcomes.schedule import window_in_words
from participants.models import Participant
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import STATES, Action, Cell, Column, Matrix, MatrixRow
from web.shared.record_rights import Rights
from web.shared.record_words import day_in_words, form_url, instrument_name, name_of_visit, visit_name
from web.shared.signatures import SigningRow, signing_rows


@dataclass(frozen=True)
class Occurrence:
    """One form of a recurring visit: its state, and all of it in words."""

    state: str
    text: str
    url: str


@dataclass(frozen=True)
class Strip:
    """A recurring visit in one row: 16 weeks, 7 nights."""

    label: str
    counts: str
    occurrences: list[Occurrence]


@dataclass(frozen=True)
class NowRow:
    """A visit at which something is open or was missed."""

    status: str
    when: Sentence
    visit: str
    forms: str
    detail: str
    action: Action | None


@dataclass(frozen=True)
class Visits:
    """Everything the record shows of visits."""

    matrix: Matrix | None
    strips: list[Strip]
    now: list[NowRow]
    signings: list[SigningRow]


class VisitPanel:
    """Reads the visits of a participant once, for one reader, on one day at the site."""

    def __init__(self, participant: Participant, rights: Rights, today: date) -> None:
        self.participant, self.rights, self.today = participant, rights, today
        self.protocol: Protocol = protocol_of(participant.trial)
        self.held = outcomes.matrix_of(participant, rights.roles, today)
        self.fillers = filled_by(rights.roles)
        self.single = [row for row in self.held.rows if not self._recurs(row.visit.code)]

    def read(self) -> Visits:
        """All panels."""
        return Visits(self._matrix(), self._strips(), self._now(), self._signings())

    def complete_of(self, code: str) -> list[Form]:
        """The complete forms of a visit."""
        forms = [cell.form for row in self.held.rows if row.visit.code == code for cell in row.cells.values()]
        return [form for form in forms if form.state == Form.State.COMPLETE]

    def _recurs(self, code: str) -> bool:
        return any(plan.code == code and plan.repeat for plan in self.protocol.visits)

    def _matrix(self) -> Matrix | None:
        if not self.single:
            return None
        columns = [self._column(row.visit) for row in self.single]
        codes = dict.fromkeys(code for row in self.single for code in row.cells)
        rows = [MatrixRow(instrument_name(c), [self._cell(row.cells.get(c)) for row in self.single]) for c in codes]
        return Matrix(columns, rows)

    def _column(self, visit: Visit) -> Column:
        window = window_in_words(visit.opens_on, visit.closes_on, self.today)
        is_open = visit.opens_on <= self.today <= visit.closes_on
        return Column(name_of_visit(self.protocol, visit), window, is_open)

    def _cell(self, cell: outcomes.Cell | None) -> Cell | None:
        return None if cell is None else Cell(str(cell.state), self._url(cell))

    def _url(self, cell: outcomes.Cell) -> str:
        """A link for those who may bring the form in or read it; nothing for anybody else."""
        if cell.form.filled_by in self.fillers and cell.form.opens_on <= self.today:
            return form_url(self.participant.trial, cell.form)
        readable = cell.state == CellState.COMPLETE and may_read(cell.form, self.rights.roles, self.protocol)
        return form_url(self.participant.trial, cell.form) if readable else ""

    def _strips(self) -> list[Strip]:
        found: dict[tuple[str, str], list[Occurrence]] = {}
        for row in self.held.rows:
            for code, cell in row.cells.items():
                if self._recurs(row.visit.code):
                    found.setdefault((row.visit.code, code), []).append(self._occurrence(row.visit, cell))
        return [Strip(self._strip_name(*key), _counts(cells), cells) for key, cells in found.items()]

    def _strip_name(self, visit: str, instrument: str) -> str:
        name = visit_name(self.protocol, visit)
        several = len(self.protocol.forms_of(visit)) > 1
        return f"{name}: {instrument_name(instrument)}" if several else name

    def _occurrence(self, visit: Visit, cell: outcomes.Cell) -> Occurrence:
        facts = {"number": visit.number, "day": day_in_words(visit.target_on), "state": STATES[str(cell.state)]}
        return Occurrence(str(cell.state), _("%(number)d: %(day)s, %(state)s") % facts, self._url(cell))

    def _now(self) -> list[NowRow]:
        found: list[NowRow] = []
        for row in self.held.rows:
            cells = [cell for cell in row.cells.values() if self._waits(cell, recurring=self._recurs(row.visit.code))]
            if cells:
                found.append(self._now_row(row.visit, cells, len(row.cells)))
        return found

    def _signings(self) -> list[SigningRow]:
        """Who signed what was measured, visit by visit."""
        held = outcomes.signings_of([row.visit.pk for row in self.held.rows])
        zone = self.participant.site.time_zone
        parts = [(held[row.visit.pk], name_of_visit(self.protocol, row.visit)) for row in self.held.rows]
        return [row for signings, name in parts for row in signing_rows(signings, zone, name)]

    def _waits(self, cell: outcomes.Cell, *, recurring: bool) -> bool:
        if cell.state in (CellState.DUE, CellState.STARTED):
            return True
        return cell.state == CellState.MISSED and not cell.form.not_done_code and not recurring

    def _now_row(self, visit: Visit, cells: list[outcomes.Cell], of: int) -> NowRow:
        left = (visit.closes_on - self.today).days
        status = "late" if left < 0 else "closing" if left <= CLOSING_DAYS else "due"
        if left < 0:
            forms = ngettext("%(count)d of %(of)d form missed", "%(count)d of %(of)d forms missed", of)
        else:
            forms = ngettext("%(count)d of %(of)d form open", "%(count)d of %(of)d forms open", of)
        urls = [url for url in (self._url(cell) for cell in cells) if url]
        return NowRow(
            status,
            window_in_words(visit.opens_on, visit.closes_on, self.today),
            name_of_visit(self.protocol, visit),
            forms % {"count": len(cells), "of": of},
            ", ".join(instrument_name(cell.form.instrument) for cell in cells),
            Action(_("Open"), urls[0]) if urls else None,
        )


def _counts(cells: list[Occurrence]) -> str:
    done = sum(cell.state == CellState.COMPLETE for cell in cells)
    missed = sum(cell.state == CellState.MISSED for cell in cells)
    complete = npgettext("of forms", "%(done)d of %(of)d complete", "%(done)d of %(of)d complete", done)
    left_out = npgettext("of forms", "%(count)d missed", "%(count)d missed", missed)
    return f"{complete % {'done': done, 'of': len(cells)}}, {left_out % {'count': missed}}"
