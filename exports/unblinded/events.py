"""Tables of adverse events behind the wall: what those noted who may know arms, and second opinions."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Label, Table, flat
from safety.codes import Relatedness
from safety.short_codes import Importance, Remedy
from therapy.models import DeliveryDeviation, EventNote, SecondOpinion

_NOTE, _OPINION, _EVENT = "therapy.EventNote", "therapy.SecondOpinion", "safety.AdverseEvent"
_DELIVERY = "therapy.DeliveryDeviation"
_DELIVERED: tuple[tuple[str, Kind, Label, Any, bool], ...] = (
    ("kind", Kind.CODE, _("What was not as the protocol says"), codes_of(DeliveryDeviation.Kind), True),
    ("importance", Kind.CODE, _("Importance"), codes_of(Importance), True),
    ("happened_on", Kind.DATE, _("Day"), (), True),
    ("session", Kind.INTEGER, _("Session it has to do with"), (), True),
    ("remedy", Kind.CODE, _("What was done about it"), codes_of(Remedy), True),
    ("reviewed_at", Kind.MOMENT, _("Reviewed"), (), True),
    ("text", Kind.TEXT, _("In words"), (), False),
)


def event_tables(scope: Scope) -> list[Table]:
    """Notes with their sessions, second opinions, and deviations in delivery."""
    return [_notes(scope), _opinions(scope), _deliveries(scope)]


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


def _deliveries(scope: Scope) -> Table:
    own = tuple(name for name, *_rest in _DELIVERED)
    columns = (
        *identity_at(scope, "participant__"),
        *(
            Column(name, kind, label, partial(_given, name=name), f"{_DELIVERY}.{name}", codes=codes, shared=shared)
            for name, kind, label, codes, shared in _DELIVERED
        ),
    )

    def rows() -> Iterator[Any]:
        held = DeliveryDeviation.objects.filter(participant__in=scope.answering(), recorded_at__lte=scope.cut)
        held = held.order_by(scope.order, "recorded_at", "pk")
        return flat(held, *fields_of_identity(scope, "participant__"), *own)

    return Table("delivery_deviations", _("Programmes not delivered as the protocol says"), columns, rows)


def _given(row: Any, *, name: str) -> Any:
    value = getattr(row, name)
    return None if value == "" else value


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
