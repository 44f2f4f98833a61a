"""Correcting a recorded session, with a reason; the trail keeps what was there."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any, Unpack

from audit.actors import Actor
from audit.acts import Act, act, check_seen
from audit.classes import FieldClass
from participants.models import Participant
from therapy import course, policies
from therapy.actions.sessions import Details, check_status, hand_down, read_exercises, store
from therapy.care import Care, treating
from therapy.exercises import Entry
from therapy.models import PerformedExercise, Session
from trials.access import not_found

_RATED = ("minutes", "pain_before", "pain_during", "pain_after", "effort")
_HELD_ONLY: dict[str, Any] = {**dict.fromkeys(_RATED), "events_noted": False}


def correct(
    *,
    participant: Participant,
    number: int,
    reason: str,
    by: Actor,
    status: str | None = None,
    held_at: datetime | None = None,
    exercises: Sequence[Entry] | None = None,
    seen: int | None = None,
    **details: Unpack[Details],
) -> Session:
    """Change what was recorded of a session; what is left out stays. ``exercises``, if given, are all of them.

    A session that turns out not to have been held loses its minutes, ratings and sets. ``seen`` is the
    revision that was looked at: Conflict if somebody corrected it meanwhile. NotFound if it is not recorded.
    """
    policies.check_reason(reason)
    policies.check_in_trial(participant)
    with (
        treating(participant, by) as care,
        act(
            "session.correct", grant=care.grant, subject=participant, reason=reason, secrecy=FieldClass.UNBLINDING
        ) as a,
    ):
        session = _session(participant, number, seen)
        values: dict[str, Any] = {"status": status or session.status, "held_at": held_at or session.held_at, **details}
        policies.check_held_at(participant, values["held_at"], care.allocation.at, number)
        policies.check_moved(_as_told(session, values))
        return _apply(a, session, care, values, exercises)


def _session(participant: Participant, number: int, seen: int | None) -> Session:
    session = Session.objects.select_for_update().filter(participant=participant, number=number).first()
    if session is None:
        raise not_found()
    check_seen(session, seen)
    session.participant = participant
    return session


def _as_told(session: Session, values: dict[str, Any]) -> Session:
    """The session as it would be, to be checked."""
    told = copy(session)
    for name, value in values.items():
        setattr(told, name, value)
    return told


def _apply(a: Act, session: Session, care: Care, values: dict[str, Any], exercises: Sequence[Entry] | None) -> Session:
    held_before = session.attended
    held = values["status"] in Session.ATTENDED
    if not held and held_before:
        values = {**_HELD_ONLY, **values}
    check_status(values["status"], values.get("reason_code", session.reason_code))
    a.change(session, **values)
    kind = course.type_by_code(care.programme, session.session_type)
    if exercises is not None or held != held_before:
        rows = read_exercises(session, care, kind, exercises or ())
        _replace(a, session, rows)
    hand_down(session, care)
    return session


def _replace(a: Act, session: Session, rows: list[PerformedExercise]) -> None:
    """Bring the stored exercises in step; those no longer told of are kept as left out."""
    stored = {row.exercise: row for row in PerformedExercise.objects.filter(session=session)}
    store(a, session, [row for row in rows if row.exercise not in stored])
    told = {row.exercise: row for row in rows}
    for code, row in stored.items():
        new = told.get(
            code, PerformedExercise(status=PerformedExercise.Status.DROPPED, reason_code=session.reason_code)
        )
        kept = ("status", "performed", "pain", "instead", "reason_code", "rule", "suggested", "decision", "why_code")
        a.change(row, **{name: getattr(new, name) for name in kept})
