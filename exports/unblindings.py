"""The table of unblindings: that somebody may have learned an arm, and how; never which."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import Column, Kind, Table, flat
from participants.codes import LearnedHow
from participants.models import Unblinding


def unblinding_table(scope: Scope) -> Table:
    """A row for each time, accidental or in an emergency."""
    U = "participants.Unblinding"
    columns = (
        *identity_at(scope, "participant__"),
        Column(
            "kind",
            Kind.CODE,
            _("Accidental, or in an emergency"),
            lambda row: row.kind,
            f"{U}.kind",
            codes=codes_of(Unblinding.Kind),
        ),
        Column(
            "how",
            Kind.CODE,
            _("How it was learned; empty for an emergency"),
            lambda row: row.how or None,
            f"{U}.how",
            codes=codes_of(LearnedHow),
        ),
        Column("learned_on", Kind.DATE, _("Day"), lambda row: row.learned_on, f"{U}.learned_on"),
    )
    return Table("unblindings", _("Unblindings, a row for each"), columns, partial(_rows, scope))


def _rows(scope: Scope) -> Iterator[Any]:
    rows = Unblinding.objects.filter(participant__in=scope.participants().order_by(), at__lte=scope.cut)
    own = ("kind", "how", "learned_on")
    return flat(rows.order_by(scope.order, "at", "pk"), *fields_of_identity(scope, "participant__"), *own)
