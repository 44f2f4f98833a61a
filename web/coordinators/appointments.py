"""Booking, moving, cancelling and closing appointments."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from core import clock
from core.problems import Problem
from outcomes.actions import enrolment
from participants.actions import appointments as verbs
from participants.codes import CancelReason, MoveReason
from participants.models import Appointment, Participant
from reminders import appointment_links
from trials.access import not_found
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import SummaryRow
from web.coordinators.consents import staff_of
from web.coordinators.saving import about, answer, person_of
from web.forms import ChoiceField, ClockField, Form, NumberField, SplitDateField, moment, whole_number
from web.pages import TrialRequest, page
from web.shared.record_words import moment_in_words, place_name, purpose_name, say

OVERLAP = "appointment.overlap"


class BookingForm(Form):
    """When, where and with whom."""

    purpose = ChoiceField(label=gettext_lazy("What for"))
    starts_at = SplitDateField(label=gettext_lazy("Date"))
    time = ClockField()
    minutes = NumberField(
        label=gettext_lazy("Duration"),
        help_text=gettext_lazy("Left empty: as the protocol plans."),
        unit=gettext_lazy("minutes"),
        low=1,
        high=720,
        required=False,
    )
    place = ChoiceField(label=gettext_lazy("Place"), required=False)
    person = ChoiceField(
        label=gettext_lazy("With whom"),
        help_text=gettext_lazy("Never a therapist: the name could tell the arm."),
        as_list=True,
        required=False,
    )
    reason_code = ChoiceField(label=gettext_lazy("Why it is moved"), choices=MoveReason.choices)
    both_meant = forms.BooleanField(label=gettext_lazy("Both appointments are meant"), required=False)

    def __init__(
        self, protocol: Protocol, participant: Participant, data: Any = None, held: Appointment | None = None
    ) -> None:
        self.staff: dict[str, User] = {str(user.pk): user for user in staff_of(participant)}
        super().__init__(data, initial=_held(held, participant) if held else None)
        names = [(key, user.name) for key, user in self.staff.items()]
        self.fields["purpose"].choices = [(each.code, say(each.label)) for each in protocol.appointments]  # type: ignore[attr-defined]
        self.fields["place"].choices = _places(protocol, participant, held)  # type: ignore[attr-defined]
        self.fields["place"].required = bool(self.fields["place"].choices)  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", _("Nobody in particular")), *names]  # type: ignore[attr-defined]
        self._both = self.fields["both_meant"]
        if data is None or "both_meant_asked" not in data:
            del self.fields["both_meant"]
        del self.fields["purpose" if held is not None else "reason_code"]

    def ask_whether_both(self) -> None:
        """Show the box that says both appointments are meant."""
        self.fields["both_meant"] = self._both

    def details(self, zone: str) -> dict[str, Any]:
        """What the verbs take."""
        typed = self.cleaned_data
        return {
            "starts_at": moment(typed["starts_at"], typed["time"], zone),
            "minutes": typed["minutes"],
            "place": typed["place"],
            "person": self.staff.get(typed["person"]),
            "confirmed_overlap": bool(typed.get("both_meant")),
        }


def _held(appointment: Appointment, participant: Participant) -> dict[str, Any]:
    here = appointment.starts_at.astimezone(ZoneInfo(participant.site.time_zone))
    return {
        "starts_at": here.date(),
        "time": here.time(),
        "minutes": appointment.minutes,
        "place": appointment.place,
        "person": str(appointment.person_id or ""),
    }


def _places(protocol: Protocol, participant: Participant, held: Appointment | None) -> list[tuple[str, str]]:
    """Places of the site; when moving, only those for the purpose."""
    places = protocol.site(participant.site.code).places
    fitting = [each for each in places if held is None or not each.purposes or held.purpose in each.purposes]
    return [(each.code, say(each.label)) for each in fitting]


@page(Permission.BOOK, methods=("GET", "POST"))
def new(request: TrialRequest, number: str) -> HttpResponse:
    """Book."""
    participant = person_of(request, number)
    form = BookingForm(protocol_of(request.trial), participant, request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        details = form.details(participant.site.time_zone)
        with_question(
            form,
            lambda: enrolment.book_appointment(
                participant=participant, purpose=typed["purpose"], by=request.actor, **details
            ),
        )
        return _record(request, number)

    context = about(request, participant, title=_("Book an appointment"), submit=_("Book"))
    return answer(request, form, context, save, said=_("Booked."), template="coordinators/booking.html")


def with_question(form: BookingForm, verb: Any) -> None:
    """Do it; when it would overlap, the form asks whether both are meant."""
    try:
        verb()
    except Problem as problem:
        if problem.code == OVERLAP:
            form.ask_whether_both()
        raise


@page(Permission.BOOK)
def appointment(request: TrialRequest, number: str, appointment: UUID) -> HttpResponse:
    """One appointment, and what may be done with it."""
    participant, held = _find(request, number, appointment)
    protocol = protocol_of(request.trial)
    rows = [
        SummaryRow(_("When"), moment_in_words(held.starts_at, participant.site.time_zone)),
        SummaryRow(_("Duration"), _("%(minutes)d minutes") % {"minutes": held.minutes}),
        SummaryRow(_("Place"), place_name(protocol, participant.site.code, held.place)),
        SummaryRow(_("With"), held.person.name if held.person else _("Nobody in particular")),
        SummaryRow(_("State"), held.get_state_display()),
    ]
    context = {
        "title": purpose_name(protocol, held.purpose),
        "held": held,
        "rows": rows,
        "booked": held.state == Appointment.State.BOOKED,
        "begun": held.starts_at <= clock.now(),
        "address": appointment_links.link_for(held),
    }
    return render(request, "coordinators/appointment.html", about(request, participant, **context))


@page(Permission.BOOK, methods=("GET", "POST"))
def move(request: TrialRequest, number: str, appointment: UUID) -> HttpResponse:
    """Move; somebody else's move in between is told, and nothing typed is lost."""
    participant, held = _find(request, number, appointment)
    protocol = protocol_of(request.trial)
    form = BookingForm(protocol, participant, request.POST if request.method == "POST" else None, held)
    seen = request.POST.get("revision", "")

    def save(typed: dict[str, Any]) -> str:
        details = form.details(participant.site.time_zone)
        revision = whole_number(seen)
        with_question(
            form,
            lambda: enrolment.move_appointment(
                appointment=held, reason_code=typed["reason_code"], revision=revision, by=request.actor, **details
            ),
        )
        return _record(request, number)

    title = _("Move: %(purpose)s") % {"purpose": purpose_name(protocol, held.purpose)}
    context = about(request, participant, title=title, submit=_("Move"), revision=seen or held.revision)
    return answer(request, form, context, save, said=_("Moved."), template="coordinators/booking.html")


