"""Appointments: ahead, in a place of the site, told without the arm; the first session hands down its day."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit.models import Change
from core import clock
from core.problems import Conflict, Problem, Refused
from participants.actions import appointments
from participants.models import Appointment, Participant
from participants.queries import appointments_of, milestones_of
from tests.cast import MONDAY, Cast, actor, book_first_session, hand_down_randomized

TUESDAY = MONDAY + timedelta(days=1)


def book(participant: Participant, cast: Cast, **changes: Any) -> Appointment:
    known: dict[str, Any] = {"purpose": "assessment", "starts_at": TUESDAY, "place": "reception"}
    return appointments.book(participant=participant, **{**known, "by": actor(cast.elise), **changes})


def first_session_day(participant: Participant) -> date | None:
    return {m.kind: m.day for m in milestones_of(participant)}.get("first_session_booked")


def test_booking_takes_the_protocols_duration(eligible: Participant, cast: Cast) -> None:
    booked = book(eligible, cast, person=cast.amelie)
    assert (booked.state, booked.minutes, booked.ends_at) == ("booked", 120, TUESDAY + timedelta(hours=2))
    assert appointments_of(eligible) == [booked]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_at": MONDAY}, "appointment.past"),
        ({"minutes": 0}, "appointment.minutes"),
        ({"place": "imaging"}, "appointment.place"),
        ({"place": ""}, "appointment.place"),
        ({"purpose": "party"}, "appointment.purpose"),
    ],
)
def test_an_impossible_booking_is_refused(eligible: Participant, cast: Cast, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as caught:
        book(eligible, cast, **change)
    assert caught.value.code == code
    assert not Appointment.objects.exists()


def test_a_therapist_is_never_named(eligible: Participant, cast: Cast) -> None:
    for therapist in (cast.marc, cast.priya):
        with pytest.raises(Problem, match="could tell the arm"):
            book(eligible, cast, person=therapist)


def test_overlap_is_warned_of_and_may_be_meant(eligible: Participant, cast: Cast) -> None:
    book(eligible, cast)
    during = {"purpose": "mri", "place": "imaging", "starts_at": TUESDAY + timedelta(minutes=119)}
    with pytest.raises(Conflict, match="another appointment then"):
        book(eligible, cast, **during)
    book(eligible, cast, **{**during, "starts_at": TUESDAY + timedelta(minutes=120)})
    book(eligible, cast, **during, confirmed_overlap=True)
    assert Appointment.objects.count() == 3


def test_moving_keeps_where_it_was(eligible: Participant, cast: Cast) -> None:
    booked = book(eligible, cast)
    moved = appointments.move(
        appointment=booked, reason_code="participant", starts_at=TUESDAY + timedelta(minutes=30), by=actor(cast.elise)
    )
    assert (moved.starts_at, moved.place) == (TUESDAY + timedelta(minutes=30), "reception")
    history = Change.objects.get(record_id=str(booked.pk), field="starts_at", old__isnull=False)
    assert history.old == '"2026-03-03T15:00:00+00:00"'
    with pytest.raises(Problem, match="has passed"):
        appointments.move(appointment=booked, reason_code="participant", starts_at=MONDAY, by=actor(cast.elise))


def test_the_second_of_two_people_moving_is_told(eligible: Participant, cast: Cast) -> None:
    booked = book(eligible, cast)
    seen = booked.revision
    appointments.move(
        appointment=booked,
        reason_code="participant",
        starts_at=TUESDAY + timedelta(hours=1),
        by=actor(cast.elise),
        revision=seen,
    )
    with pytest.raises(Conflict, match="Somebody else"):
        appointments.move(
            appointment=booked, reason_code="participant", starts_at=TUESDAY, by=actor(cast.elise), revision=seen
        )


def test_whether_somebody_came_is_told_once_it_began_and_only_once(eligible: Participant, cast: Cast) -> None:
    kept, missed = book(eligible, cast), book(eligible, cast, starts_at=TUESDAY + timedelta(days=1))
    with pytest.raises(Conflict, match="has not begun"):
        appointments.mark_kept(appointment=kept, by=actor(cast.elise))
    clock.advance(timedelta(days=3))
    assert appointments.mark_kept(appointment=kept, by=actor(cast.elise)).state == "kept"
    assert appointments.mark_no_show(appointment=missed, by=actor(cast.elise)).state == "no_show"
    with pytest.raises(Conflict, match="no longer booked"):
        appointments.cancel(appointment=kept, reason_code="other", by=actor(cast.elise))


def test_the_first_session_hands_down_its_day_and_moves_it(consented: Participant, cast: Cast) -> None:
    booked = book_first_session(consented)
    assert first_session_day(consented) == date(2026, 3, 9)
    appointments.move(
        appointment=booked,
        reason_code="participant",
        starts_at=booked.starts_at + timedelta(days=2),
        by=actor(cast.elise),
    )
    assert first_session_day(consented) == date(2026, 3, 11)
    with pytest.raises(Conflict, match="booked already"):
        book_first_session(consented)
    appointments.cancel(appointment=booked, reason_code="illness", by=actor(cast.elise))
    assert first_session_day(consented) is None
    book_first_session(consented, starts_at=MONDAY + timedelta(days=10))
    assert first_session_day(consented) == date(2026, 3, 12)


def test_no_session_before_consent_and_none_here_after_randomization(
    eligible: Participant, consented: Participant, cast: Cast
) -> None:
    with pytest.raises(Conflict, match="no consent"):
        book_first_session(eligible)
    booked = book_first_session(consented)
    hand_down_randomized(consented)
    clock.advance(timedelta(days=8))
    appointments.mark_kept(appointment=booked, by=actor(cast.elise))
    with pytest.raises(Conflict, match="planned by the therapist"):
        book_first_session(consented)
    assert first_session_day(consented) == date(2026, 3, 9)


def test_only_those_who_book_do(eligible: Participant, cast: Cast) -> None:
    for other in (cast.amelie, cast.marc, cast.tomas):
        with pytest.raises(Refused):
            book(eligible, cast, by=actor(other))


def test_two_people_booking_the_first_session_the_second_is_told(consented: Participant) -> None:
    first, second = (Participant.objects.get(pk=consented.pk) for _copy in range(2))
    book_first_session(first)
    with pytest.raises(Conflict, match="booked already"):
        book_first_session(second)


def test_the_first_session_stays_where_it_was_once_somebody_is_randomized(consented: Participant, cast: Cast) -> None:
    """Moved afterwards, its time would follow the arm's therapist."""
    booked = book_first_session(consented)
    hand_down_randomized(consented)
    with pytest.raises(Conflict, match="planned by the therapist"):
        appointments.move(
            appointment=booked, reason_code="participant", starts_at=TUESDAY + timedelta(days=1), by=actor(cast.elise)
        )
    booked.refresh_from_db()
    assert booked.starts_at != TUESDAY + timedelta(days=1)
