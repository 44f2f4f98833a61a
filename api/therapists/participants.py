"""Whom the caller treats, and the first session at which somebody is randomized."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import Strict, Whole
from api.operations import Operation, operation
from therapy.actions import assignments
from therapy.actions.first_session import randomize_at_first_session
from therapy.queries import participants_of
from trials.access import refused
from trials.queries import protocol_of


class TreatedSerializer(Strict):
    number = serializers.CharField(source="participant.number")
    arm = serializers.CharField()
    sessions_recorded = serializers.IntegerField(source="recorded")
    sessions_planned = serializers.IntegerField(source="programme.sessions")
    covering = serializers.BooleanField(help_text=_("In the caller's care only while a colleague is away."))


class FirstSessionBody(Strict):
    seen = Whole(
        required=False, min_value=0, max_value=2**31 - 1, help_text=_("The revision of the participant that was read.")
    )


class FirstSessionSerializer(Strict):
    study_number = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    arm = serializers.CharField(
        allow_null=True, help_text=_("Empty when asked again once somebody else treats, or an hour later.")
    )
    assigned = serializers.BooleanField(help_text=_("The caller is qualified for this arm, and treats."))
    already = serializers.BooleanField(help_text=_("The caller asked before; nothing was changed."))


class AssignmentBody(Strict):
    """Nothing needs to be said."""


class AssignmentSerializer(Strict):
    number = serializers.CharField(source="participant.number")
    since = serializers.DateTimeField()


class TreatedDoor(TrialDoor):
    @operation(
        "therapy_participants",
        _("Whom the caller treats, or covers for today"),
        P.LOG_SESSION,
        answer=TreatedSerializer(many=True),
    )
    def get(self, request: Request, trial: str) -> Response:
        return Response(TreatedSerializer(participants_of(self.actor, self.trial), many=True).data)


class FirstSessionDoor(TrialDoor):
    """Where the protocol lets therapists randomize; elsewhere refused before the participant is sought."""

    def enter(self, operation: Operation, **kwargs: Any) -> None:
        super().enter(operation, **kwargs)
        plan = protocol_of(self.trial).randomization
        if plan is None or "therapist" not in plan.roles:
            raise refused()

    @operation(
        "therapy_first_session",
        _("Randomize at the first session, and learn the arm"),
        P.LOG_SESSION,
        body=FirstSessionBody,
        answer=FirstSessionSerializer,
        more=_("Never undone. The same caller asking again changes nothing and gets the same receipt."),
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        seen = self.sent.get("seen")
        told = randomize_at_first_session(participant=self.participant_to_randomize(number), by=self.actor, seen=seen)
        facts = {"arm": told.arm, "assigned": told.assigned, "already": told.already}
        return Response(FirstSessionSerializer({**asdict(told.receipt), **facts}).data)


class AssignmentDoor(TrialDoor):
    @operation(
        "therapy_take",
        _("Take over a randomized participant whom nobody treats"),
        P.LOG_SESSION,
        body=AssignmentBody,
        answer=AssignmentSerializer,
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        taken = assignments.take(participant=self.participant(number), by=self.actor)
        return Response(AssignmentSerializer(taken).data)
