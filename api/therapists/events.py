"""Adverse events by those who may know arms: reported here, with words that stay behind the wall."""

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.event_shapes import EventBody, ReportedSerializer, facts_of
from api.fields import Whole
from api.operations import operation
from therapy.actions import events


class BehindBody(EventBody):
    session = Whole(required=False, min_value=1, max_value=1000, help_text=_("The recorded session; therapists only."))


class EventDoor(TrialDoor):
    @operation(
        "therapy_report_event",
        _("Report an adverse event, in a role that may know arms"),
        P.LOG_SESSION,
        P.REPORT_EVENT_BEHIND,
        body=BehindBody,
        answer=ReportedSerializer,
        status=201,
        more=_("Therapists of those they treat, other unblinded roles of anybody at their sites. Words stay sealed."),
    )
    def post(self, request: Request, trial: str, number: str) -> Response:
        participant, sent = self.participant(number), self.sent
        told = {"text": sent.get("text", ""), "session": sent.get("session")}
        made = events.report(participant=participant, facts=facts_of(sent), by=self.actor, **told)
        return Response(ReportedSerializer(made.event).data, status=201)
