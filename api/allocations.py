"""Randomizing through the door for the blind: what must hold first, and a receipt that tells no arm."""

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import Strict, Whole
from api.models import IdempotencyKey
from api.operations import Operation, operation
from core import clock
from core.problems import Conflict, Problem
from participants.models import Participant
from participants.policies import BEFORE_RANDOMIZATION
from randomization import door
from trials.access import not_found, refused
from trials.queries import protocol_of

HEADER = "Idempotency-Key"
KEY = r"^[A-Za-z0-9_-]{8,64}$"
HEADERS = (
    OpenApiParameter(
        HEADER,
        {"type": "string", "pattern": KEY},
        OpenApiParameter.HEADER,
        required=True,
        description=_("Your own name for this request, of use for you alone. Sent again, it gives the same answer."),  # type: ignore[arg-type]
    ),
)


class PreconditionSerializer(Strict):
    code = serializers.CharField()
    sentence = serializers.CharField()
    met = serializers.BooleanField()


class ReceiptSerializer(Strict):
    study_number = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()


class ReadinessSerializer(Strict):
    ready = serializers.BooleanField()
    revision = serializers.IntegerField(help_text=_("Of the participant; send it back as seen."))
    preconditions = PreconditionSerializer(many=True)
    receipt = ReceiptSerializer(
        allow_null=True,
        help_text=_("What became of a request of yours whose answer was lost: its receipt, or null if it did nothing."),
    )


class AllocationBody(Strict):
    seen = Whole(min_value=0, max_value=2**31 - 1, help_text=_("The revision of the participant that was read."))


class AllocationDoor(TrialDoor):
    """For the roles that the protocol names; any other is refused before the participant is sought."""

    def enter(self, operation: Operation, **kwargs: object) -> None:
        super().enter(operation, **kwargs)
        plan = protocol_of(self.trial).randomization
        if plan is None or not self.audience & set(plan.roles):
            raise refused()

    @operation(
        "allocations_preconditions",
        _("What must hold before somebody is randomized"),
        P.RANDOMIZE,
        answer=ReadinessSerializer,
    )
    def get(self, request: Request, trial: str, number: str) -> Response:
        participant = self.participant_to_randomize(number)
        receipt = door.earlier_receipt(participant=participant, by=self.actor)
        found = self._told(participant, receipt)
        ready = all(each.met for each in found)
        told = {"ready": ready, "revision": participant.revision, "preconditions": found, "receipt": receipt}
        return Response(ReadinessSerializer(told).data)

    def _told(self, participant: Participant, receipt: door.Receipt | None) -> list[door.Precondition]:
        """The preconditions; to therapists of their own receipt no more than that, of others' participants nothing."""
        found = door.preconditions(participant, by=self.actor)
        if self.holds(P.VIEW_PARTICIPANTS) or participant.state in BEFORE_RANDOMIZATION:
            return found
        if receipt is None:
            raise not_found()
        return [each for each in found if each.code == "not_randomized"]

    @operation(
        "allocations_allocate",
        _("Randomize, and get a receipt"),
        P.RANDOMIZE,
        body=AllocationBody,
        answer=ReceiptSerializer,
        status=201,
        headers=HEADERS,
        more=_(
            "Never undone. Sent again as it was (same key, same participant, same body) it changes nothing and gives "
            "the same answer, also while the first is under way. A refused request leaves its key free."
        ),
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        key = request.headers.get(HEADER, "")
        if not re.fullmatch(KEY, key):
            raise _no_key()
        participant, seen = self.participant_to_randomize(number), self.sent["seen"]
        with transaction.atomic():
            is_new = self._is_new(key, participant, seen)
            earlier = None if is_new else door.earlier_receipt(participant=participant, by=self.actor)
            receipt = earlier or door.allocate(participant=participant, by=self.actor, seen=seen)
        return Response(ReceiptSerializer(receipt).data, status=201)

    def _is_new(self, key: str, participant: Participant, seen: int) -> bool:
        """Remember the key; False if this very request came before. Of two at once the second waits here.

        Raises Conflict if another request had the key.
        """
        request = {"participant": participant, "seen": seen, "used_at": clock.now()}
        held, is_new = IdempotencyKey.objects.get_or_create(user_id=self.actor.id, key=key, defaults=request)
        if (held.participant_id, held.seen) != (participant.pk, seen):
            raise Conflict(
                "idempotency.reused",
                _("This key was used for another request. Send that one again as it was, or choose a new key."),
                field=HEADER,
            )
        return is_new


def _no_key() -> Problem:
    return Problem(
        "idempotency.missing",
        _("Send an Idempotency-Key of 8 to 64 letters, digits, - or _, a new one for each participant."),
        field=HEADER,
    )