class CancelForm(Form):
    """Why."""

    reason_code = ChoiceField(label=gettext_lazy("Why it is cancelled"), choices=CancelReason.choices)


@page(Permission.BOOK, methods=("GET", "POST"))
def cancel(request: TrialRequest, number: str, appointment: UUID) -> HttpResponse:
    """Cancel, with a coded reason."""
    participant, held = _find(request, number, appointment)
    form = CancelForm(request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        enrolment.cancel_appointment(appointment=held, reason_code=typed["reason_code"], by=request.actor)
        return _record(request, number)

    title = _("Cancel: %(purpose)s") % {"purpose": purpose_name(protocol_of(request.trial), held.purpose)}
    lead = moment_in_words(held.starts_at, participant.site.time_zone)
    context = about(
        request, participant, title=title, lead=lead, submit=_("Cancel the appointment"), danger=True, keep=_("Keep it")
    )
    return answer(request, form, context, save, said=_("Cancelled."))


@page(Permission.BOOK, methods=("POST",))
def kept(request: TrialRequest, number: str, appointment: UUID) -> HttpResponse:
    """The participant came."""
    _participant, held = _find(request, number, appointment)
    verbs.mark_kept(appointment=held, by=request.actor)
    messages.success(request, _("Saved: the participant came."))
    return redirect(_record(request, number))


@page(Permission.BOOK, methods=("POST",))
def no_show(request: TrialRequest, number: str, appointment: UUID) -> HttpResponse:
    """The participant did not come."""
    _participant, held = _find(request, number, appointment)
    enrolment.mark_no_show(appointment=held, by=request.actor)
    messages.success(request, _("Saved: the participant did not come. Call, and book again."))
    return redirect(_record(request, number))


def _find(request: TrialRequest, number: str, key: UUID) -> tuple[Participant, Appointment]:
    participant = person_of(request, number)
    rows = Appointment.objects.select_related("participant__trial", "participant__site", "person")
    held = rows.filter(pk=key, participant=participant).first()
    if held is None:
        raise not_found()
    return participant, held


def _record(request: TrialRequest, number: str) -> str:
    return reverse("record", kwargs={"trial": request.trial.code, "number": number})
