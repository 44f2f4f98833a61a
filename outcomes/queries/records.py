"""The record of one participant as a table of visits and forms; completeness of a trial."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, TextChoices
from django.utils.translation import gettext_lazy as _

from core import clock
from core.problems import Sentence
from outcomes.audiences import Audience, may_know_of, plan_of
from outcomes.codes import NotDone, NotNeeded
from outcomes.models import Form, Visit
from outcomes.schedule import window_in_words
from participants.models import Participant
from trials.models import Site
from trials.protocol import Protocol
from trials.queries import protocol_of


class CellState(TextChoices):
    """The five states, the same everywhere."""

    NOT_DUE = "not_due", _("Not due")
    DUE = "due", _("Due")
    STARTED = "started", _("Started")
    COMPLETE = "complete", _("Complete")
    MISSED = "missed", _("Missed")


@dataclass(frozen=True)
class Cell:
    """One form of one visit. ``note`` says why it was not done or is not needed, in words; "" otherwise."""

    form: Form
    state: CellState
    window: str
    note: Sentence
    late: bool


@dataclass(frozen=True)
class MatrixRow:
    """One visit with its cells by instrument; an instrument that it does not have is not in them."""

    visit: Visit
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Matrix:
    """Visits in the protocol's order, and the instruments that any of them has, in order of first use."""

    instruments: list[str]
    rows: list[MatrixRow]


def matrix_of(participant: Participant, audience: Audience, today: date | None = None) -> Matrix:
    """The visits and forms of a participant that an audience may know of, in one query."""
    day = today or clock.today(participant.site.time_zone)
    protocol = protocol_of(participant.trial)
    forms = Form.objects.filter(participant=participant).select_related("visit").annotate(late=F("response__late"))
    rows: dict[str, MatrixRow] = {}
    for form in forms.order_by("visit__order", "visit__number", "order", "pk"):
        if may_know_of(form, audience):
            row = rows.setdefault(str(form.visit_id), MatrixRow(form.visit, {}))
            row.cells[form.instrument] = _cell(form, day, protocol, participant.language)
    instruments = dict.fromkeys(code for row in rows.values() for code in row.cells)
    return Matrix(list(instruments), list(rows.values()))


def cell_state(form: Form, today: date) -> CellState:
    """Which of the five states a form is in on a day at its site."""
    if form.state == Form.State.COMPLETE:
        return CellState.COMPLETE
    if form.state == Form.State.MISSED or (form.is_pending and form.closes_on < today):
        return CellState.MISSED
    if form.state == Form.State.CANCELLED or form.opens_on > today:
        return CellState.NOT_DUE
    return CellState.STARTED if form.state == Form.State.STARTED else CellState.DUE


def reason_in_words(form: Form, protocol: Protocol, language: str) -> Sentence:
    """Why a form was not done or is not needed; "" if there is nothing to say."""
    general: dict[str, Sentence] = {each.value: each.label for each in (*NotDone, *NotNeeded)}
    plan = plan_of(protocol, form) if form.not_done_code else None
    own = {each.code: each.label.in_language(language) for each in plan.not_done} if plan else {}
    return own.get(form.not_done_code) or general.get(form.not_done_code, form.not_done_code)


def _cell(form: Form, today: date, protocol: Protocol, language: str) -> Cell:
    window = window_in_words(form.opens_on, form.closes_on, today)
    late = bool(form.late)  # type: ignore[attr-defined]
    return Cell(form, cell_state(form, today), window, reason_in_words(form, protocol, language), late)


def completeness(sites: Iterable[Site], audience: Audience, today: date) -> dict[tuple[str, str], dict[str, int]]:
    """How many forms that have opened are in each state: {(visit, instrument): {state: count}}, in one query."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    forms = Form.objects.filter(site__in=[site.pk for site in sites], opens_on__lte=today)
    known = [s for s in Form.Secrecy.values if may_know_of(Form(secrecy=s), audience)]
    counts = forms.filter(secrecy__in=known).values_list("visit__code", "instrument", "state").annotate(Count("pk"))
    for visit, instrument, state, count in counts.order_by("visit__order", "visit__code", "instrument", "state"):
        cell = found.setdefault((visit, instrument), {})
        cell[state] = cell.get(state, 0) + count
    return found
