"""What sessions look like in JSON."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import Strict, Text, Whole
from therapy.codes import AgainstRule, NotAsPlanned
from therapy.course import PLANNED
from therapy.details import DETAILS
from therapy.dose import MOST_SETS
from therapy.models import PerformedExercise, Session


@extend_schema_field({"type": "number"})
class Number(serializers.Field[Any, Any, Any, Any]):
    """A number; neither "3" nor true is one."""

    def to_internal_value(self, data: Any) -> int | float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise serializers.ValidationError(_("Enter a number."), "number")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class SetSerializer(Strict):
    """One set; each only where it was measured."""

    reps = Number(required=False)
    load = Number(required=False)
    unit = Text(required=False, max_length=20)
    seconds = Number(required=False)
    effort = Number(required=False)
    tempo = Text(
        required=False, max_length=11, help_text=_("Seconds of lifting, pause, lowering, pause, such as 2-0-4-0.")
    )
    rest = Number(required=False, help_text=_("Seconds of rest after the set."))
    angle = Number(required=False, help_text=_("Range of motion, degrees."))
    time_under_load = Number(required=False, help_text=_("Seconds under load."))


class ExerciseBody(Strict):
    exercise = Text(max_length=40)
    status = serializers.ChoiceField(PerformedExercise.Status.choices)
    sets = serializers.ListField(child=SetSerializer(), required=False, max_length=MOST_SETS)
    instead = Text(required=False, max_length=40)
    reason_code = serializers.ChoiceField(NotAsPlanned.choices, required=False)
    pain = Whole(
        required=False, allow_null=True, min_value=0, max_value=10, help_text=_("Worst pain in this exercise.")
    )
    why_code = serializers.ChoiceField(
        AgainstRule.choices, required=False, help_text=_("Why the load that the rule suggested was not taken.")
    )


class PerformedSerializer(Strict):
    exercise = serializers.CharField()
    instead = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(PerformedExercise.Status.choices)
    reason_code = serializers.CharField(allow_blank=True)
    pain = serializers.IntegerField(allow_null=True)
    rule = serializers.CharField(allow_blank=True)
    suggested = serializers.FloatField(allow_null=True)
    decision = serializers.CharField(allow_blank=True)
    why_code = serializers.CharField(allow_blank=True)
    planned = SetSerializer(many=True)
    performed = SetSerializer(many=True)


class SessionSerializer(Strict):
    number = serializers.IntegerField()
    session_type = serializers.CharField()
    status = serializers.ChoiceField(Session.Status.choices)
    reason_code = serializers.CharField(allow_blank=True)
    held_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    planned_on = serializers.DateField(allow_null=True)
    moved_code = serializers.CharField(allow_blank=True)
    minutes = serializers.IntegerField(allow_null=True)
    pain_before = serializers.IntegerField(allow_null=True)
    pain_during = serializers.IntegerField(allow_null=True)
    pain_after = serializers.IntegerField(allow_null=True)
    effort = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    events_noted = serializers.BooleanField()
    setting = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()


class SessionDetailSerializer(Strict):
    session = SessionSerializer()
    exercises = PerformedSerializer(many=True)


class CellSerializer(Strict):
    number = serializers.IntegerField()
    state = serializers.ChoiceField([(PLANNED, _("Planned")), *Session.Status.choices])


class PrescribedSerializer(Strict):
    exercise = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    sets = SetSerializer(many=True)
    last_on = serializers.DateField(allow_null=True)
    suggested_load = serializers.FloatField(allow_null=True)
    details = serializers.ListField(
        child=serializers.ChoiceField(DETAILS), help_text=_("What the protocol plans of each set beside its dose.")
    )


class NextSessionSerializer(Strict):
    number = serializers.IntegerField()
    session_type = serializers.CharField()
    exercises = PrescribedSerializer(many=True)


class SessionLogSerializer(Strict):
    sessions = CellSerializer(many=True)
    next = NextSessionSerializer(allow_null=True)
