"""The session log of a participant in the caller's care."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import Day, Moment, Strict, Text, Whole, YesNo
from api.operations import operation
from api.therapists.session_shapes import ExerciseBody, SessionDetailSerializer, SessionLogSerializer
from participants.models import Participant
from therapy import queries
from therapy.actions import corrections, sessions
from therapy.codes import Moved, NotAsPlanned
from therapy.course import NextSession
from therapy.details import details_of
from therapy.dose import MOST_SETS
from therapy.models import Session
from therapy.models.session import LONGEST_MINUTES, LONGEST_NOTE

MOST_EXERCISES = 60


class DetailsBody(Strict):
    held_at = Moment(help_text=_("When it was held, or would have been."))
    status = serializers.ChoiceField(Session.Status.choices)
    reason_code = serializers.ChoiceField(NotAsPlanned.choices, required=False, allow_blank=True)
    minutes = Whole(required=False, allow_null=True, min_value=1, max_value=LONGEST_MINUTES)
    pain_before = Whole(required=False, allow_null=True, min_value=0, max_value=10)
    pain_during = Whole(required=False, allow_null=True, min_value=0, max_value=10)
    pain_after = Whole(required=False, allow_null=True, min_value=0, max_value=10)
    effort = Whole(required=False, allow_null=True, min_value=0, max_value=10)
    note = Text(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    events_noted = YesNo(required=False)
    planned_on = Day(required=False, allow_null=True, help_text=_("The day from which it was moved, if it was."))
    moved_code = serializers.ChoiceField(Moved.choices, required=False, allow_blank=True)
    setting = Text(required=False, allow_blank=True, max_length=40)
    exercises = serializers.ListField(child=ExerciseBody(), required=False, max_length=MOST_EXERCISES)


class SessionBody(DetailsBody):
    number = Whole(min_value=1, max_value=1000, help_text=_("The next one's; sessions are recorded in order."))
    close_confirmed = YesNo(required=False, help_text=_("That two sessions were held within an hour is so."))


class CorrectionBody(DetailsBody):
    """What is left out stays."""

    held_at = Moment(required=False)
    status = serializers.ChoiceField(Session.Status.choices, required=False)
    reason = Text()
    seen = Whole(min_value=0, max_value=2**31 - 1, help_text=_("The revision of the session that was read."))


class LogDoor(TrialDoor):
    def detail(self, participant: Participant, number: int) -> Any:
        """A recorded session with its exercises."""
        session, exercises = queries.session_by_number(participant, number, self.actor)
        return SessionDetailSerializer({"session": session, "exercises": exercises}).data


class SessionsDoor(LogDoor):
    @operation(
        "therapy_sessions",
        _("All sessions of the programme, and the next one laid out"),
        P.LOG_SESSION,
        answer=SessionLogSerializer,
    )
    def get(self, request: Request, trial: str, number: str) -> Response:
        participant = self.participant(number)
        cells = queries.grid_of(participant, self.actor)
        following = queries.next_session(participant, self.actor)
        told = {"sessions": cells, "next": following and _laid_out(following)}
        return Response(SessionLogSerializer(told).data)

    @operation(
        "therapy_record_session",
        _("Record the next session"),
        P.LOG_SESSION,
        body=SessionBody,
        answer=SessionDetailSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        participant = self.participant(number)
        recorded = sessions.record(participant=participant, by=self.actor, **self.sent)
        return Response(self.detail(participant, recorded.number), status=201)


class SessionDoor(LogDoor):
    @operation("therapy_session", _("One recorded session"), P.LOG_SESSION, answer=SessionDetailSerializer)
    def get(self, request: Request, trial: str, number: str, session: int) -> Response:
        return Response(self.detail(self.participant(number), session))


class CorrectionsDoor(LogDoor):
    @operation(
        "therapy_correct_session",
        _("Correct a recorded session, with a reason"),
        P.LOG_SESSION,
        body=CorrectionBody,
        answer=SessionDetailSerializer,
    )
    def post(self, request: Request, trial: str, number: str, session: int) -> Response:
        participant = self.participant(number)
        corrections.correct(participant=participant, number=session, by=self.actor, **self.sent)
        return Response(self.detail(participant, session))


def _laid_out(following: NextSession) -> dict[str, Any]:
    return {
        "number": following.number,
        "session_type": following.kind.code,
        "exercises": [
            {
                "exercise": each.exercise.code,
                "label": str(each.exercise.label),
                "sets": each.sets[:MOST_SETS],
                "last_on": each.last_on,
                "suggested_load": each.suggested_load,
                "details": details_of(each.exercise),
            }
            for each in following.exercises
        ],
    }
