"""The tables of the closed report that the open one does not have: flow, adherence and errors by arm.

All need the blindfold lifted.
"""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from participants.codes import WithdrawalReason, WithdrawalScope
from participants.models import Withdrawal
from randomization.models import Erratum
from randomization.queries import ErratumFact
from therapy.deviations import counts_of_kinds
from therapy.models import DeliveryDeviation, Session
from web.components import Table, TableCell
from web.shared.report_tables import Groups, everybody, numbers_in_words, of_all

Count = Callable[[Collection[UUID]], str]


def flow_table(groups: Groups) -> Table:
    """From randomization on: who began, who withdrew from what and why."""
    keys = everybody(groups)
    began = set(_attended(keys))
    scopes, reasons = _withdrawn(keys)
    rows = [
        _row(_("Randomized"), groups, lambda own: str(len(own))),
        _row(_("Came to a session at least once"), groups, _those(began)),
        _row(_("Withdrew in part or wholly"), groups, _those(set(reasons))),
    ]
    for scope in WithdrawalScope:
        left = {key for key, found in scopes.items() if scope in found}
        rows.append(_row(_("Withdrew from: %(what)s") % {"what": scope.label}, groups, _those(left)))
    for reason in WithdrawalReason:
        gave = {key for key, found in reasons.items() if found == reason}
        if gave:
            rows.append(_row(_("First reason: %(reason)s") % {"reason": reason.label}, groups, _those(gave)))
    return Table(_("Flow from randomization on"), [_("Line"), *groups], rows)


def adherence_table(groups: Groups) -> Table:
    """Sessions recorded and attended. In shares, since numbers of sessions planned would tell one arm from another."""
    keys = everybody(groups)
    counts: Counter[tuple[UUID, str]] = Counter(
        Session.objects.filter(participant__in=keys).values_list("participant_id", "status")
    )
    rows = [_row(status.label, groups, _of_recorded(counts, status)) for status in Session.Status]
    shares = {key: share for key in keys if (share := _share(counts, key)) is not None}
    mean = _row(
        _("Per cent attended of those recorded, by participant: mean (SD), median; number"),
        groups,
        lambda own: numbers_in_words([shares[key] for key in own if key in shares]),
    )
    return Table(_("Sessions, of those recorded"), [_("Line"), *groups], [*rows, mean])


def errors_table(groups: Groups, errata: Collection[ErratumFact]) -> Table:
    """Errors about allocations by kind."""
    rows = [_row(kind.label, groups, _of_kind(errata, kind)) for kind in Erratum.Kind]
    return Table(_("Errors about allocations"), [_("Kind"), *groups], rows)


def delivery_table(groups: Groups) -> Table:
    """Deviations in the delivery of programmes by kind."""
    counts = counts_of_kinds(everybody(groups))

    def of(kind: str) -> Count:
        return lambda keys: str(sum(counts[key, kind] for key in keys))

    rows = [_row(kind.label, groups, of(kind)) for kind in DeliveryDeviation.Kind]
    return Table(_("Deviations in the delivery of programmes"), [_("Kind"), *groups], rows)


def _attended(keys: Collection[UUID]) -> list[UUID]:
    rows = Session.objects.filter(participant__in=list(keys), status__in=Session.ATTENDED)
    return list(rows.values_list("participant_id", flat=True))


def _withdrawn(keys: Collection[UUID]) -> tuple[dict[UUID, set[str]], dict[UUID, str]]:
    """What each withdrew from at any time, and the first reason."""
    scopes: dict[UUID, set[str]] = {}
    reasons: dict[UUID, str] = {}
    rows = Withdrawal.objects.filter(participant__in=list(keys)).order_by("at")
    for key, found, reason in rows.values_list("participant_id", "scopes", "reason_code"):
        scopes.setdefault(key, set()).update(found)
        reasons.setdefault(key, reason)
    return scopes, reasons


def _of_recorded(counts: Counter[tuple[UUID, str]], status: str) -> Count:
    return lambda keys: of_all(_of(counts, keys, [status]), _of(counts, keys, list(Session.Status)))


def _of_kind(errata: Collection[ErratumFact], kind: str) -> Count:
    return lambda keys: str(sum(each.kind == kind and each.participant_id in keys for each in errata))


def _of(counts: Counter[tuple[UUID, str]], keys: Collection[UUID], statuses: Collection[str]) -> int:
    return sum(counts[key, status] for key in keys for status in statuses)


def _share(counts: Counter[tuple[UUID, str]], key: UUID) -> float | None:
    recorded = _of(counts, [key], list(Session.Status))
    return 100 * _of(counts, [key], Session.ATTENDED) / recorded if recorded else None


def _those(found: Collection[UUID]) -> Count:
    return lambda keys: of_all(sum(key in found for key in keys), len(keys))


def _row(name: Any, groups: Groups, say: Count) -> list[TableCell]:
    return [TableCell(name), *(TableCell(say(keys), number=True) for keys in groups.values())]
