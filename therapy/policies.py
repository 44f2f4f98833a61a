"""Who treats whom, and in which state a session may be recorded. All checks need the blindfold lifted."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor
from core import clock
from core.dates import date_format
from core.problems import Conflict, Problem
from participants.models import Participant, Withdrawal
from review.policies import check_not_locked
from therapy.models import Assignment, Cover, Session
from trials.models import Membership, Trial
from trials.protocol.programmes import Programme

LONGEST_COVER_DAYS = 92
CLOSE = timedelta(hours=1)
_ENDS_SESSIONS = {"intervention", "data"}


Qualifications = Sequence[tuple[UUID | None, str]]
"""What somebody is qualified for as a therapist: (site, or None for all; code of the qualification)."""


def qualifications_of(user_id: str, trial: Trial) -> Qualifications:
    """Somebody's qualifications as a therapist in a trial now."""
    return list(_therapists(trial).filter(user_id=user_id).values_list("site_id", "qualification"))


def suffices(held: Qualifications, site_id: UUID, programme: Programme) -> bool:
    """Whether qualifications allow to deliver a programme at a site. A programme may ask for none."""
    here = {qualification for site, qualification in held if site in (None, site_id)}
    return bool(here & set(programme.delivered_by)) if programme.delivered_by else bool(here)


def is_qualified(user_id: str, participant: Participant, programme: Programme | None) -> bool:
    """Whether somebody may deliver an arm's programme at the participant's site."""
    held = qualifications_of(user_id, participant.trial)
    return programme is not None and suffices(held, participant.site_id, programme)


def therapists_of(trial: Trial) -> list[UUID]:
    """Everybody who works as a therapist now."""
    return list(_therapists(trial).values_list("user_id", flat=True))


def withdrawn_from_sessions(participants: Iterable[UUID]) -> set[UUID]:
    """Who of some participants no longer takes part in the sessions."""
    rows = Withdrawal.objects.filter(participant__in=list(participants)).values_list("participant_id", "scopes")
    return {key for key, scopes in rows if set(scopes) & _ENDS_SESSIONS}


def _therapists(trial: Trial) -> QuerySet[Membership]:
    return Membership.objects.filter(trial=trial, role=Role.THERAPIST, ended_at=None, user__is_active=True)


def check_qualified(user: User, participant: Participant, programme: Programme | None) -> None:
    """Only a qualified therapist of the site takes over or covers."""
    if not is_qualified(str(user.pk), participant, programme):
        raise Problem(
            "assignment.unqualified",
            _("%(name)s is not a therapist of this site who is qualified for this programme. Choose another."),
            field="therapist",
            params={"name": user.name},
        )


def check_other(user: User, by: Actor) -> None:
    """Nobody hands over to, or covers for, themselves."""
    if str(user.pk) == by.id:
        raise Problem("assignment.self", _("Choose another person than yourself."), field="therapist")


def assignment_of(participant: Participant) -> Assignment | None:
    """Who is assigned now."""
    return Assignment.objects.select_related("therapist").filter(participant=participant, until=None).first()


def covers_today(assignment: Assignment, user_id: str, today: date) -> bool:
    """Whether somebody covers for the assigned therapist today."""
    covers = Cover.objects.filter(assignment=assignment, therapist_id=UUID(user_id))
    return covers.filter(starts_on__lte=today, ends_on__gte=today).exists()


def check_reason(reason: str) -> None:
    """Handovers and corrections are explained."""
    if not reason.strip():
        raise Problem("therapy.reason", _("Say why."), field="reason")


def check_cover_days(starts_on: date, ends_on: date, today: date) -> None:
    """Leave has a first and a last day, and is not over."""
    if ends_on < starts_on:
        raise Problem("cover.days", _("The last day is before the first. Correct the dates."), field="ends_on")
    if ends_on < today:
        raise Problem("cover.past", _("These days are over. Enter the days of the leave to come."), field="ends_on")
    if (ends_on - starts_on).days >= LONGEST_COVER_DAYS:
        raise Problem(
            "cover.long",
            _("A cover lasts %(most)d days at most. Hand the participant over instead."),
            field="ends_on",
            params={"most": LONGEST_COVER_DAYS},
        )


