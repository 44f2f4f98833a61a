"""The closed report: who is in which arm while it is written, in the trail each time it is looked at or taken away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core.problems import Conflict
from exports.unblinded.purposes import check_purpose
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from randomization.dummy_codes import letters_of
from randomization.queries import ErratumFact, allocations, errata, is_broken
from trials.access import authorize, sites_of
from trials.models import Site, Trial
from trials.queries import protocol_of


@dataclass(frozen=True)
class ByArm:
    """The participants of each arm, by study number; arms called by letter or, where that is allowed, by name."""

    sites: list[Site]
    groups: dict[str, list[UUID]]
    errata: list[ErratumFact]


def may_name(trial: Trial) -> bool:
    """Whether arms may be called by name: once the code is broken, so that nothing changes any more."""
    return is_broken(trial)


@contextmanager
def closed_report(*, trial: Trial, by: Actor, purpose: str, named: bool, taken: bool) -> Iterator[ByArm]:
    """Write the report inside the block, which lifts the blindfold. ``taken``: as a file, not on the screen.

    Raises Refused without the permission, Problem when the purpose is not said, Conflict for names too early.
    """
    grant = authorize(by, Permission.EXPORT_UNBLINDED, trial=trial)
    check_purpose(purpose)
    if named and not may_name(trial):
        raise Conflict(
            "report.too_early",
            _("Arms are called by name once the code is broken. Until then choose letters."),
        )
    with act("report.closed", grant=grant, subject=trial, reason=purpose, secrecy=FieldClass.UNBLINDING) as a:
        a.note(named=named, taken=taken)
    with unblinded(by=by, trial=trial, purpose=Purpose.EXPORT, reason=purpose) as opening:
        sites = sites_of(by, Permission.EXPORT_UNBLINDED, trial)
        names = _names(trial, letters_of(trial, opening), named=named)
        yield ByArm(sites, _groups(trial, sites, names), errata(trial))


def _names(trial: Trial, letters: dict[str, str], *, named: bool) -> dict[str, str]:
    """What each arm is called, in the order of the columns. The letters' order tells nothing, that of names may."""
    if not named:
        return {arm: _("Arm %(letter)s") % {"letter": letter} for arm, letter in letters.items()}
    language = get_language() or "en"
    return {arm.code: arm.public_name.in_language(language) for arm in protocol_of(trial).design.arms}


def _groups(trial: Trial, sites: list[Site], names: dict[str, str]) -> dict[str, list[UUID]]:
    arm_of = {fact.participant_id: fact.arm for fact in allocations(trial)}
    people = Participant.objects.filter(site__in=[site.pk for site in sites], pk__in=list(arm_of)).order_by("number")
    groups: dict[str, list[UUID]] = {name: [] for name in names.values()}
    for key in people.values_list("pk", flat=True):
        groups[names[arm_of[key]]].append(key)
    return groups
