"""The short forms of safety in lists: what is to be done, and what was recorded."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.dates import partial_date_in_words
from outcomes.models import Visit
from participants.models import Participant
from safety.models import Deviation
from safety.short_queries import care_of, deviations_of, findings_of, pregnancies_of, to_review
from trials.models import Site, Trial
from trials.protocol import Protocol
from web.components import Action, Table, TableCell, WorkRow
from web.event_words import told_at
from web.shared.record_words import day_in_words, link, name_of_visit

SHOWN = 50
Read = Callable[[Any], Any]


def asking_rows(trial: Trial, visits: Iterable[Visit], protocol: Protocol) -> list[WorkRow]:
    """Who is to be asked about events, one row for each of some visits."""
    return [_asking_row(trial, each, protocol) for each in islice(visits, SHOWN)]


def _asking_row(trial: Trial, visit: Visit, protocol: Protocol) -> WorkRow:
    is_late = visit.closes_on < clock.today(visit.participant.site.time_zone)
    until = _("until %(day)s") % {"day": day_in_words(visit.closes_on)}
    action = Action(asking_label(), link("event_ask", trial=trial.code, visit=visit.pk))
    what = asking_in_words(visit, protocol)
    return WorkRow("late" if is_late else "due", until, visit.participant.number, what, "", action)


def asking_in_words(visit: Visit, protocol: Protocol) -> str:
    """What is to be asked at a visit."""
    return _("Ask about events: %(visit)s") % {"visit": name_of_visit(protocol, visit)}


def asking_label() -> str:
    return _("Ask")


def review_rows(trial: Trial, sites: Sequence[Site], *, may_review: bool) -> list[WorkRow]:
    """Important deviations that wait for an investigator."""
    return [_review_row(trial, each, may_review) for each in to_review(sites)[:SHOWN]]


def _review_row(trial: Trial, held: Deviation, may_review: bool) -> WorkRow:
    assert held.due_at is not None  # noqa: S101 -- only such ones are asked for
    state = "late" if held.due_at < clock.now() else "due"
    due = _("due %(at)s") % {"at": told_at(held.due_at, held.participant.site.time_zone, held.recorded_by)}
    action = Action(_("Open"), link("deviation_review", trial=trial.code, deviation=held.pk))
    what = str(held.get_kind_display())
    return WorkRow(state, due, held.participant.number, what, "", action if may_review else None)


def tables(sites: Sequence[Site], *, may_correct: bool = False) -> list[Table]:
    """The newest of each short form; the exports hold all. ``may_correct``: a deviation leads to its correction."""
    return [
        _table(
            _("Deviations"),
            deviations_of(sites),
            {
                _("What"): lambda row: row.get_kind_display(),
                _("Importance"): lambda row: row.get_importance_display(),
                _("Day"): lambda row: day_in_words(row.happened_on),
                _("Reviewed"): lambda row: _("yes") if row.reviewed_at else _("no"),
            },
            _("Correct") if may_correct else "",
        ),
        _table(
            _("Pregnancies"),
            pregnancies_of(sites),
            {
                _("Known since"): lambda row: day_in_words(row.known_on),
                _("Stands"): lambda row: row.get_outcome_display(),
                _("MRI team knows"): lambda row: _("yes") if row.mri_told else _("no"),
            },
        ),
        _table(
            _("Incidental findings"),
            findings_of(sites),
            {
                _("Finding"): lambda row: row.number,
                _("Step"): lambda row: row.get_step_display(),
                _("Day"): lambda row: day_in_words(row.day),
                _("Urgent"): lambda row: _("yes") if row.urgent else _("no"),
            },
        ),
        _table(
            _("Other care"),
            care_of(sites),
            {
                _("What"): lambda row: row.get_kind_display(),
                _("What for"): lambda row: row.get_reason_display(),
                _("Since"): lambda row: partial_date_in_words(row.began),
                _("Until"): lambda row: partial_date_in_words(row.ended) or _("goes on"),
            },
        ),
    ]


def _table(caption: Any, rows: Iterable[Any], columns: dict[Any, Read], correct: str = "") -> Table:
    cells = [
        [
            _who(row.participant),
            *(TableCell(str(read(row))) for read in columns.values()),
            *([_correction(row, correct)] if correct else []),
        ]
        for row in islice(rows, SHOWN)
    ]
    return Table(caption, [_("Participant"), *columns, *([correct] if correct else [])], cells)


def _correction(held: Deviation, label: str) -> TableCell:
    return TableCell(label, url=link("deviation_correct", trial=held.participant.trial.code, deviation=held.pk))


def _who(participant: Participant) -> TableCell:
    url = link("record", trial=participant.trial.code, number=participant.number)
    return TableCell(participant.number, url=url)
