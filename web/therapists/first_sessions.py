"""A participant at the booked first session: whom therapists may randomize, and what is read back."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from participants.codes import SESSION
from participants.models import Participant
from participants.policies import BEFORE_RANDOMIZATION, STANDING, missing_decisions
from participants.queries import latest_screening, standing
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation
from trials.access import not_found
from trials.queries import protocol_of
from web.components import Crumb
from web.pages import TrialRequest
from web.therapists.words import moment_in_words


def about(request: TrialRequest, participant: Participant) -> dict[str, Any]:
    """Where the page is."""
    home = Crumb(_("My participants"), reverse("therapists:home", args=[request.trial.code]))
    return {"participant": participant, "crumbs": [home]}


def randomized_by(request: TrialRequest, participant: Participant) -> bool:
    """Whether this person randomized the participant; NotFound when somebody else did."""
    if participant.state in BEFORE_RANDOMIZATION:
        return False
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.ALLOCATE, participant=participant):
        own = Allocation.objects.filter(participant=participant, by=request.actor.id).exists()
    if not own:
        raise not_found()
    return True


def stage_to_reconfirm(participant: Participant) -> str | None:
    """The stage that is reconfirmed by whoever randomizes; None when the protocol has none."""
    protocol = protocol_of(participant.trial)
    stages = protocol.randomization.before.eligibility if protocol.randomization else ()
    return stages[-1] if stages and stages[-1] != protocol.eligibility.stages[0].code else None


def needs_decision(participant: Participant) -> bool:
    """Whether only the last stage is still to be decided."""
    stage = stage_to_reconfirm(participant)
    if stage is None or stage in standing(participant):
        return False
    protocol = protocol_of(participant.trial)
    codes = [each.code for each in protocol.eligibility.stages]
    return not missing_decisions(participant, protocol, codes[: codes.index(stage)])


def first_session_in_words(participant: Participant) -> str | None:
    booked = participant.appointments.filter(purpose=SESSION, state__in=STANDING).order_by("starts_at").first()
    return moment_in_words(booked.starts_at, participant.site.time_zone) if booked else None


def decision_in_words(participant: Participant) -> str | None:
    """What was decided at the last stage, when and by whom."""
    screened, stage = latest_screening(participant), stage_to_reconfirm(participant)
    held = screened.decisions.filter(stage=stage).order_by("-at").first() if screened and stage else None
    if held is None:
        return None
    name = User.objects.filter(pk=held.by).values_list("name", flat=True).first()
    return _("%(outcome)s, %(when)s, %(name)s") % {
        "outcome": held.get_outcome_display(),
        "when": moment_in_words(held.at, participant.site.time_zone),
        "name": name or "",
    }
