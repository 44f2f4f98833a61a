"""What adverse events and deviations look like in JSON: codes and days, no words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.fields import Day, Moment, Strict, Text, YesNo
from core import clock
from safety.codes import ActionTaken, Criterion, Found, Outcome, Relatedness, Severity
from safety.facts import STATUS_FIELDS, Facts, Status
from safety.models import AdverseEvent, Deviation
from safety.models.event import LONGEST_TEXT
from safety.short_codes import Cause, DeviationKind, Importance, Remedy

PARTIAL = _("A day, a month or a year: 2026-03-17, 2026-03 or 2026.")


class StatusBody(Strict):
    severity = serializers.ChoiceField(Severity.choices)
    serious = YesNo(help_text=_("Yes needs a criterion, whatever the severity."))
    criteria = serializers.ListField(child=serializers.ChoiceField(Criterion.choices), max_length=len(Criterion))
    action = serializers.ChoiceField(ActionTaken.choices)
    outcome = serializers.ChoiceField(Outcome.choices)
    ended = Text(required=False, allow_blank=True, max_length=10, help_text=PARTIAL)
    text = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)


class EventBody(StatusBody):
    term = Text(max_length=40, help_text=_("A code of the protocol's expected events, or one of the usual ones."))
    onset = Text(max_length=10, help_text=PARTIAL)
    found = serializers.ChoiceField(Found.choices)
    aware_at = Moment(
        required=False, help_text=_("When it was heard of, just now if left out: time limits count from it.")
    )


class CausalityBody(Strict):
    intervention = serializers.ChoiceField(Relatedness.choices)
    procedures = serializers.ChoiceField(Relatedness.choices)
    expected_as = Text(allow_blank=True, max_length=40, help_text=_("Empty: not on the list when it began."))
    text = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)


class DeviationBody(Strict):
    kind = serializers.ChoiceField(DeviationKind.choices)
    importance = serializers.ChoiceField(Importance.choices)
    happened_on = Day()
    cause = serializers.ChoiceField(Cause.choices)
    remedy = serializers.ChoiceField(Remedy.choices)


class ReportedSerializer(Strict):
    """A receipt: who reports may not be one who reads."""

    number = serializers.IntegerField(help_text=_("Counts the events of the participant."))


class RunningClockSerializer(Strict):
    code = serializers.CharField()
    due_at = serializers.DateTimeField()
    met_at = serializers.DateTimeField(allow_null=True)


class EventSerializer(Strict):
    id = serializers.UUIDField(source="pk")
    participant = serializers.CharField(source="participant.number")
    number = serializers.IntegerField()
    term = serializers.CharField()
    onset = serializers.CharField()
    found = serializers.ChoiceField(Found.choices)
    aware_on = serializers.SerializerMethodField()
    severity = serializers.ChoiceField(Severity.choices)
    serious = serializers.BooleanField()
    criteria = serializers.ListField(child=serializers.ChoiceField(Criterion.choices))
    action = serializers.ChoiceField(ActionTaken.choices)
    outcome = serializers.ChoiceField(Outcome.choices)
    ended = serializers.CharField(allow_blank=True)
    clocks = serializers.SerializerMethodField()

    def get_aware_on(self, event: AdverseEvent) -> date:
        """The day alone: the hour of a report can be that of a session."""
        return clock.day_of(event.aware_at, event.participant.site.time_zone)

    def get_clocks(self, event: AdverseEvent) -> list[dict[str, Any]]:
        held = sorted(event.clocks.all(), key=lambda each: (each.due_at, each.pk))
        return list(RunningClockSerializer(held, many=True).data)


class CausalitySerializer(Strict):
    number = serializers.IntegerField()
    intervention = serializers.ChoiceField(Relatedness.choices)
    procedures = serializers.ChoiceField(Relatedness.choices)
    expected_as = serializers.CharField(allow_blank=True)
    list_version = serializers.IntegerField()
    group_known = serializers.BooleanField()


class DeviationSerializer(Strict):
    id = serializers.UUIDField(source="pk")
    participant = serializers.CharField(source="participant.number")
    kind = serializers.ChoiceField(DeviationKind.choices)
    importance = serializers.ChoiceField(Importance.choices)
    happened_on = serializers.DateField()
    cause = serializers.ChoiceField(Cause.choices)
    remedy = serializers.ChoiceField(Remedy.choices)
    reviewed = serializers.SerializerMethodField()

    def get_reviewed(self, deviation: Deviation) -> bool:
        return deviation.reviewed_at is not None


class RecordedSerializer(Strict):
    id = serializers.UUIDField(source="pk")


class EventPageSerializer(Strict):
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = EventSerializer(many=True)


class DeviationPageSerializer(Strict):
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = DeviationSerializer(many=True)


def status_of(sent: dict[str, Any]) -> Status:
    """How an event stands, as it was sent."""
    given = {name: sent[name] for name in STATUS_FIELDS if name in sent}
    return Status(**{**given, "criteria": tuple(given["criteria"])})


def facts_of(sent: dict[str, Any]) -> Facts:
    """A first report, as it was sent."""
    return Facts(sent["term"], sent["onset"], sent["found"], status_of(sent), sent.get("aware_at"))
