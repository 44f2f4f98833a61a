"""When visits fall: pure days, from the protocol and the milestones reached."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import ROLES
from audit.classes import FieldClass
from core.dates import date_format
from trials.protocol import Protocol
from trials.protocol.visits import Anchor, FormPlan
from trials.protocol.visits import Visit as VisitPlan

Milestones = Mapping[tuple[str, int], date]
"""The day of each milestone reached, by (kind, number); the number is 0 but for sessions."""

UNBLINDING_FILLERS = frozenset(role.value for role, definition in ROLES.items() if definition.unblinding)


@dataclass(frozen=True)
class PlannedForm:
    """A form due at a planned visit, with the class of its answers."""

    instrument: str
    filled_by: str
    required: bool
    one_of: str
    secrecy: FieldClass
    order: int


@dataclass(frozen=True)
class PlannedVisit:
    """One occurrence of a visit on days at the site; the window includes both ends."""

    code: str
    number: int
    order: int
    opens_on: date
    target_on: date
    closes_on: date
    forms: tuple[PlannedForm, ...]


def planned_visits(
    protocol: Protocol, milestones: Milestones, *, group: str | None = None, clauses: Collection[str] = ()
) -> list[PlannedVisit]:
    """The visits whose anchor has been reached, each occurrence on its own, in the protocol's order.

    ``clauses`` are the optional consent clauses the participant agreed to. Forms that break the blind are
    left out: they belong to therapy.
    """
    planned: list[PlannedVisit] = []
    for order, visit in enumerate(protocol.visits):
        if visit.groups and group not in visit.groups:
            continue
        anchor_day = day_of_anchor(protocol, visit.anchor, milestones)
        forms = planned_forms(protocol, visit, clauses)
        if anchor_day is None or not forms:
            continue
        planned += [
            PlannedVisit(visit.code, number, order, *visit.days_of(anchor_day, number), forms)
            for number in range(1, visit.occurrences + 1)
        ]
    return planned


def day_of_anchor(protocol: Protocol, anchor: Anchor, milestones: Milestones) -> date | None:
    """The day visits are counted from, or None while it has not been reached."""
    if anchor.visit is None:
        return milestones.get((anchor.milestone or "", anchor.number or 0))
    other = protocol.visit(anchor.visit)
    day = day_of_anchor(protocol, other.anchor, milestones)
    return None if day is None else other.days_of(day)[1]


def waiting_visits(protocol: Protocol, milestones: Milestones) -> frozenset[str]:
    """The codes of visits whose anchor has not been reached, or was taken back."""
    return frozenset(v.code for v in protocol.visits if day_of_anchor(protocol, v.anchor, milestones) is None)


def planned_forms(protocol: Protocol, visit: VisitPlan, clauses: Collection[str]) -> tuple[PlannedForm, ...]:
    """The forms of a visit that are due for somebody who agreed to these clauses."""
    return tuple(
        PlannedForm(
            form.instrument, form.filled_by, form.required, form.one_of or "", secrecy_of(protocol, form), order
        )
        for order, form in enumerate(visit.forms)
        if not form.breaks_blind and (form.needs_clause is None or form.needs_clause in clauses)
    )


def secrecy_of(protocol: Protocol, form: FormPlan) -> FieldClass:
    """Unblinding when somebody who learns arms fills it; concealed when it feeds a concealed stratum."""
    if form.filled_by in UNBLINDING_FILLERS:
        return FieldClass.UNBLINDING
    if concealed_from(protocol, form.instrument):
        return FieldClass.CONCEALED
    return FieldClass.EXPORTABLE


def concealed_from(protocol: Protocol, instrument: str) -> frozenset[str]:
    """The roles that may read neither scores nor items of an instrument, since it feeds a stratum."""
    return frozenset(
        role
        for factor in protocol.strata
        if protocol.instrument_of(factor.source) == instrument
        for role in factor.concealed_from
    )


def must_be_whole(protocol: Protocol, instrument: str) -> bool:
    """Whether a missing item is chased the same day: it feeds a stratum or is the primary outcome."""
    feeds = any(protocol.instrument_of(factor.source) == instrument for factor in protocol.strata)
    return feeds or any(each.role == "primary" and each.instrument == instrument for each in protocol.outcomes)


def window_in_words(opens_on: date, closes_on: date, today: date) -> str:
    """The window as people read it: "opens 3 May", "closes 5 May, 2 days left", "closed 1 May"."""
    if today < opens_on:
        return _("opens %(day)s, closes %(end)s") % {"day": _day(opens_on, today), "end": _day(closes_on, today)}
    left = (closes_on - today).days
    if left < 0:
        return _("closed %(day)s") % {"day": _day(closes_on, today)}
    if left == 0:
        return _("closes today")
    sentence = ngettext("closes %(day)s, %(count)s day left", "closes %(day)s, %(count)s days left", left)
    return sentence % {"day": _day(closes_on, today), "count": left}


def _day(day: date, today: date) -> str:
    return date_format(day, "j F" if day.year == today.year else "j F Y")
