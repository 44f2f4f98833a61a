"""What stands in the sequence room: the protocol's part, the segments of the list, the draft, and how it is used."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from audit.actors import Actor
from core.problems import Problem
from randomization import lists, proof, queries
from randomization.blindfold import Purpose, unblinded
from randomization.design import Design
from randomization.models import Sequence
from review.models import Signature
from review.queries import signature_of
from trials.models import Trial
from trials.protocol import Protocol
from trials.protocol.signing import strata_hash
from web.components import SummaryRow, Table, TableCell
from web.statisticians.words import names_of, stratum_names, when, who_and_when

LOW = 0.1
"""A list of which no more than this share is left is running low."""


@dataclass(frozen=True)
class Held:
    """A segment of the list, or the draft of one, with its design."""

    sequence: Sequence
    design: Design


@dataclass(frozen=True)
class Room:
    """The list of a trial, opened for a statistician; all empty and None before there is one.

    ``finding``: what a check of the list found, if one was ``checked``.
    """

    segments: tuple[Held, ...] = ()
    draft: Held | None = None
    stock: tuple[queries.Stock, ...] = ()
    frozen_since: datetime | None = None
    revealed_at: datetime | None = None
    checked: bool = False
    finding: Problem | None = None

    @property
    def is_active(self) -> bool:
        return bool(self.segments)

    @property
    def design(self) -> Design | None:
        """The design in force: of the last segment, since it counts all places."""
        return self.segments[-1].design if self.segments else None

    @property
    def arms(self) -> tuple[str, ...]:
        return self.design.arms if self.design else ()


def enter_room(trial: Trial, by: Actor, *, check: bool = False) -> Room:
    """Open the list; with ``check``, compare seed, list, commitments and allocations anew."""
    with unblinded(by=by, trial=trial, purpose=Purpose.SEQUENCE):
        segments = tuple(Held(each, lists.design_of(each)) for each in queries.segments_of(trial))
        draft = queries.draft_of(trial)
        return Room(
            segments=segments,
            draft=Held(draft, lists.design_of(draft)) if draft else None,
            stock=tuple(queries.stock(trial)),
            frozen_since=queries.frozen_since(trial),
            revealed_at=queries.revealed_at(trial),
            checked=check and bool(segments),
            finding=proof.verify(trial) if check and segments else None,
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
        _("%(factor)s: %(levels)s")
        % {
            "factor": factor.label.in_language(language),
            "levels": ", ".join(level.label.in_language(language) for level in factor.levels),
        }
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
    """Who prepared and activated a segment, and when."""
    names = names_of([sequence.prepared_by, sequence.activated_by])
    rows = [who_and_when(_("Prepared"), names.get(sequence.prepared_by, ""), sequence.prepared_at)]
    if sequence.activated_at is not None:
        rows.append(who_and_when(_("Activated"), names.get(sequence.activated_by, ""), sequence.activated_at))
        rows.append(SummaryRow(_("Algorithm"), sequence.algorithm))
    return rows


def stock_table(room: Room, protocol: Protocol) -> Table:
    """How far the list of every stratum is used; no arm is opened for it."""
    names = stratum_names(protocol)
    rows = [
        [
            TableCell(names.get(stock.stratum, stock.stratum)),
            TableCell(str(stock.used), number=True),
            TableCell(str(stock.left), number=True),
        ]
        for stock in room.stock
    ]
    return Table(_("Places by stratum"), [_("Stratum"), pgettext("how many", "Randomized"), _("Places left")], rows)


def low_stock(room: Room, protocol: Protocol) -> list[str]:
    """A sentence with the number for every stratum whose list is running low; none where it covers who is to come."""
    names = stratum_names(protocol)
    to_come = protocol.target - sum(stock.used for stock in room.stock)
    sentence = _("%(stratum)s: %(left)d of %(slots)d places are left. Extend the list before it runs out.")
    return [
        sentence % {"stratum": names.get(stock.stratum, stock.stratum), "left": stock.left, "slots": stock.slots}
        for stock in room.stock
        if stock.left <= LOW * stock.slots and (to_come <= 0 or stock.left < to_come)
    ]
