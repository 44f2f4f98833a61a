"""Noticing that somebody has done all that the protocol asks of them, blind to what their sessions were."""

from django.db.models import Exists, OuterRef

from audit.actors import Grant
from core.problems import Problem
from outcomes.models import PENDING, Form, Visit
from outcomes.schedule import secrecy_of
from participants.actions import completion
from participants.models import Participant
from trials.models import Trial
from trials.protocol import Protocol
from trials.queries import protocol_of


def complete_finished(*, trial: Trial, grant: Grant) -> int:
    """Complete every randomized participant whose asked forms are all in, missed or not needed; returns how many.

    Forms that may tell an arm do not count: when an interview ends tells when the sessions did.
    """
    waiting = Form.objects.filter(participant=OuterRef("pk"), state__in=PENDING)
    done = Participant.objects.filter(trial=trial, state=Participant.State.RANDOMIZED).exclude(
        Exists(waiting.exclude(secrecy=Form.Secrecy.UNBLINDING))
    )
    asked, completed = _visits_asked(protocol_of(trial)), 0
    for participant in done.select_related("site", "trial"):
        laid_out = set(Visit.objects.filter(participant=participant).values_list("code", flat=True))
        if asked <= laid_out and _complete(participant, grant):
            completed += 1
    return completed


def _visits_asked(protocol: Protocol) -> set[str]:
    """The visits everybody randomized is asked to."""
    return {
        visit.code
        for visit in protocol.visits
        if any(form.required and secrecy_of(protocol, form) != Form.Secrecy.UNBLINDING for form in visit.forms)
    }


def _complete(participant: Participant, grant: Grant) -> bool:
    try:
        completion.complete(participant=participant, grant=grant)
    except Problem:  # withdrawn, or completed by another sweep, meanwhile
        return False
    return True
