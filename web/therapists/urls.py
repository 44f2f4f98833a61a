"""Addresses of the pages for therapists."""

from django.urls import path

from web.short_forms import PAPERS
from web.therapists import (
    events,
    fidelity,
    goals,
    handing_on,
    home,
    participants,
    progress,
    randomizing,
    reconfirming,
    sessions,
    short_forms,
)

app_name = "therapists"

urlpatterns = [
    path("", home.home, name="home"),
    path("randomize/<slug:number>/", randomizing.randomize, name="randomize"),
    path("randomize/<slug:number>/eligibility/", reconfirming.reconfirm, name="reconfirm"),
    path("randomize/<slug:number>/result/", randomizing.randomized, name="randomized"),
    path("<slug:number>/", participants.participant, name="participant"),
    path("<slug:number>/progress/", progress.progress, name="progress"),
    path("<slug:number>/goals/", goals.goals, name="goals"),
    path("<slug:number>/sessions/<int:session>/fidelity/", fidelity.fidelity, name="fidelity"),
    path("<slug:number>/take/", home.take, name="take"),
    path("<slug:number>/hand-over/", handing_on.hand_over, name="hand_over"),
    path("<slug:number>/cover/", handing_on.cover, name="cover"),
    path("<slug:number>/events/", events.of_participant, name="events"),
    path("<slug:number>/events/new/", events.new, name="event_new"),
    *(
        path(f"<slug:number>/{paper.place}/new/", short_forms.new, {"form": form}, name=f"{form}_new")
        for form, paper in PAPERS.items()
    ),
    path("<slug:number>/delivery/new/", short_forms.delivery, name="delivery_new"),
    path("<slug:number>/events/<uuid:event>/", events.follow_up, name="event"),
    path("<slug:number>/sessions/<int:session>/", sessions.session, name="session"),
    path("<slug:number>/sessions/<int:session>/correct/", sessions.correct, name="session_correct"),
]
