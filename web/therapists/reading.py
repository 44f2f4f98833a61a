"""A recorded session read back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.dates import date_format
from therapy.codes import NotAsPlanned
from therapy.dose import label_of
from therapy.models import PerformedExercise, Session
from web.components import SummaryRow, Table, TableCell
from web.therapists.sheets import Sheet
from web.therapists.words import dose_in_words, load_in_words, moment_in_words


def read_back(sheet: Sheet) -> dict[str, Any]:
    """What is stored of a session: its facts, and its exercises when it was held."""
    stored = sheet.stored
    rows = facts_of(sheet, stored) if stored else []
    return {"rows": rows, "exercises": table_of(sheet) if sheet.performed else None}


def facts_of(sheet: Sheet, stored: Session) -> list[SummaryRow]:
    """The facts of a session; ratings only when it was held."""
    rows = [
        SummaryRow(_("Held"), status_in_words(stored)),
        SummaryRow(_("Day and time"), moment_in_words(stored.held_at, sheet.zone)),
    ]
    if stored.attended:
        minutes = None if stored.minutes is None else _("%(minutes)s min") % {"minutes": stored.minutes}
        rows += [
            SummaryRow(_("Pain before"), of_ten(stored.pain_before)),
            SummaryRow(_("Worst pain during"), of_ten(stored.pain_during)),
            SummaryRow(_("Pain after"), of_ten(stored.pain_after)),
            SummaryRow(_("Effort"), of_ten(stored.effort)),
            SummaryRow(_("Length"), minutes),
            SummaryRow(_("Something unwanted happened"), _("Yes") if stored.events_noted else _("No")),
        ]
    if stored.note:
        rows.append(SummaryRow(_("Note"), stored.note))
    if stored.planned_on:
        facts = {"day": date_format(stored.planned_on, "l j F Y"), "why": stored.get_moved_code_display()}
        rows.append(SummaryRow(_("Moved from"), _("%(day)s: %(why)s") % facts))
    recorded = _("%(when)s, %(name)s") % {
        "when": moment_in_words(stored.recorded_at, sheet.zone),
        "name": stored.therapist.name,
    }
    if stored.late:
        recorded = _("%(when)s, on a later day") % {"when": recorded}
    return [*rows, SummaryRow(_("Recorded"), recorded)]


def status_in_words(stored: Session) -> str:
    """Done, or how it was not held and why."""
    if not stored.reason_code:
        return stored.get_status_display()
    return _("%(status)s: %(reason)s") % {
        "status": stored.get_status_display(),
        "reason": stored.get_reason_code_display(),
    }


def of_ten(rating: int | None) -> str | None:
    return None if rating is None else _("%(rating)s of 10") % {"rating": rating}


def table_of(sheet: Sheet) -> Table:
    """The exercises: planned beside performed."""
    rows = [
        [
            TableCell(label_in_words(sheet, row)),
            TableCell(dose_in_words(row.planned) or "–"),
            TableCell(dose_in_words(row.performed) or "–"),
            TableCell(of_ten(row.pain) or "–"),
            TableCell(row_status_in_words(row)),
            TableCell(decision_in_words(sheet, row)),
        ]
        for row in sheet.performed
    ]
    head = [_("Exercise"), _("Planned"), _("Done"), _("Pain"), _("How"), _("Rule of progression")]
    return Table(_("Exercises"), head, rows)


def label_in_words(sheet: Sheet, row: PerformedExercise) -> str:
    """The planned exercise, and what was done instead."""
    known = sheet.exercises
    names = [label_of(known[code]) if code in known else code for code in (row.exercise, row.instead)]
    if not row.instead:
        return names[0]
    return _("%(planned)s, instead: %(done)s") % {"planned": names[0], "done": names[1]}


def decision_in_words(sheet: Sheet, row: PerformedExercise) -> str:
    """What the rule suggested, what the therapist did with it, and why; empty where it suggested nothing."""
    exercise = sheet.exercises.get(row.exercise)
    if not row.decision or row.suggested is None or exercise is None:
        return ""
    facts = {"load": load_in_words(row.suggested, exercise.load_unit), "decision": row.get_decision_display()}
    if not row.why_code:
        return _("Suggested %(load)s. %(decision)s") % facts
    return _("Suggested %(load)s. %(decision)s: %(why)s") % {**facts, "why": row.get_why_code_display()}


def row_status_in_words(row: PerformedExercise) -> str:
    if not row.reason_code:
        return row.get_status_display()
    reason = NotAsPlanned(row.reason_code).label
    return _("%(status)s: %(reason)s") % {"status": row.get_status_display(), "reason": reason}
