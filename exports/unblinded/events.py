"""Tables of adverse events behind the wall: what those noted who may know arms, and second opinions."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Table, flat
from safety.codes import Relatedness
from therapy.models import EventNote, SecondOpinion

_NOTE, _OPINION, _EVENT = "therapy.EventNote", "therapy.SecondOpinion", "safety.AdverseEvent"


def event_tables(scope: Scope) -> list[Table]:
    """Notes with their sessions, and second opinions."""
    return [_notes(scope), _opinions(scope)]


def _notes(scope: Scope) -> Table:
    columns = (
        *identity_at(scope, "report__event__participant__"),
        Column(
            "event", Kind.INTEGER, _("Number of the event"), lambda row: row.report__event__number, f"{_EVENT}.number"
        ),
        Column(
            "report",
            Kind.INTEGER,
            _("Number of the report"),
            lambda row: row.report__number,
            "safety.EventReport.number",
        ),
        Column("session", Kind.INTEGER, _("Session it has to do with"), lambda row: row.session, f"{_NOTE}.session"),
        Column("noted_at", Kind.MOMENT, _("Noted"), lambda row: row.at, f"{_NOTE}.at"),
        Column("text", Kind.TEXT, _("In words"), lambda row: row.text or None, f"{_NOTE}.text", shared=False),
    )
    return Table("event_notes", _("Notes on adverse events behind the wall"), columns, partial(_note_rows, scope))


def _opinions(scope: Scope) -> Table:
    codes = codes_of(Relatedness)
    columns = (
        *identity_at(scope, "event__participant__"),
        Column("event", Kind.INTEGER, _("Number of the event"), lambda row: row.event__number, f"{_EVENT}.number"),
        Column(
            "intervention",
            Kind.CODE,
            _("Caused by a programme"),
            lambda row: row.intervention,
            f"{_OPINION}.intervention",
            codes=codes,
        ),
        Column(
            "procedures",
            Kind.CODE,
            _("Caused by a step of the trial"),
            lambda row: row.procedures,
            f"{_OPINION}.procedures",
            codes=codes,
        ),
        Column("judged_at", Kind.MOMENT, _("Judged"), lambda row: row.judged_at, f"{_OPINION}.judged_at"),
        Column("text", Kind.TEXT, _("Reasons"), lambda row: row.text, f"{_OPINION}.text", shared=False),
    )
    label = _("Second opinions on adverse events")
    return Table("second_opinions", label, columns, partial(_opinion_rows, scope))


def _note_rows(scope: Scope) -> Iterator[Any]:
    whose = "report__event__participant__"
    rows = EventNote.objects.filter(report__event__participant__in=scope.answering(), at__lte=scope.cut)
    rows = rows.order_by(f"report__event__{scope.order}", "report__event__number", "report__number")
    own = ("report__event__number", "report__number", "session", "at", "text")
    return flat(rows, *fields_of_identity(scope, whose), *own)


def _opinion_rows(scope: Scope) -> Iterator[Any]:
    rows = SecondOpinion.objects.filter(event__participant__in=scope.answering(), judged_at__lte=scope.cut)
    rows = rows.order_by(f"event__{scope.order}", "event__number", "judged_at", "pk")
    own = ("event__number", "intervention", "procedures", "judged_at", "text")
    return flat(rows, *fields_of_identity(scope, "event__participant__"), *own)
