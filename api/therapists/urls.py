"""Addresses behind the wall."""

from django.urls import path

from api.therapists.events import EventDoor
from api.therapists.participants import AssignmentDoor, FirstSessionDoor, TreatedDoor
from api.therapists.sessions import CorrectionsDoor, SessionDoor, SessionsDoor

app_name = "therapists"
person = "participants/<slug:number>/"

urlpatterns = [
    path("therapy/participants/", TreatedDoor.as_view(), name="treated"),
    path(f"{person}first-session/", FirstSessionDoor.as_view(), name="first_session"),
    path(f"{person}assignment/", AssignmentDoor.as_view(), name="assignment"),
    path(f"{person}therapy/events/", EventDoor.as_view(), name="event_new"),
    path(f"{person}sessions/", SessionsDoor.as_view(), name="sessions"),
    path(f"{person}sessions/<int:session>/", SessionDoor.as_view(), name="session"),
    path(f"{person}sessions/<int:session>/corrections/", CorrectionsDoor.as_view(), name="corrections"),
]
