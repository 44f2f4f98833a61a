"""What a participant agreed to: read and record."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import Email, Moment, Named, Strict, Text, YesNo
from api.operations import operation
from outcomes.actions import enrolment
from reminders.actions import consent_copies


class ConsentBody(Strict):
    version = Text(max_length=40, help_text=_("Of the document; the one in force."))
    language = Text(max_length=8)
    clauses = Named(child=YesNo(), help_text=_("Yes or no to each clause of the protocol, by its code."))
    explained_by = Email(help_text=_("The colleague who explained the trial."))
    signed_at = Moment()


class ConsentSerializer(Strict):
    version = serializers.CharField()
    language = serializers.CharField()
    clauses = serializers.DictField(child=serializers.BooleanField())
    explained_by = serializers.CharField(source="explained_by.email")
    signed_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()


class ConsentsDoor(TrialDoor):
    @operation(
        "participants_consents",
        _("Consents, the one in force first"),
        P.VIEW_PARTICIPANTS,
        answer=ConsentSerializer(many=True),
    )
    def get(self, request: Request, trial: str, number: str) -> Response:
        held = (
            self.participant(number)
            .consents.select_related("explained_by")
            .order_by("-signed_at", "-recorded_at", "pk")
        )
        return Response(ConsentSerializer(held, many=True).data)

    @operation(
        "participants_consent",
        _("Record a signed consent"),
        P.CONSENT,
        body=ConsentBody,
        answer=ConsentSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        explainer = self.colleague(self.sent.pop("explained_by"), "explained_by")
        recorded = enrolment.record_consent(
            participant=self.participant(number), explained_by=explainer, by=self.actor, **self.sent
        )
        consent_copies.send_if_wished(consent=recorded, by=self.actor)
        return Response(ConsentSerializer(recorded).data, status=201)
