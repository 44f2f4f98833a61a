"""Reads of therapy. Those that take ``by`` open the blind themselves, for what that person may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from accounts.permissions import Permission
from audit.actors import Actor
from core import clock
from participants.models import Appointment, Participant
from participants.queries import first_sessions_booked
from randomization.actions.allocation import Receipt, receipt_of
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation
from randomization.queries import arm_of, arms_of
from therapy import course, policies
from therapy.care import arm_for_randomizer, treating
from therapy.course import Cell, NextSession
from therapy.models import Assignment, Cover, PerformedExercise, Session
from trials.access import not_found, sites_of
from trials.models import Trial
from trials.protocol.programmes import Programme
from trials.queries import protocol_of


@dataclass(frozen=True)
class Treated:
    """A randomized participant with the arm. ``recorded``: sessions so far.

    ``covering``: in this person's care only while the assigned therapist is away.
    """

    participant: Participant
    arm: str
    programme: Programme
    recorded: int
    covering: bool = False


@dataclass(frozen=True)
class Case:
    """Somebody in a person's care, as their day needs it. ``cover_ends``: the last day, for those covered only."""

    treated: Treated
    last_held: datetime | None
    cover_ends: date | None
    withdrew: bool

    @property
    def next_number(self) -> int | None:
        """The number of the session to be recorded next; None when all are."""
        following = self.treated.recorded + 1
        return following if following <= self.treated.programme.sessions else None

    @property
    def zone(self) -> str:
        return self.treated.participant.site.time_zone

    @property
    def seen_today(self) -> bool:
        return self.last_held is not None and clock.day_of(self.last_held, self.zone) == clock.today(self.zone)


@dataclass(frozen=True)
class Randomized:
    """What whoever randomized is told later. ``arm``: None once the participant passed out of their hands.

    ``treats``: they treat or cover themselves; ``waits``: nobody treats yet.
    """

    receipt: Receipt
    arm: str | None
    treats: bool
    waits: bool


@dataclass(frozen=True)
class Log:
    """A participant's arm, the name of the therapist ("" if nobody treats), and every session."""

    arm: str
    therapist: str
    cells: list[Cell]


def first_sessions(by: Actor, trial: Trial) -> QuerySet[Appointment]:
    """Booked sessions of people not yet randomized, at the sites where somebody treats. To be paged by the caller."""
    return first_sessions_booked(sites_of(by, Permission.LOG_SESSION, trial))


def participants_of(by: Actor, trial: Trial) -> list[Treated]:
    """Whom somebody treats, or covers for today, while qualified for the arm; by study number."""
    with unblinded(by=by, trial=trial, purpose=Purpose.TREAT):
        assigned = set(
            Assignment.objects.filter(therapist_id=UUID(by.id), until=None).values_list("participant_id", flat=True)
        )
        covered = set(_cover_ends(by, trial)) - assigned
        return _treated(by, trial, assigned | covered, covered)


def caseload_of(by: Actor, trial: Trial) -> list[Case]:
    """Whom somebody treats or covers for: those still to be seen today first, who left the sessions last.

    A fixed number of queries.
    """
    with unblinded(by=by, trial=trial, purpose=Purpose.TREAT):
        treated = participants_of(by, trial)
        held = _last_held([each.participant.pk for each in treated])
        ends = _cover_ends(by, trial)
    left = policies.withdrawn_from_sessions(each.participant.pk for each in treated)
    cases = []
    for each in treated:
        key = each.participant.pk
        cases.append(Case(each, held.get(key), ends.get(key) if each.covering else None, key in left))
    return sorted(cases, key=lambda case: (case.withdrew, case.next_number is None, case.seen_today))


def waiting_for_therapist(by: Actor, trial: Trial) -> list[Treated]:
    """Randomized participants whom nobody treats, in arms that somebody is qualified for; by study number."""
    with unblinded(by=by, trial=trial, purpose=Purpose.TREAT):
        therapists = policies.therapists_of(trial)
        treated = Assignment.objects.filter(participant=OuterRef("pk"), until=None, therapist__in=therapists)
        randomized = Participant.objects.filter(trial=trial, state=Participant.State.RANDOMIZED)
        waiting = set(randomized.exclude(Exists(treated)).values_list("pk", flat=True))
        return _treated(by, trial, waiting - policies.withdrawn_from_sessions(waiting), frozenset())


