"""Every address of the API. Those of therapists stand behind the wall, and are included by name only."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from api import appointments, events, participants, visits
from api.allocations import AllocationDoor
from api.consents import ConsentsDoor
from api.documentation import documentation
from api.doors import NoDoor
from api.forms import FormDoor, ResponseDoor
from api.schema import SchemaDoor
from api.trials import EligibilityDoor, ProtocolDoor, TrialsDoor

app_name = "api"

participant = [
    path("", participants.ParticipantDoor.as_view(), name="participant"),
    path("screenings/", participants.ScreeningsDoor.as_view(), name="screenings"),
    path("decisions/", participants.DecisionsDoor.as_view(), name="decisions"),
    path("consents/", ConsentsDoor.as_view(), name="consents"),
    path("appointments/", appointments.AppointmentsDoor.as_view(), name="appointments"),
    path("events/", events.ReportDoor.as_view(), name="event_new"),
    path("deviations/", events.DeviationDoor.as_view(), name="deviation_new"),
    path("visits/", visits.VisitsDoor.as_view(), name="visits"),
    path("allocation/", AllocationDoor.as_view(), name="allocation"),
]
appointment = [
    path("move/", appointments.MoveDoor.as_view(), name="move"),
    path("cancel/", appointments.CancelDoor.as_view(), name="cancel"),
    path("outcome/", appointments.OutcomeDoor.as_view(), name="outcome"),
]
trial: list[URLPattern | URLResolver] = [
    path("protocol/", ProtocolDoor.as_view(), name="protocol"),
    path("eligibility/", EligibilityDoor.as_view(), name="eligibility"),
    path("due/", visits.DueDoor.as_view(), name="due"),
    path("participants/", participants.ParticipantsDoor.as_view(), name="participants"),
    path("participants/<slug:number>/", include(participant)),
    path("appointments/<uuid:appointment>/", include(appointment)),
    path("events/", events.EventsDoor.as_view(), name="events"),
    path("events/<uuid:event>/reports/", events.FollowUpsDoor.as_view(), name="event_follow_up"),
    path("events/<uuid:event>/causalities/", events.CausalitiesDoor.as_view(), name="event_judge"),
    path("deviations/", events.DeviationsDoor.as_view(), name="deviations"),
    path("forms/<uuid:form>/", FormDoor.as_view(), name="form"),
    path("forms/<uuid:form>/response/", ResponseDoor.as_view(), name="response"),
    path("", include("api.therapists.urls")),
]
urlpatterns = [
    path("v1/schema/", SchemaDoor.as_view(), name="schema"),
    path("v1/docs/", documentation, name="docs"),
    path("v1/trials/", TrialsDoor.as_view(), name="trials"),
    path("v1/trials/<slug:trial>/", include(trial)),
    re_path(r"^.*$", NoDoor.as_view(), name="none"),
]
