"""Randomizing: the next slot of the stratum, once, for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import Act, act, check_seen
from audit.classes import FieldClass
from audit.records import writing
from core import clock
from core.problems import Conflict, Problem
from outcomes.actions import visits
from participants.actions import milestones
from participants.models import Milestone, Participant
from randomization import lists, policies, preconditions, queries
from randomization.blindfold import Purpose, unblinded
from randomization.design import Minimization
from randomization.minimization import next_arm
from randomization.models import Allocation, Stratum
from trials.access import authorize, refused
from trials.queries import protocol_of


@dataclass(frozen=True)
class Receipt:
    """All that somebody blind may know of an allocation. A test fixes these fields."""

    study_number: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Allocated:
    """``already``: the same person asked again, as after a lost connection; nothing was changed."""

    receipt: Receipt
    already: bool


def allocate(*, participant: Participant, by: Actor, seen: int | None = None) -> Allocated:
    """Randomize: claim the next slot, freeze the strata as used, hand down the day. It is never undone.

    ``seen`` is the revision of the participant that was read back. Raises Invalid with every unmet
    precondition, Conflict if somebody else has randomized this participant.
    """
    grant = grant_to_allocate(participant, by)
    try:
        return Allocated(_allocate(participant, grant, seen), already=False)
    except Conflict as conflict:
        # Asked again, or two requests of one person at once: the second waited for the first, and gets its receipt.
        earlier = _receipt_again(participant, by) if conflict.code == "allocation.twice" else None
        if earlier is None:
            raise
        return earlier


def grant_to_allocate(participant: Participant, by: Actor) -> Grant:
    """Proof that somebody may randomize: the permission, a role the protocol names, and never a hand in the list,
    its design or everybody's arm. Roles that would give one are refused; this is for those who hold both all the same.
    """
    grant = authorize(by, Permission.RANDOMIZE, trial=participant.trial, site=participant.site)
    plan = protocol_of(participant.trial).randomization
    if plan is None or grant.role not in plan.roles:
        raise refused()
    policies.check_knows_nothing_ahead(by, participant.trial)
    return grant


def _receipt_again(participant: Participant, by: Actor) -> Allocated | None:
    with unblinded(by=by, trial=participant.trial, purpose=Purpose.ALLOCATE, participant=participant):
        held = Allocation.objects.filter(participant=participant).first()
    if held is None:
        return None
    if held.by != by.id:
        raise preconditions.already_randomized()
    return Allocated(receipt_of(participant, held), already=True)


def earlier_receipt(*, participant: Participant, by: Actor) -> Receipt | None:
    """What became of a request whose answer was lost: the receipt if this person has randomized them, else None."""
    grant_to_allocate(participant, by)
    try:
        held = _receipt_again(participant, by)
    except Conflict:
        return None
    return held.receipt if held else None


def receipt_of(participant: Participant, allocation: Allocation) -> Receipt:
    """The receipt of an allocation."""
    name = User.objects.values_list("name", flat=True).get(pk=allocation.by)
    return Receipt(study_number=participant.number, at=allocation.at, by=name)


def _allocate(participant: Participant, grant: Grant, seen: int | None) -> Receipt:
    with act("participant.randomize", grant=grant, subject=participant) as a:
        participant = _lock(participant)
        with unblinded(by=grant.actor, trial=participant.trial, purpose=Purpose.ALLOCATE, participant=participant):
            ready = preconditions.Readiness(participant, grant)
            preconditions.check_ready(ready)
            check_seen(participant, seen)
        allocation = _take_slot(a, ready)
    return receipt_of(participant, allocation)


def _lock(participant: Participant) -> Participant:
    """The participant as stored now; a second request for the same one waits here."""
    locked = Participant.objects.select_related("trial", "site").select_for_update(of=("self",), no_key=True)
    return locked.get(pk=participant.pk)


def _take_slot(randomizing: Act, ready: preconditions.Readiness) -> Allocation:
    """The sealed half: no entry of it is seen by anybody blind. All else is written before the place is claimed,
    so that whoever is next in the stratum waits as little as possible."""
    grant, participant = ready.grant, ready.participant
    with act("allocation.take_slot", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a:
        _hand_down(randomizing, participant)
        with unblinded(by=grant.actor, trial=participant.trial, purpose=Purpose.ALLOCATE, participant=participant):
            stratum = _claim(ready.strata)
            # Who freezes holds the claimed rows while doing so: either they wait for us, or we see the freeze here.
            if queries.frozen_since(participant.trial):
                raise preconditions.frozen()
            _fill_or_check(a, stratum, ready)
            return a.create(
                Allocation(
                    participant=participant,
                    stratum=stratum,
                    position=stratum.used,
                    strata=ready.levels or {},
                    at=_moment(stratum),
                    by=grant.actor.id,
                    role=grant.role,
                )
            )


def _claim(strata: Iterable[Stratum]) -> Stratum:
    """Take the next place in one statement: the row stays locked until commit, so nobody can take the same.

    A segment is left for the next one only when it is full, which it then is for good.
    """
    for stratum in strata:
        with writing():
            free = Stratum.objects.filter(pk=stratum.pk, used__lt=F("slots"))
            claimed = free.update(used=F("used") + 1, revision=F("revision") + 1)
        if claimed:
            stratum.used = Stratum.objects.values_list("used", flat=True).get(pk=stratum.pk)
            return stratum
    raise no_place()


def _moment(stratum: Stratum) -> datetime:
    """Now; but where the clock has gone back, or another machine's is ahead, no earlier than the allocation before and
    the activation: the record goes by time. The trail's entry keeps what the clock said. Needs the claimed row.
    """
    sequence = stratum.sequence
    before = Allocation.objects.filter(stratum__sequence__trial=sequence.trial_id).aggregate(latest=Max("at"))
    return max(at for at in (clock.now(), before["latest"], sequence.activated_at) if at is not None)


def _fill_or_check(a: Act, stratum: Stratum, ready: preconditions.Readiness) -> None:
    """Draw the arm of the claimed place where the method draws at the moment; else see that its seal opens."""
    design = lists.design_of(stratum.sequence)
    if isinstance(design, Minimization):
        history = queries.history(ready.participant.trial)
        decision = next_arm(design, lists.seed_of(stratum.sequence), history, ready.levels or {})
        if decision.number != stratum.used:
            raise _broken_history()
        a.create(lists.seal_decision(decision, stratum, design))
    else:
        # A list that was tampered with is noticed before anybody is treated by it.
        lists.arm_at(design, stratum, stratum.used)


def _broken_history() -> Problem:
    """The problem of a minimization whose counter and earlier allocations disagree."""
    return Problem(
        "allocation.history",
        _("The earlier allocations are not complete. Stop randomizing and tell the statistician."),
    )


def no_place() -> Problem:
    """The problem of a list at its end. Not asked before the claim, and names no stratum: see ``preconditions``."""
    return Conflict(
        "allocation.place", _("The list has no place left for this participant. Tell the statistician now.")
    )


def _hand_down(a: Act, participant: Participant) -> None:
    """The day, and nothing else, to the blind rooms; the participant's state goes with it."""
    today = clock.today(participant.site.time_zone)
    milestones.hand_down(participant=participant, kind=Milestone.Kind.RANDOMIZED, day=today, grant=a.grant, act=a)
    visits.lay_out(participant=participant, grant=a.grant)