def check_no_other_cover(assignment: Assignment, starts_on: date, ends_on: date) -> None:
    """One person covers at a time."""
    if Cover.objects.filter(assignment=assignment, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Conflict("cover.overlaps", _("Somebody covers on some of these days already. Choose other days."))


def check_in_trial(participant: Participant) -> None:
    """Nothing is recorded in a locked trial."""
    check_not_locked(participant.trial)


def check_number(number: int, recorded: int, programme: Programme) -> None:
    """Sessions are recorded in order, each once."""
    if number <= recorded:
        raise Conflict(
            "session.recorded",
            _("Session %(number)d is recorded already. Nothing was saved: look at it, or correct it."),
            field="number",
            params={"number": number},
        )
    if recorded >= programme.sessions:
        raise Problem(
            "session.all",
            _("All %(count)d sessions are recorded."),
            field="number",
            params={"count": programme.sessions},
        )
    if number != recorded + 1:
        raise Problem(
            "session.order",
            _("Record session %(next)d first."),
            field="number",
            params={"next": recorded + 1},
        )


def check_held_at(participant: Participant, held_at: datetime, randomized_at: datetime, number: int) -> None:
    """Held in the past, not before randomization or the session before, nor after withdrawal."""
    zone = participant.site.time_zone
    day = clock.day_of(held_at, zone)
    if held_at > clock.now():
        raise _held_at(_("This moment is in the future. Record the session once it is over."))
    if day < clock.day_of(randomized_at, zone):
        raise _held_at(_("This is before the participant was randomized. Correct the date."))
    left_on = withdrew_on(participant)
    if left_on is not None and day > left_on:
        sentence = _("The participant withdrew from the sessions on %(day)s. No later session is recorded.")
        raise _held_at(sentence, day=date_format(left_on, "j F Y"))
    beside = Session.objects.filter(participant=participant)
    if beside.filter(number__lt=number, held_at__gt=held_at).exists():
        raise _held_at(_("This is before the session before it. Correct the date."))
    if beside.filter(number__gt=number, held_at__lt=held_at).exists():
        raise _held_at(_("This is after the session after it. Correct the date."))


def check_apart(recorded: Sequence[Session], held_at: datetime, zone: str) -> None:
    """Two sessions within an hour are more often one that was entered twice: asked about."""
    for session in recorded:
        if session.attended and abs(session.held_at - held_at) < CLOSE:
            raise Problem(
                "session.close",
                _("Session %(number)d was held at %(time)s, within an hour. Correct the time, or confirm both below."),
                field="close_confirmed",
                params={
                    "number": session.number,
                    "time": date_format(localtime(session.held_at, ZoneInfo(zone)), "H:i"),
                },
            )


def check_moved(session: Session) -> None:
    """A session that was moved says from which day and why; from another day than its own."""
    if (session.planned_on is None) != (not session.moved_code):
        sentence = _("It was moved: enter the day it was planned for, and why it was moved.")
        raise Problem("session.moved", sentence, field="planned_on" if session.moved_code else "moved_code")
    if session.planned_on == clock.day_of(session.held_at, session.participant.site.time_zone):
        sentence = _("It was held on the day it was planned for: leave this empty.")
        raise Problem("session.moved", sentence, field="planned_on")


def withdrew_on(participant: Participant) -> date | None:
    """The first day on which somebody no longer takes part in the sessions, or None."""
    rows = Withdrawal.objects.filter(participant=participant).values_list("day", "scopes")
    return min((day for day, scopes in rows if _ENDS_SESSIONS & set(scopes)), default=None)


def _held_at(sentence: object, **params: object) -> Problem:
    return Problem("session.held_at", sentence, field="held_at", params=params)  # type: ignore[arg-type]
