"""Every address of the API. Those of therapists stand behind the wall, and are included by name only."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from api.doors import NoDoor
from api.participants import DecisionsDoor, ParticipantDoor, ParticipantsDoor, ScreeningsDoor
from api.schema import SchemaDoor

app_name = "api"

participant = [
    path("", ParticipantDoor.as_view(), name="participant"),
    path("screenings/", ScreeningsDoor.as_view(), name="screenings"),
    path("decisions/", DecisionsDoor.as_view(), name="decisions"),
]
trial: list[URLPattern | URLResolver] = [
    path("participants/", ParticipantsDoor.as_view(), name="participants"),
    path("participants/<slug:number>/", include(participant)),
]
urlpatterns = [
    path("v1/schema/", SchemaDoor.as_view(), name="schema"),
    path("v1/trials/<slug:trial>/", include(trial)),
    re_path(r"^.*$", NoDoor.as_view(), name="none"),
]
