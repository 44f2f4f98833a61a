"""When an appointment may be booked, moved or closed."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core import clock
from core.problems import Conflict, Problem
from participants.blindness import is_blind
from participants.codes import SESSION
from participants.models import Appointment, Milestone, Participant
from participants.policies import check_consented, check_not_withdrawn
from trials.models import Membership
from trials.protocol import Protocol
from trials.protocol.design import Purpose
from trials.queries import protocol_of

LONGEST_MINUTES = 720


def planned_for(participant: Participant, purpose: str) -> Purpose:
    """What the protocol says of a purpose."""
    for planned in protocol_of(participant.trial).appointments:
        if planned.code == purpose:
            return planned
    raise Problem("appointment.purpose", _("Choose what the appointment is for from the list."), field="purpose")


def check_may_book(participant: Participant, purpose: str) -> None:
    """The participant is in the trial, and sessions are booked here only until randomization."""
    check_not_withdrawn(participant)
    if purpose != SESSION:
        return
    check_consented(participant)
    check_before_randomization(participant)
    if participant.appointments.filter(purpose=SESSION, state=Appointment.State.BOOKED).exists():
        raise Conflict("appointment.booked", _("The first session is booked already. Move that appointment instead."))


def check_may_move(appointment: Appointment) -> None:
    """The participant is in the trial, and a session moves only until randomization."""
    check_not_withdrawn(appointment.participant)
    if appointment.purpose == SESSION:
        check_before_randomization(appointment.participant)


def check_before_randomization(participant: Participant) -> None:
    """Afterwards no session is booked or moved here."""
    if participant.milestones.filter(kind=Milestone.Kind.RANDOMIZED).exists():
        # Times of later sessions would tell the arm, so they are not kept among appointments.
        raise Conflict(
            "appointment.sessions",
            _("Sessions after randomization are planned by the therapist. Book the first session only."),
        )


def check_time(appointment: Appointment) -> None:
    """It lies ahead and lasts a sensible time."""
    if appointment.starts_at <= clock.now():
        raise Problem("appointment.past", _("This time has passed. Choose a later one."), field="starts_at")
    if not 1 <= appointment.minutes <= LONGEST_MINUTES:
        raise Problem("appointment.minutes", _("Enter a duration from 1 to 720 minutes."), field="minutes")


def check_place(protocol: Protocol, appointment: Appointment) -> None:
    """The place is one of the site's for this purpose; a site without places needs none."""
    places = protocol.site(appointment.participant.site.code).places
    fitting = [each.code for each in places if not each.purposes or appointment.purpose in each.purposes]
    if appointment.place not in fitting and (fitting or appointment.place):
        raise Problem("appointment.place", _("Choose one of the places for this purpose."), field="place")


def check_person(appointment: Appointment) -> None:
    """The person works at the site, and is no therapist: a therapist's profession tells the arm."""
    if appointment.person is None:
        return
    participant = appointment.participant
    held = Membership.objects.filter(user=appointment.person, trial=participant.trial, ended_at=None)
    roles = {each.role for each in held if each.site_id in (None, participant.site_id)}
    if not roles:
        raise Problem("appointment.person", _("Choose somebody who works in this trial at this site."), field="person")
    if Role.THERAPIST in roles:
        raise Problem(
            "appointment.therapist",
            _("A therapist's name could tell the arm. Leave the person empty; therapists see the booking."),
            field="person",
        )
    if not is_blind(participant, str(appointment.person.pk)):
        raise Problem(
            "appointment.not_blind",
            _("It is recorded that this person may know the participant's group. Choose somebody else."),
            field="person",
        )


def check_no_overlap(appointment: Appointment) -> None:
    """The participant is not expected elsewhere at the same time."""
    others = Appointment.objects.filter(
        participant=appointment.participant, state=Appointment.State.BOOKED, starts_at__lt=appointment.ends_at
    ).exclude(pk=appointment.pk)
    if any(other.ends_at > appointment.starts_at for other in others):
        raise Conflict(
            "appointment.overlap",
            _("The participant has another appointment then. Choose another time, or confirm that both are meant."),
            field="starts_at",
        )


def check_booked(appointment: Appointment) -> None:
    """Only what is still booked can be moved or closed."""
    if appointment.state != Appointment.State.BOOKED:
        raise Conflict(
            "appointment.closed",
            _("This appointment is no longer booked (%(state)s). Book a new one."),
            params={"state": appointment.get_state_display()},
        )


def check_started(appointment: Appointment) -> None:
    """Whether somebody came is known once it begins."""
    if appointment.starts_at > clock.now():
        raise Conflict(
            "appointment.ahead", _("This appointment has not begun yet. Come back once it has, or cancel it.")
        )
