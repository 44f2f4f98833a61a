"""Adverse events and deviations, for blinded people: whoever works with participants reports, fewer read."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.event_shapes import (
    CausalityBody,
    CausalitySerializer,
    DeviationBody,
    DeviationPageSerializer,
    EventBody,
    EventPageSerializer,
    EventSerializer,
    RecordedSerializer,
    ReportedSerializer,
    StatusBody,
    facts_of,
    status_of,
)
from api.operations import operation
from api.paging import PagedQuery
from safety.actions import causality, deviations, events
from safety.queries import event_at, events_of
from safety.short_queries import deviations_of


class PagedDoor(TrialDoor):
    def page_of(self, rows: QuerySet[Any]) -> dict[str, Any]:
        """One page of some rows, as it was asked for."""
        page = Paginator(rows, self.asked["per_page"]).get_page(self.asked["page"])
        return {
            "count": page.paginator.count,
            "page": page.number,
            "pages": page.paginator.num_pages,
            "results": list(page),
        }


class EventsDoor(PagedDoor):
    @operation(
        "events_list",
        _("Adverse events with their time limits, the newest first"),
        P.VIEW_EVENTS,
        query=PagedQuery,
        answer=EventPageSerializer,
    )
    def get(self, request: Request, trial: str) -> Response:
        found = events_of(self.sites).prefetch_related("clocks")
        return Response(EventPageSerializer(self.page_of(found)).data)


class ReportDoor(TrialDoor):
    @operation(
        "events_report",
        _("Report an adverse event"),
        P.REPORT_EVENT,
        body=EventBody,
        answer=ReportedSerializer,
        status=201,
        more=_("Blinded roles. The answer is a receipt: assessors report and read nothing."),
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        facts, text = facts_of(self.sent), self.sent.get("text", "")
        made = events.report(participant=self.participant(number), facts=facts, text=text, by=self.actor)
        return Response(ReportedSerializer(made).data, status=201)


class FollowUpsDoor(TrialDoor):
    @operation(
        "events_follow_up",
        _("Add a follow-up report"),
        P.FOLLOW_EVENT,
        body=StatusBody,
        answer=EventSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str, event: UUID) -> Response:
        found = event_at(self.sites, event)
        events.follow_up(event=found, status=status_of(self.sent), text=self.sent.get("text", ""), by=self.actor)
        return Response(EventSerializer(found).data, status=201)


class CausalitiesDoor(TrialDoor):
    @operation(
        "events_judge",
        _("Judge what caused an event, and whether it was expected"),
        P.JUDGE_EVENT,
        body=CausalityBody,
        answer=CausalitySerializer,
        status=201,
        more=_("Never changed: who thinks again adds an opinion, with the reason as text."),
    )
    def post(self, request: Request, trial: str, event: UUID) -> Response:
        made = causality.judge(event=event_at(self.sites, event), by=self.actor, **self.sent)
        return Response(CausalitySerializer(made).data, status=201)


class DeviationsDoor(PagedDoor):
    @operation(
        "deviations_list",
        _("Deviations from the protocol, the newest first"),
        P.VIEW_EVENTS,
        query=PagedQuery,
        answer=DeviationPageSerializer,
    )
    def get(self, request: Request, trial: str) -> Response:
        return Response(DeviationPageSerializer(self.page_of(deviations_of(self.sites))).data)


class DeviationDoor(TrialDoor):
    @operation(
        "deviations_record",
        _("Record a deviation from the protocol"),
        P.REPORT_EVENT,
        body=DeviationBody,
        answer=RecordedSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        made = deviations.record(participant=self.participant(number), by=self.actor, **self.sent)
        return Response(RecordedSerializer(made).data, status=201)
