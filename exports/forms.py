"""Tables of what was asked and answered: visits, forms due, and one tidy table per form."""

from collections.abc import Iterator
from functools import cache, partial
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.items import item_columns
from exports.scope import Scope
from exports.scores import score_columns
from exports.tables import Column, Kind, Label, Table, flat
from instruments import catalogue
from instruments.definition import Definition
from outcomes.audiences import may_know_of, may_read
from outcomes.codes import Mode, NotDone, NotNeeded
from outcomes.models import Form, Response, Visit
from outcomes.schedule import secrecy_of
from review.models import Signature
from review.queries import key_as_kept

_WINDOW = ("opens_on", "target_on", "closes_on")
_FACTS: tuple[tuple[str, Kind, Label], ...] = (
    ("originator", Kind.CODE, _("Who gave the answers")),
    ("mode", Kind.CODE, _("How the participant gave the answers; empty for other forms")),
    ("instrument_version", Kind.TEXT, _("Version of the form")),
    ("pack_version", Kind.TEXT, _("Version of the content pack that gave its words; empty: the words shipped")),
    ("language", Kind.CODE, _("Language of the form")),
    ("started_at", Kind.MOMENT, _("Started")),
    ("submitted_at", Kind.MOMENT, _("Submitted")),
    ("late", Kind.YES_NO, _("Submitted after the window had closed")),
    ("corrections", Kind.INTEGER, _("How often it was corrected since; the values are the corrected ones")),
    ("corrected_after_guess", Kind.YES_NO, _("A correction came after the arm had been guessed about the visit")),
    ("confirmed", Kind.TEXT, _("Items whose unlikely value was confirmed")),
    ("n_answered", Kind.INTEGER, _("Items answered, of those the scores rest on")),
    ("n_required", Kind.INTEGER, _("Items the scores rest on")),
    ("rule_version", Kind.TEXT, _("Version of the scoring rule")),
)
"""What every response says of itself, beside answers and scores."""
_CODED = {"originator": codes_of(Response.Originator), "mode": codes_of(Mode)}
_RENAMED = {"n_answered": "items_answered", "n_required": "items_required", "mode": "entry_mode"}
"""Some scorers and forms have a value by the same name; here it is that of the whole form."""


def form_tables(scope: Scope) -> list[Table]:
    """Visits, forms due, and a table for every form the exporter may read."""
    tables = [_visits(scope), _forms(scope)]
    return tables + [_answers(scope, code) for code in scope.protocol.instruments if _is_readable(scope, code)]


def _is_readable(scope: Scope, instrument: str) -> bool:
    """Whether the form is readable at some visit; a table that could hold nothing is not there."""
    protocol = scope.protocol
    return any(
        _allowed(scope, instrument, plan.filled_by, visit.code, secrecy_of(protocol, plan).value)
        for visit in protocol.visits
        for plan in visit.forms
        if plan.instrument == instrument and not plan.breaks_blind
    )


def _allowed(scope: Scope, instrument: str, filled_by: str, visit: str, secrecy: str) -> bool:
    """Whether the answers of a form may leave in this export; what may tell an arm leaves with the arms only."""
    if secrecy == Form.Secrecy.UNBLINDING and not scope.by_arm:
        return False
    form = Form(instrument=instrument, filled_by=filled_by, visit=Visit(code=visit), secrecy=secrecy)
    return may_read(form, scope.audience, scope.protocol)


def _known(scope: Scope) -> list[str]:
    """The classes of forms whose existence may be known."""
    kinds = [kind for kind in Form.Secrecy.values if may_know_of(Form(secrecy=kind), scope.audience)]
    return [kind for kind in kinds if scope.by_arm or kind != Form.Secrecy.UNBLINDING]


def _visit_columns(scope: Scope, visit: str = "") -> tuple[Column, ...]:
    """``visit`` is the way to it from the row."""
    V = "outcomes.Visit"
    codes: tuple[tuple[str, Label], ...] = tuple((each.code, each.label.root) for each in scope.protocol.visits)
    return (
        Column("visit", Kind.CODE, _("Visit"), attrgetter(f"{visit}code"), f"{V}.code", codes=codes),
        Column("visit_number", Kind.INTEGER, _("Occurrence"), attrgetter(f"{visit}number"), f"{V}.number"),
    )


def _window_columns(model: str) -> tuple[Column, ...]:
    return (
        Column("opens_on", Kind.DATE, _("Window opens"), lambda row: row.opens_on, f"{model}.opens_on"),
        Column("target_on", Kind.DATE, _("Target day"), lambda row: row.target_on, f"{model}.target_on"),
        Column("closes_on", Kind.DATE, _("Window closes"), lambda row: row.closes_on, f"{model}.closes_on"),
    )


