"""Visits of a participant with their forms, and what is due at the sites."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import Strict
from api.forms import FILLERS
from api.operations import operation
from api.paging import PagedQuery
from core import clock
from outcomes import queries
from trials.queries import protocol_of


class CellSerializer(Strict):
    id = serializers.UUIDField(source="form.pk")
    instrument = serializers.CharField(source="form.instrument")
    filled_by = serializers.CharField(source="form.filled_by")
    required = serializers.BooleanField(source="form.required")  # type: ignore[assignment]
    state = serializers.ChoiceField(queries.CellState.choices)
    window = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    late = serializers.BooleanField()


class VisitSerializer(Strict):
    code = serializers.CharField(source="visit.code")
    number = serializers.IntegerField(source="visit.number")
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    opens_on = serializers.DateField(source="visit.opens_on")
    target_on = serializers.DateField(source="visit.target_on")
    closes_on = serializers.DateField(source="visit.closes_on")
    forms = serializers.SerializerMethodField()

    def get_label(self, row: queries.MatrixRow) -> str:
        return str(self.context["labels"].get(row.visit.code, row.visit.code))

    def get_forms(self, row: queries.MatrixRow) -> list[Any]:
        return list(CellSerializer(list(row.cells.values()), many=True).data)


class DueQuery(PagedQuery):
    bucket = serializers.ChoiceField(queries.Bucket.choices, required=False)


class DueSerializer(Strict):
    id = serializers.UUIDField(source="form.pk")
    participant = serializers.CharField(source="form.participant.number")
    visit = serializers.CharField(source="form.visit.code")
    visit_number = serializers.IntegerField(source="form.visit.number")
    instrument = serializers.CharField(source="form.instrument")
    filled_by = serializers.CharField(source="form.filled_by")
    bucket = serializers.ChoiceField(queries.Bucket.choices)
    window = serializers.CharField()
    opens_on = serializers.DateField(source="form.opens_on")
    closes_on = serializers.DateField(source="form.closes_on")


class CountsSerializer(Strict):
    overdue = serializers.IntegerField()
    closing = serializers.IntegerField()
    today = serializers.IntegerField()
    coming = serializers.IntegerField()


class DuePageSerializer(Strict):
    counts = CountsSerializer()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = DueSerializer(many=True)


class VisitsDoor(TrialDoor):
    @operation(
        "participants_visits",
        _("Visits and forms of a participant"),
        P.VIEW_PARTICIPANTS,
        answer=VisitSerializer(many=True),
    )
    def get(self, request: Request, trial: str, number: str) -> Response:
        participant = self.participant(number)
        language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
        labels = {each.code: each.label.in_language(language) for each in protocol_of(self.trial).visits}
        rows = queries.matrix_of(participant, self.audience).rows
        return Response(VisitSerializer(rows, many=True, context={"labels": labels}).data)


class DueDoor(TrialDoor):
    @operation(
        "due_list",
        _("Forms that the caller's roles have to bring in, the most urgent first"),
        *FILLERS,
        query=DueQuery,
        answer=DuePageSerializer,
    )
    def get(self, request: Request, trial: str) -> Response:
        bucket = self.asked.get("bucket")
        found = queries.forms_due(
            self.sites,
            self.audience,
            clock.today(self.trial.time_zone),
            blind=self.actor.id,
            bucket=queries.Bucket(bucket) if bucket else None,
            page=self.asked["page"],
            per_page=self.asked["per_page"],
        )
        told = {"counts": found.counts, "page": found.page, "pages": found.pages, "results": found.rows}
        return Response(DuePageSerializer(told).data)