def _cover_ends(by: Actor, trial: Trial) -> dict[UUID, date]:
    """Whom somebody covers for today, each with the last day of the cover."""
    covers = Cover.objects.filter(
        therapist_id=UUID(by.id), assignment__until=None, assignment__participant__trial=trial
    )
    # A site's day may be another than the trial's; each cover is judged by its own site.
    return {
        cover.assignment.participant_id: cover.ends_on
        for cover in covers.select_related("assignment__participant__site")
        if cover.covers(clock.today(cover.assignment.participant.site.time_zone))
    }


def _last_held(keys: Iterable[UUID]) -> dict[UUID, datetime]:
    attended = Session.objects.filter(participant__in=list(keys), status__in=Session.ATTENDED)
    return dict(attended.values_list("participant_id").annotate(Max("held_at")))


def _treated(by: Actor, trial: Trial, keys: Iterable[UUID], covered: Iterable[UUID]) -> list[Treated]:
    """Those of some participants whose arm somebody is qualified for, in a fixed number of queries."""
    people = list(Participant.objects.select_related("site", "trial").filter(pk__in=keys, trial=trial))
    arms, protocol = arms_of([each.pk for each in people]), protocol_of(trial)
    held = policies.qualifications_of(by.id, trial)
    counts = Session.objects.filter(participant__in=list(arms)).values_list("participant_id").annotate(Count("pk"))
    recorded = dict(counts)
    found = []
    for participant in sorted(people, key=lambda each: each.number):
        arm = arms.get(participant.pk)
        programme = protocol.programme_of(arm) if arm else None
        if arm and programme and policies.suffices(held, participant.site_id, programme):
            done = recorded.get(participant.pk, 0)
            found.append(Treated(participant, arm, programme, done, participant.pk in set(covered)))
    return found


def randomized_by(participant: Participant, by: Actor) -> Randomized:
    """The receipt of whoever randomized, with the arm while they may know it; NotFound for everybody else."""
    with unblinded(by=by, trial=participant.trial, purpose=Purpose.ALLOCATE, participant=participant):
        own = Allocation.objects.filter(participant=participant, by=by.id).first()
        if own is None:
            raise not_found()
        waits = policies.assignment_of(participant) is None
    arm = arm_for_randomizer(participant, by, own.at)
    return Randomized(receipt_of(participant, own), arm, treats=arm is not None and not waits, waits=waits)


def grid_of(participant: Participant, by: Actor) -> list[Cell]:
    """All sessions of the programme, recorded or planned, in order. For the treating therapist."""
    with treating(participant, by) as care:
        return course.grid_of(participant, care.programme)


def next_session(participant: Participant, by: Actor) -> NextSession | None:
    """The session to be recorded next with last time's values; None once all are. For the treating therapist."""
    with treating(participant, by) as care:
        return course.next_of(participant, care.programme)


def session_by_number(participant: Participant, number: int, by: Actor) -> tuple[Session, list[PerformedExercise]]:
    """A recorded session and its exercises in order, for the treating therapist; NotFound otherwise."""
    with treating(participant, by):
        session = Session.objects.select_related("therapist").filter(participant=participant, number=number).first()
        if session is None:
            raise not_found()
        return session, list(PerformedExercise.objects.filter(session=session).order_by("order"))


def log_of(participant: Participant, by: Actor) -> Log:
    """Arm, therapist and all sessions, for unblinded people who do not treat; NotFound before randomization."""
    with unblinded(by=by, trial=participant.trial, purpose=Purpose.VIEW, participant=participant):
        arm = arm_of(participant)
        if arm is None:
            raise not_found()
        programme, assignment = protocol_of(participant.trial).programme_of(arm), policies.assignment_of(participant)
        cells = course.grid_of(participant, programme) if programme else []
        return Log(arm, assignment.therapist.name if assignment else "", cells)


def sessions_of(trial: Trial) -> Iterator[Session]:
    """All sessions of a trial by study number and session number. To be consumed inside an opening."""
    sessions = Session.objects.select_related("participant").filter(participant__trial=trial)
    return sessions.order_by("participant__number", "number").iterator(chunk_size=500)


def performed_of(trial: Trial) -> Iterator[PerformedExercise]:
    """All exercises of all sessions of a trial, in order. To be consumed inside an opening."""
    rows = PerformedExercise.objects.select_related("session__participant")
    rows = rows.filter(session__participant__trial=trial)
    return rows.order_by("session__participant__number", "session__number", "order").iterator(chunk_size=500)
