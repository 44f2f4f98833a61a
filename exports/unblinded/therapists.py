"""The table of therapists: who delivered, with which qualification, to how many, and how soon after randomization."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import fmean
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core import clock
from core.encryption import keyed_hash
from exports.scope import Scope
from exports.tables import Column, Kind, Table
from randomization.queries import allocations
from therapy.models import Session
from trials.models import Membership


@dataclass(frozen=True)
class Delivery:
    """One therapist in one arm. ``delays``: days from randomization to the first session attended, which they gave."""

    therapist: UUID
    arm: str
    qualifications: tuple[str, ...]
    participants: int
    sessions: int
    delays: tuple[int, ...]


def pseudonym_of(therapist: UUID) -> str:
    """The same in every table for one therapist, and nobody's name."""
    return keyed_hash(str(therapist), purpose="exported therapist")[:8]


def therapist_table(scope: Scope) -> Table:
    """For the clustering of participants within therapists. Needs an opening to be read."""
    arms = tuple((arm.code, arm.public_name.root) for arm in scope.protocol.design.arms)
    held = "therapy.Session.held_at"
    columns = (
        Column("therapist", Kind.CODE, _("Therapist, as a pseudonym"), _name, "therapy.Session.therapist"),
        Column("arm", Kind.CODE, _("Arm"), lambda row: row.arm, "randomization.Slot.sealed_arm", codes=arms),
        Column(
            "qualification",
            Kind.TEXT,
            _("Qualifications as a therapist in the trial, also earlier ones"),
            lambda row: " ".join(row.qualifications),
            "trials.Membership.qualification",
        ),
        Column(
            "participants_treated",
            Kind.INTEGER,
            _("Participants with at least one session attended"),
            lambda row: row.participants,
            "therapy.Session.therapist",
        ),
        Column(
            "sessions_attended",
            Kind.INTEGER,
            _("Sessions attended"),
            lambda row: row.sessions,
            "therapy.Session.status",
        ),
        Column(
            "first_sessions",
            Kind.INTEGER,
            _("Participants whose first session they gave"),
            lambda row: len(row.delays),
            held,
        ),
        *(
            Column(f"days_to_first_{name}", kind, label, partial(_delay, how=how), held, _("days"))
            for name, kind, label, how in (
                ("mean", Kind.DECIMAL, _("Days from randomization to the first session: mean"), fmean),
                ("least", Kind.INTEGER, _("Days from randomization to the first session: least"), min),
                ("most", Kind.INTEGER, _("Days from randomization to the first session: most"), max),
            )
        ),
    )
    return Table("therapists", _("Therapists by arm"), columns, partial(_deliveries, scope))


def _name(row: Delivery) -> str:
    return pseudonym_of(row.therapist)


def _delay(row: Delivery, *, how: Any) -> float | None:
    return round(how(row.delays), 2) if row.delays else None


def _deliveries(scope: Scope) -> Iterator[Delivery]:
    allocated = {fact.participant_id: fact for fact in allocations(scope.trial) if fact.at <= scope.cut}
    held = Session.objects.filter(participant__in=scope.answering(), status__in=Session.ATTENDED)
    rows = held.filter(recorded_at__lte=scope.cut).order_by("participant_id", "number")
    facts = rows.values_list("participant_id", "therapist_id", "held_at", "participant__site__time_zone")
    people: dict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    sessions: dict[tuple[UUID, str], int] = defaultdict(int)
    delays: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    seen: set[UUID] = set()
    for participant, therapist, at, zone in facts.iterator(chunk_size=500):
        key = therapist, allocated[participant].arm
        people[key].add(participant)
        sessions[key] += 1
        if participant not in seen:
            seen.add(participant)
            randomized_on: date = clock.day_of(allocated[participant].at, zone)
            delays[key].append((clock.day_of(at, zone) - randomized_on).days)
    qualified = _qualifications(scope)
    for key in sorted(people, key=lambda each: (pseudonym_of(each[0]), each[1])):
        whose = tuple(sorted(qualified[key[0]]))
        yield Delivery(*key, whose, len(people[key]), sessions[key], tuple(delays[key]))


def _qualifications(scope: Scope) -> dict[UUID, set[str]]:
    """Everybody's qualifications as a therapist in the trial until the cut."""
    held = Membership.objects.filter(trial=scope.trial, role=Role.THERAPIST, granted_at__lte=scope.cut)
    found: dict[UUID, set[str]] = defaultdict(set)
    for user, code in held.values_list("user_id", "qualification"):
        if code:
            found[user].add(code)
    return found
