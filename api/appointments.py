"""Booking, moving and cancelling appointments, told without the arm."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import Email, Moment, Strict, Text, Whole, YesNo
from api.operations import operation
from outcomes.actions import enrolment
from participants.actions import appointments
from participants.appointment_policies import LONGEST_MINUTES
from participants.codes import CancelReason, MoveReason
from participants.models import Appointment
from participants.queries import appointments_of
from trials.access import not_found

State = Appointment.State


class AppointmentBody(Strict):
    purpose = Text(max_length=40, help_text=_("The code of one of the protocol's."))
    starts_at = Moment()
    place = Text(max_length=40, allow_blank=True)
    minutes = Whole(required=False, min_value=1, max_value=LONGEST_MINUTES, help_text=_("If left out, the protocol's."))
    person = Email(required=False, help_text=_("The colleague who is met; never a therapist."))
    confirmed_overlap = YesNo(required=False)


class MoveBody(Strict):
    starts_at = Moment()
    reason_code = serializers.ChoiceField(MoveReason.choices)
    place = Text(max_length=40, required=False, allow_blank=True)
    minutes = Whole(required=False, min_value=1, max_value=LONGEST_MINUTES)
    person = Email(required=False)
    confirmed_overlap = YesNo(required=False)
    revision = Whole(min_value=0, max_value=2**31 - 1, help_text=_("Of the appointment as it was seen."))


class CancelBody(Strict):
    reason_code = serializers.ChoiceField(CancelReason.choices)


class OutcomeBody(Strict):
    state = serializers.ChoiceField([(each.value, each.label) for each in (State.KEPT, State.NO_SHOW)])


class AppointmentSerializer(Strict):
    id = serializers.UUIDField(source="pk")
    purpose = serializers.CharField()
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    place = serializers.CharField(allow_blank=True)
    person = serializers.CharField(source="person.email", allow_null=True, default=None)
    state = serializers.ChoiceField(State.choices)
    revision = serializers.IntegerField()


class AppointmentsDoor(TrialDoor):
    @operation(
        "appointments_list",
        _("Appointments of a participant, the latest first"),
        P.BOOK,
        answer=AppointmentSerializer(many=True),
    )
    def get(self, request: Request, trial: str, number: str) -> Response:
        return Response(AppointmentSerializer(appointments_of(self.participant(number)), many=True).data)

    @operation(
        "appointments_book",
        _("Book an appointment"),
        P.BOOK,
        body=AppointmentBody,
        answer=AppointmentSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        details = {**self.sent}
        if "person" in details:
            details["person"] = self.colleague(details["person"], "person")
        booked = enrolment.book_appointment(participant=self.participant(number), by=self.actor, **details)
        return Response(AppointmentSerializer(booked).data, status=201)


class OneAppointmentDoor(TrialDoor):
    def appointment(self, key: UUID) -> Appointment:
        """An appointment at one of the sites, or NotFound."""
        held = Appointment.objects.select_related("participant__trial", "participant__site", "person")
        found = held.filter(pk=key, participant__site__in=[site.pk for site in self.sites]).first()
        if found is None:
            raise not_found()
        return found


class MoveDoor(OneAppointmentDoor):
    @operation("appointments_move", _("Move an appointment"), P.BOOK, body=MoveBody, answer=AppointmentSerializer)
    def post(self, request: Request, trial: str, appointment: UUID) -> Response:
        details = {**self.sent}
        if "person" in details:
            details["person"] = self.colleague(details["person"], "person")
        moved = enrolment.move_appointment(appointment=self.appointment(appointment), by=self.actor, **details)
        return Response(AppointmentSerializer(moved).data)


class CancelDoor(OneAppointmentDoor):
    @operation("appointments_cancel", _("Cancel an appointment"), P.BOOK, body=CancelBody, answer=AppointmentSerializer)
    def post(self, request: Request, trial: str, appointment: UUID) -> Response:
        found = self.appointment(appointment)
        cancelled = enrolment.cancel_appointment(appointment=found, by=self.actor, **self.sent)
        return Response(AppointmentSerializer(cancelled).data)


class OutcomeDoor(OneAppointmentDoor):
    @operation(
        "appointments_close",
        _("Say whether the participant came"),
        P.BOOK,
        body=OutcomeBody,
        answer=AppointmentSerializer,
    )
    def post(self, request: Request, trial: str, appointment: UUID) -> Response:
        close = appointments.mark_kept if self.sent["state"] == State.KEPT else enrolment.mark_no_show
        return Response(AppointmentSerializer(close(appointment=self.appointment(appointment), by=self.actor)).data)
