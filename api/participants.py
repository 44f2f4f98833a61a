"""Participants: the list, one of them, screening and deciding."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import Answer, Day, Named, Strict, Text, YesNo
from api.operations import operation
from api.paging import PagedQuery
from outcomes.actions import enrolment
from participants.actions import screening
from participants.codes import Channel, DeclineReason
from participants.models import Decision, Milestone, Participant, Screening
from participants.queries import milestones_of, participants_of
from trials.queries import site_by_code

OF_SESSIONS = {Milestone.Kind.SESSION, Milestone.Kind.LAST_SESSION}
"""Days of sessions tell the arm, so they are shown to nobody here."""


class ParticipantSerializer(Strict):
    number = serializers.CharField()
    site = serializers.CharField(source="site.code")
    language = serializers.CharField()
    group = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(Participant.State.choices)
    screened_on = serializers.DateField()


class MilestoneSerializer(Strict):
    kind = serializers.ChoiceField([each for each in Milestone.Kind.choices if each[0] not in OF_SESSIONS])
    day = serializers.DateField()


class ParticipantDetailSerializer(ParticipantSerializer):
    revision = serializers.IntegerField()
    milestones = MilestoneSerializer(many=True)


class ParticipantPageSerializer(Strict):
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    results = ParticipantSerializer(many=True)


class ParticipantQuery(PagedQuery):
    state = serializers.ChoiceField(Participant.State.choices, required=False)
    search = serializers.CharField(required=False, max_length=40, help_text=_("Part of a study number."))


class ContactSerializer(Strict):
    """Who somebody is; stored encrypted, and read back by nobody here."""

    name = Text(required=False, max_length=200, allow_blank=True)
    email = Text(required=False, max_length=254, allow_blank=True)
    phone = Text(required=False, max_length=40, allow_blank=True)
    address = Text(required=False, max_length=500, allow_blank=True)
    date_of_birth = Day(required=False, allow_null=True)
    preferred_channel = serializers.ChoiceField(Channel.choices, required=False, allow_blank=True)


class ScreeningBody(Strict):
    language = Text(max_length=8)
    answers = Named(child=Answer(), help_text=_("By the name of the question; see eligibility."))
    contact = ContactSerializer(required=False)
    declined_reason = serializers.ChoiceField(DeclineReason.choices, required=False, allow_blank=True)
    confirmed_not_duplicate = YesNo(required=False)
    reason = Text(required=False, allow_blank=True)


class FirstScreeningBody(ScreeningBody):
    site = Text(max_length=8)
    group = Text(required=False, max_length=40, allow_blank=True)


class DecisionBody(Strict):
    stage = Text(max_length=40)
    answers = Named(child=Answer())
    reason = Text(required=False, allow_blank=True)


class ScreeningSerializer(Strict):
    number = serializers.CharField(source="participant.number")
    state = serializers.ChoiceField(Participant.State.choices, source="participant.state")
    day = serializers.DateField()
    outcome = serializers.ChoiceField(Screening.Outcome.choices)
    reasons = serializers.ListField(child=serializers.CharField())


class DecisionSerializer(ScreeningSerializer):
    stage = serializers.CharField()
    outcome = serializers.ChoiceField(Decision.Outcome.choices)


class ParticipantsDoor(TrialDoor):
    @operation(
        "participants_list",
        _("Participants by study number"),
        P.VIEW_PARTICIPANTS,
        query=ParticipantQuery,
        answer=ParticipantPageSerializer,
    )
    def get(self, request: Request, trial: str) -> Response:
        state = self.asked.get("state")
        found = participants_of(self.sites, states=[state] if state else None, search=self.asked.get("search", ""))
        page = Paginator(found, self.asked["per_page"]).get_page(self.asked["page"])
        answer = {"count": page.paginator.count, "page": page.number, "pages": page.paginator.num_pages}
        return Response(ParticipantPageSerializer({**answer, "results": list(page)}).data)

    @operation(
        "participants_screen",
        _("Screen somebody new"),
        P.SCREEN,
        body=FirstScreeningBody,
        answer=ScreeningSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str) -> Response:
        details = {**self.sent, "site": site_by_code(self.trial, self.sent["site"])}
        screened = enrolment.screen(trial=self.trial, by=self.actor, **details)
        return Response(ScreeningSerializer(screened).data, status=201)


class ParticipantDoor(TrialDoor):
    @operation("participants_read", _("One participant"), P.VIEW_PARTICIPANTS, answer=ParticipantDetailSerializer)
    def get(self, request: Request, trial: str, number: str) -> Response:
        participant = self.participant(number)
        data: dict[str, Any] = dict(ParticipantSerializer(participant).data)
        milestones = [each for each in milestones_of(participant) if each.kind not in OF_SESSIONS]
        data["revision"] = participant.revision
        data["milestones"] = MilestoneSerializer(milestones, many=True).data
        return Response(data)


class ScreeningsDoor(TrialDoor):
    @operation(
        "participants_screen_again",
        _("Screen somebody again"),
        P.SCREEN,
        body=ScreeningBody,
        answer=ScreeningSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        participant = self.participant(number)
        details = {**self.sent, "site": participant.site, "participant": participant}
        screened = enrolment.screen(trial=self.trial, by=self.actor, **details)
        return Response(ScreeningSerializer(screened).data, status=201)


class DecisionsDoor(TrialDoor):
    @operation(
        "participants_decide",
        _("Decide eligibility at a later stage"),
        P.SCREEN,
        P.RANDOMIZE,
        body=DecisionBody,
        answer=DecisionSerializer,
        status=201,
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        decision = screening.decide(participant=self.participant(number), by=self.actor, **self.sent)
        return Response(DecisionSerializer(decision).data, status=201)
