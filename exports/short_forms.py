"""Tables of the short forms of safety: deviations, pregnancies, findings in images, other care, having been asked."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Label, Table, flat
from safety import short_codes as codes
from safety.models import Asking, ConcomitantCare, Deviation, IncidentalFinding, Pregnancy

Field = tuple[str, Kind, Label, Any]
DEVIATION: tuple[Field, ...] = (
    ("kind", Kind.CODE, _("What was not as the protocol says"), codes.DeviationKind),
    ("importance", Kind.CODE, _("Importance"), codes.Importance),
    ("happened_on", Kind.DATE, _("Day"), None),
    ("cause", Kind.CODE, _("What led to it"), codes.Cause),
    ("remedy", Kind.CODE, _("What was done about it"), codes.Remedy),
)
PREGNANCY: tuple[Field, ...] = (
    ("known_on", Kind.DATE, _("Known since"), None),
    ("expected", Kind.TEXT, _("Expected date of birth: a day, a month or a year"), None),
    ("outcome", Kind.CODE, _("How it stands"), codes.PregnancyOutcome),
    ("mri_told", Kind.YES_NO, _("The MRI team knows"), None),
)
FINDING: tuple[Field, ...] = (
    ("finding", Kind.INTEGER, _("Number of the finding"), None),
    ("step", Kind.CODE, _("Step"), codes.FindingStep),
    ("day", Kind.DATE, _("Day"), None),
    ("urgent", Kind.YES_NO, _("Urgent"), None),
)
CARE: tuple[Field, ...] = (
    ("kind", Kind.CODE, _("What kind of care"), codes.CareKind),
    ("reason", Kind.CODE, _("What for"), codes.CareReason),
    ("began", Kind.TEXT, _("When it began: a day, a month or a year"), None),
    ("ended", Kind.TEXT, _("When it ended: a day, a month or a year"), None),
)
ASKING: tuple[Field, ...] = (
    ("visit__code", Kind.TEXT, _("Visit"), None),
    ("visit__number", Kind.INTEGER, _("Number of the visit"), None),
    ("answer", Kind.CODE, _("Whether anything happened"), codes.Answer),
)
STORED = {"finding": "number"}
"""Columns called otherwise than their fields: each table has the study number as ``number``."""
NAMES = {"visit__code": "visit", "visit__number": "occurrence"}


def short_tables(scope: Scope) -> list[Table]:
    """One table for each short form."""
    return [
        _table(scope, "deviations", _("Deviations from the protocol"), Deviation, DEVIATION),
        _table(
            scope, "pregnancies", _("Pregnancies, a row for each time something was recorded"), Pregnancy, PREGNANCY
        ),
        _table(scope, "incidental_findings", _("Incidental findings, a row for each step"), IncidentalFinding, FINDING),
        _table(scope, "other_care", _("Care outside the trial"), ConcomitantCare, CARE),
        _table(scope, "askings", _("Visits at which people were asked about adverse events"), Asking, ASKING),
    ]


def _table(scope: Scope, name: str, label: Label, model: type[Model], fields: Sequence[Field]) -> Table:
    columns = (*identity_at(scope, "participant__"), *(_column(model, *field) for field in fields))
    return Table(name, label, columns, partial(_rows, scope, model, [STORED.get(each[0], each[0]) for each in fields]))


def _column(model: type[Model], name: str, kind: Kind, label: Label, choices: Any) -> Column:
    stored = STORED.get(name, name)
    source = f"safety.{model.__name__}.{stored}"
    if stored.startswith("visit__"):
        source = f"outcomes.Visit.{stored.removeprefix('visit__')}"
    given = codes_of(choices) if choices else ()
    return Column(NAMES.get(name, name), kind, label, partial(_given, name=stored), source, codes=given)


def _given(row: Any, *, name: str) -> Any:
    value = getattr(row, name)
    return None if value == "" else value


def _rows(scope: Scope, model: Any, stored: Sequence[str]) -> Iterator[Any]:
    rows = model.objects.filter(participant__in=scope.answering(), recorded_at__lte=scope.cut)
    rows = rows.order_by(scope.order, "recorded_at", "pk")
    return flat(rows, *fields_of_identity(scope, "participant__"), *stored)
