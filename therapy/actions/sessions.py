"""The session log: what was done, recorded once, in order; corrected with a reason."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import Actor, ActorKind, Origin
from audit.acts import Act, act
from audit.classes import FieldClass
from core import clock
from core.problems import Problem
from outcomes.actions import visits
from participants.actions import milestones
from participants.models import Milestone, Participant
from therapy import course, policies
from therapy.care import Care, treating
from therapy.codes import NotAsPlanned
from therapy.exercises import Entry, Reader, check_nothing_performed
from therapy.models import PerformedExercise, Session
from trials.access import system_grant
from trials.protocol.programmes import SessionType
from trials.queries import protocol_of

UNBLINDING = FieldClass.UNBLINDING


class Details(TypedDict, total=False):
    """What may be said of a session besides its exercises: minutes, pain and effort from 0 to 10, codes, a note.

    ``planned_on`` and ``moved_code``: the day from which it was moved, and why; both or neither.
    """

    reason_code: str
    minutes: int | None
    pain_before: int | None
    pain_during: int | None
    pain_after: int | None
    effort: int | None
    note: str
    events_noted: bool
    setting: str
    planned_on: date | None
    moved_code: str


def record(
    *,
    participant: Participant,
    number: int,
    status: str,
    held_at: datetime,
    by: Actor,
    exercises: Sequence[Entry] = (),
    close_confirmed: bool = False,
    **details: Unpack[Details],
) -> Session:
    """Record the next session; ``held_at`` is when it was, or would have been, held.

    ``exercises`` are ``{exercise, status, sets, instead, reason_code, why_code, pain}``; see ``therapy.exercises``.
    ``close_confirmed``: that two sessions were held within an hour is so. Raises Invalid or Problem for what cannot
    be, Conflict when this session was recorded meanwhile.
    """
    policies.check_in_trial(participant)
    check_status(status, details.get("reason_code", ""))
    with (
        treating(participant, by) as care,
        act("session.record", grant=care.grant, subject=participant, secrecy=UNBLINDING) as a,
    ):
        # The second of two people recording the same session waits here, and is told.
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        recorded = course.recorded_sessions(participant)
        policies.check_number(number, len(recorded), care.programme)
        policies.check_held_at(participant, held_at, care.allocation.at, number)
        if status in Session.ATTENDED and not close_confirmed:
            policies.check_apart(recorded, held_at, participant.site.time_zone)
        kind = course.type_of_next(care.programme, recorded)
        session = Session(participant=participant, number=number, session_type=kind.code, status=status, **details)
        _sign(session, held_at, by)
        policies.check_moved(session)
        rows = read_exercises(session, care, kind, exercises)
        a.create(session)
        store(a, session, rows)
        hand_down(session, care)
        return session


def check_status(status: str, reason_code: str) -> None:
    """A session that was not held in full says why."""
    if status not in Session.Status.values:
        raise Problem("session.status", _("Say whether the session was held, shortened or missed."), field="status")
    if reason_code and reason_code not in NotAsPlanned.values:
        raise Problem("session.reason", _("Choose a reason from the list."), field="reason_code")
    if status != Session.Status.DONE and not reason_code:
        raise Problem("session.reason", _("Choose why it was not held as planned."), field="reason_code")
    if status == Session.Status.DONE and reason_code:
        raise Problem("session.reason", _("It was held as planned: leave the reason empty."), field="reason_code")


def read_exercises(
    session: Session, care: Care, kind: SessionType, entries: Sequence[Entry]
) -> list[PerformedExercise]:
    """The rows of a session's exercises, checked against what was prescribed before it; none if it was not held."""
    if not session.attended:
        check_nothing_performed(session, entries)
        return []
    prescribed = course.prescribe(session.participant, care.programme, kind, before=session.number)
    laid_out = {each.exercise.code: each for each in prescribed}
    return Reader(care.programme, kind, laid_out, session.status == Session.Status.SHORTENED).read(entries)


def _sign(session: Session, held_at: datetime, by: Actor) -> None:
    zone = session.participant.site.time_zone
    session.therapist = User.objects.get(pk=by.id)
    session.held_at, session.recorded_at, session.recorded_by = held_at, clock.now(), by.id
    session.late = clock.day_of(session.recorded_at, zone) > clock.day_of(held_at, zone)


def store(a: Act, session: Session, rows: list[PerformedExercise]) -> None:
    """Save the exercises of a session within its act."""
    for row in rows:
        row.session = session
    a.create_each(rows)


def hand_down(session: Session, care: Care) -> None:
    """The day of a session that the protocol counts from, and of the last one; nothing of any other.

    In nobody's name: a therapist's would tell the arm.
    """
    participant = session.participant
    last = session.number == care.programme.sessions
    reached = {("session", session.number)} if session.attended or last else set()
    if last:
        reached.add(("last_session", 0))
    planned = protocol_of(participant.trial).visits
    due = sorted(reached & {(visit.anchor.milestone, visit.anchor.number or 0) for visit in planned})
    if not due:
        return
    day = clock.day_of(session.held_at, participant.site.time_zone)
    grant = system_grant(participant.trial, Actor(ActorKind.SYSTEM, "therapy", "Session log", Origin.TASK))
    for kind, number in due:
        milestones.hand_down(participant=participant, kind=Milestone.Kind(kind), number=number, day=day, grant=grant)
    visits.lay_out(participant=participant, grant=grant)
