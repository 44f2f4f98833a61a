"""Tables of adverse events as blinded people know them: no session, no text of those who may know arms, days only."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from core import clock
from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Label, Table, flat
from safety.codes import ActionTaken, Criterion, Found, Outcome, Relatedness, Severity
from safety.facts import terms
from safety.models import AdverseEvent, Causality, EventReport

_EVENT, _REPORT, _CAUSE = "safety.AdverseEvent", "safety.EventReport", "safety.Causality"
_STANDING: tuple[tuple[str, Kind, Label, Any], ...] = (
    ("severity", Kind.CODE, _("Intensity at its worst"), Severity),
    ("serious", Kind.YES_NO, _("Serious"), None),
    ("criteria", Kind.CODES, _("Why it is serious"), Criterion),
    ("action", Kind.CODE, _("What was done about taking part"), ActionTaken),
    ("outcome", Kind.CODE, _("How it was at this report"), Outcome),
    ("ended", Kind.TEXT, _("When it ended: a day, a month or a year"), None),
)
_OPINION: tuple[tuple[str, Kind, Label, Any], ...] = (
    ("intervention", Kind.CODE, _("Caused by a programme, in the investigator's first opinion"), Relatedness),
    ("procedures", Kind.CODE, _("Caused by a step of the trial, in the investigator's first opinion"), Relatedness),
    ("expected_as", Kind.TEXT, _("Its code on the protocol's list of expected events; empty if it is not on it"), None),
    ("list_version", Kind.INTEGER, _("Version of the protocol whose list was read"), None),
    ("group_known", Kind.YES_NO, _("Judged by somebody who may have known the group"), None),
)


def event_tables(scope: Scope) -> list[Table]:
    """Events as they stand, and each report of them."""
    return [_events(scope), _reports(scope)]


def _events(scope: Scope) -> Table:
    columns = (
        *identity_at(scope, "participant__"),
        Column("event", Kind.INTEGER, _("Number of the event"), lambda row: row.number, f"{_EVENT}.number"),
        Column("term", Kind.CODE, _("What happened"), lambda row: row.term, f"{_EVENT}.term", codes=_terms(scope)),
        Column(
            "onset", Kind.TEXT, _("When it began: a day, a month or a year"), lambda row: row.onset, f"{_EVENT}.onset"
        ),
        Column(
            "found",
            Kind.CODE,
            _("How it came to light"),
            lambda row: row.found,
            f"{_EVENT}.found",
            codes=codes_of(Found),
        ),
        Column("aware_on", Kind.DATE, _("Day the team heard of it"), _day_of(scope, "aware_at"), f"{_EVENT}.aware_at"),
        *_plain(_STANDING, _EVENT),
        *_plain(_OPINION, _CAUSE),
    )
    return Table("adverse_events", _("Adverse events, a row for each"), columns, partial(_event_rows, scope))


def _reports(scope: Scope) -> Table:
    columns = (
        *identity_at(scope, "event__participant__"),
        Column("event", Kind.INTEGER, _("Number of the event"), lambda row: row.event__number, f"{_EVENT}.number"),
        Column("report", Kind.INTEGER, _("Number of the report"), lambda row: row.number, f"{_REPORT}.number"),
        Column(
            "kind",
            Kind.CODE,
            _("Kind of report"),
            lambda row: row.kind,
            f"{_REPORT}.kind",
            codes=codes_of(EventReport.Kind),
        ),
        Column("reported_on", Kind.DATE, _("Day of the report"), _day_of(scope, "at"), f"{_REPORT}.at"),
        *_plain(_STANDING, _REPORT),
        Column(
            "text",
            Kind.TEXT,
            _("Words of blinded people; those of others are behind the wall"),
            lambda row: row.text or None,
            f"{_REPORT}.text",
            shared=False,
        ),
    )
    return Table("event_reports", _("Reports of adverse events"), columns, partial(_report_rows, scope))


def _plain(fields: tuple[tuple[str, Kind, Label, Any], ...], model: str) -> Iterator[Column]:
    for name, kind, label, choices in fields:
        codes = codes_of(choices) if choices else ()
        yield Column(name, kind, label, partial(_given, name=name), f"{model}.{name}", codes=codes)


def _given(row: Any, *, name: str) -> Any:
    value = getattr(row, name)
    return None if value == "" else value


def _day(row: Any, *, name: str, zone: str) -> Any:
    """The day alone: the time of a report can be that of a session."""
    return clock.day_of(getattr(row, name), zone)


def _day_of(scope: Scope, name: str) -> Any:
    return partial(_day, name=name, zone=scope.trial.time_zone)


def _terms(scope: Scope) -> tuple[tuple[str, Label], ...]:
    return tuple(terms(scope.protocol))


def _event_rows(scope: Scope) -> Iterator[Any]:
    first = Causality.objects.filter(event=OuterRef("pk"), number=1)
    rows = AdverseEvent.objects.filter(participant__in=scope.answering(), reported_at__lte=scope.cut)
    rows = rows.annotate(**{name: Subquery(first.values(name)[:1]) for name, *_rest in _OPINION})
    own = ("number", "term", "onset", "found", "aware_at", *(each[0] for each in (*_STANDING, *_OPINION)))
    return flat(rows.order_by(scope.order, "number", "pk"), *fields_of_identity(scope, "participant__"), *own)


def _report_rows(scope: Scope) -> Iterator[Any]:
    order = f"event__{scope.order}"
    rows = EventReport.objects.filter(event__participant__in=scope.answering(), at__lte=scope.cut)
    own = ("event__number", "number", "kind", "at", *(each[0] for each in _STANDING), "text")
    rows = rows.order_by(order, "event__number", "number", "pk")
    return flat(rows, *fields_of_identity(scope, "event__participant__"), *own)