def _visits(scope: Scope) -> Table:
    columns = (
        *identity_at(scope, "participant__"),
        *_visit_columns(scope),
        *_window_columns("outcomes.Visit"),
        Column(
            "signed_at",
            Kind.MOMENT,
            _("When an assessor last signed what was measured"),
            lambda row: row.signed_at,
            "review.Signature.signed_at",
        ),
    )
    return Table("visits", _("Visits planned"), columns, partial(_visit_rows, scope))


def _visit_rows(scope: Scope) -> Iterator[Any]:
    # A visit all of whose forms are hidden would tell by its dates.
    shown = Form.objects.filter(visit=OuterRef("pk"), secrecy__in=_known(scope))
    rows = Visit.objects.filter(Exists(shown), participant__in=scope.answering())
    rows = rows.annotate(signed_at=Subquery(_signatures(scope).values("signed_at")[:1]))
    who = fields_of_identity(scope, "participant__")
    return flat(rows.order_by(scope.order, "order", "number", "pk"), *who, "code", "number", *_WINDOW, "signed_at")


def _signatures(scope: Scope) -> QuerySet[Signature]:
    """Those under the visit of a row, the newest first."""
    held = Signature.objects.filter(
        kind=Signature.Kind.ASSESSMENT, subject_id=key_as_kept(OuterRef("pk")), voided_at=None
    )
    return held.filter(signed_at__lte=scope.cut).order_by("-signed_at", "pk")


def _forms(scope: Scope) -> Table:
    F = "outcomes.Form"
    columns = (
        *identity_at(scope, "participant__"),
        *_visit_columns(scope, "visit__"),
        Column("form", Kind.CODE, _("Form"), lambda row: row.instrument, f"{F}.instrument", codes=_titles(scope)),
        Column("filled_by", Kind.CODE, _("Filled by"), lambda row: row.filled_by, f"{F}.filled_by"),
        Column("state", Kind.CODE, _("State"), lambda row: row.state, f"{F}.state", codes=codes_of(Form.State)),
        *_window_columns(F),
        Column("completed_at", Kind.MOMENT, _("Submitted"), lambda row: row.completed_at, f"{F}.completed_at"),
        Column(
            "not_done_reason",
            Kind.CODE,
            _("Why it was not done"),
            lambda row: row.not_done_code or None,
            f"{F}.not_done_code",
            codes=_reasons(scope),
        ),
    )
    return Table("forms", _("Forms due, filled or not"), columns, partial(_form_rows, scope))


def _titles(scope: Scope) -> tuple[tuple[str, Label], ...]:
    return tuple((code, catalogue.load(code).title) for code in scope.protocol.instruments)


def _reasons(scope: Scope) -> tuple[tuple[str, Label], ...]:
    plans = [plan for visit in scope.protocol.visits for plan in visit.forms]
    own: dict[str, Label] = {each.code: each.label.root for plan in plans for each in plan.not_done}
    return tuple({**dict(codes_of(NotDone)), **dict(codes_of(NotNeeded)), **own}.items())


def _form_rows(scope: Scope) -> Iterator[Any]:
    rows = Form.objects.filter(secrecy__in=_known(scope), participant__in=scope.answering())
    rows = rows.order_by(scope.order, "visit__order", "visit__number", "order", "instrument", "filled_by", "pk")
    own = ("instrument", "filled_by", "state", *_WINDOW, "completed_at", "not_done_code")
    return flat(rows, *fields_of_identity(scope, "participant__"), "visit__code", "visit__number", *own)


def _answers(scope: Scope, instrument: str) -> Table:
    definition = catalogue.load(instrument)
    columns = (
        *identity_at(scope, "participant__"),
        *_visit_columns(scope, "form__visit__"),
        *_facts(definition),
        *(column for item in definition.items for column in item_columns(definition, item)),
        *score_columns(definition),
    )
    return Table(f"form_{instrument}", definition.title, columns, partial(_response_rows, scope, instrument))


def _facts(definition: Definition) -> tuple[Column, ...]:
    R = "outcomes.Response"
    return tuple(
        Column(
            _RENAMED.get(name, name),
            kind,
            label,
            attrgetter(name),
            f"{R}.{name}",
            codes=_CODED.get(name, ()),
        )
        for name, kind, label in _FACTS
    )


def _response_rows(scope: Scope, instrument: str) -> Iterator[Any]:
    rows: QuerySet[Response] = Response.objects.filter(
        instrument=instrument, submitted_at__lte=scope.cut, participant__in=scope.answering()
    )
    rows = rows.order_by(scope.order, "form__visit__order", "form__visit__number", "form__order", "pk")
    form = ("form__filled_by", "form__visit__code", "form__secrecy", "form__visit__number")
    own = (*(name for name, _kind, _label in _FACTS), "answers", "missing", "scores")
    # There are as many answers to this as the protocol has plans of the form.
    allowed = cache(partial(_allowed, scope, instrument))
    for row in flat(rows, *fields_of_identity(scope, "participant__"), *form, *own):
        if allowed(row.form__filled_by, row.form__visit__code, row.form__secrecy):
            yield row
