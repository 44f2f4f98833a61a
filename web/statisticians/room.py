"""What stands in the sequence room: the protocol's part, the list in force or in draft, and how it is used."""

from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from audit.actors import Actor
from core.problems import Problem
from randomization import lists, proof, queries
from randomization.blindfold import Purpose, unblinded
from randomization.design import Design
from randomization.models import Sequence
from randomization.strata import keys_of
from review.models import Signature
from review.queries import signature_of
from trials.models import Trial
from trials.protocol import Protocol
from trials.protocol.signing import strata_hash
from web.components import SummaryRow, Table, TableCell


@dataclass(frozen=True)
class Room:
    """The newest list that was not withdrawn, opened for a statistician; all None and empty before there is one.

    ``taken`` counts allocations by (stratum, arm). ``finding``: what a check of the active list found, if asked.
    """

    sequence: Sequence | None = None
    design: Design | None = None
    stock: tuple[queries.Stock, ...] = ()
    taken: Counter[tuple[str, str]] | None = None
    checked: bool = False
    finding: Problem | None = None

    @property
    def is_draft(self) -> bool:
        return self.sequence is not None and self.sequence.state == Sequence.State.DRAFT

    @property
    def is_active(self) -> bool:
        return self.sequence is not None and self.sequence.state == Sequence.State.ACTIVE


def enter_room(trial: Trial, by: Actor, *, check: bool = False) -> Room:
    """Open the list; with ``check``, compare seed, list, commitment and allocations anew."""
    with unblinded(by=by, trial=trial, purpose=Purpose.SEQUENCE):
        held = [each for each in queries.sequences_of(trial) if each.state != Sequence.State.WITHDRAWN]
        # An active list stays in force to the end, and nothing can be drafted beside it.
        sequence = next(iter(held), None)
        if sequence is None:
            return Room()
        return Room(
            sequence=sequence,
            design=lists.design_of(sequence),
            stock=tuple(queries.stock_of(sequence)),
            taken=queries.balance_of(sequence),
            checked=check,
            finding=proof.verify(trial) if check and sequence.state == Sequence.State.ACTIVE else None,
        )


def protocol_rows(protocol: Protocol) -> list[SummaryRow]:
    """What the protocol fixes of the design."""
    language = get_language() or "en"
    arms = "; ".join(
        _("%(arm)s (%(name)s), weight %(weight)d")
        % {
            "arm": arm.code,
            "name": arm.public_name.in_language(language),
            "weight": protocol.design.ratio[arm.code],
        }
        for arm in protocol.design.arms
    )
    strata = "; ".join(
        "{}: {}".format(
            factor.label.in_language(language),
            ", ".join(level.label.in_language(language) for level in factor.levels),
        )
        for factor in protocol.strata
    )
    return [
        SummaryRow(_("Arms"), arms),
        SummaryRow(_("Strata"), strata or _("none")),
        SummaryRow(_("Target"), str(protocol.target)),
    ]


def signature_row(trial: Trial, protocol: Protocol) -> SummaryRow:
    """Who signed the strata in force, or that nobody did."""
    held = signature_of(Signature.Kind.STRATA, trial, strata_hash(protocol))
    if held is None:
        return SummaryRow(_("Signature of the strata"), _("missing: the investigator signs them first"))
    facts = {"name": held.signed_name, "when": when(held.signed_at)}
    return SummaryRow(_("Signature of the strata"), _("%(name)s, %(when)s") % facts)


def history_rows(sequence: Sequence) -> list[SummaryRow]:
    """Who prepared and activated a list, and when."""
    names = {str(user.pk): user.name for user in User.objects.filter(pk__in=_people(sequence))}
    rows = [_who(_("Prepared"), names.get(sequence.prepared_by, ""), sequence.prepared_at)]
    if sequence.activated_at is not None:
        rows.append(_who(_("Activated"), names.get(sequence.activated_by, ""), sequence.activated_at))
        rows.append(SummaryRow(_("Algorithm"), sequence.algorithm))
    return rows


def _people(sequence: Sequence) -> list[str]:
    return [key for key in (sequence.prepared_by, sequence.activated_by) if key]


def _who(label: Any, name: str, moment: Any) -> SummaryRow:
    return SummaryRow(label, _("%(name)s, %(when)s") % {"name": name, "when": when(moment)})


def when(moment: Any) -> str:
    """A moment with its zone, as the server keeps it."""
    return _("%(when)s UTC") % {
        "when": date_format(timezone.localtime(moment, timezone.get_fixed_timezone(0)), "j F Y, H:i")
    }


def stratum_names(protocol: Protocol) -> dict[str, str]:
    """Every stratum by its levels in words; the one of a trial without factors is everybody."""
    language = get_language() or "en"
    words = [[level.label.in_language(language) for level in factor.levels] for factor in protocol.strata]
    names = ["; ".join(levels) or _("everybody") for levels in product(*words)]
    return dict(zip(keys_of(protocol), names, strict=True))


def balance_table(room: Room, protocol: Protocol) -> Table:
    """How many of each arm every stratum was given, and how many places are left."""
    arms = room.design.arms if room.design else ()
    taken, names = room.taken or Counter(), stratum_names(protocol)
    rows = [
        [
            TableCell(names.get(stock.stratum, stock.stratum)),
            *(TableCell(str(taken[stock.stratum, arm]), number=True) for arm in arms),
            TableCell(str(stock.used), number=True),
            TableCell(str(stock.left), number=True),
        ]
        for stock in room.stock
    ]
    return Table(
        _("Balance by stratum"), [_("Stratum"), *arms, pgettext("how many", "Randomized"), _("Places left")], rows
    )
