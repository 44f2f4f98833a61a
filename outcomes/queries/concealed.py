"""The one read of a stratum's value. For randomization, which alone may ask."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import roles_with
from audit.actors import ActorKind, Grant
from core.problems import Problem
from outcomes.models import Response
from participants.models import Participant
from participants.queries import answers_of
from trials.access import not_found, refused
from trials.protocol import Protocol
from trials.protocol.factors import Source
from trials.queries import protocol_of


def concealed_value(participant: Participant, factor: str, grant: Grant, protocol: Protocol | None = None) -> Any:
    """The value a stratification factor takes, from its source: a score, an item, a question or the site.

    Of several responses of the instrument the first counts: strata are of the baseline. Raises Refused unless
    the grant may randomize, and Problem, naming no stratum, while there is no value.
    """
    may = grant.actor.kind is ActorKind.SYSTEM or grant.role in roles_with(Permission.RANDOMIZE)
    if not may:
        raise refused()
    if grant.trial_id != participant.trial_id:
        raise not_found()
    value = _value(participant, (protocol or protocol_of(participant.trial)).factor(factor).source)
    if value is None:
        raise Problem(
            "randomization.baseline_incomplete",
            _("A baseline form that randomization needs is incomplete. Ask the coordinator to complete it."),
        )
    return value


def _value(participant: Participant, source: Source) -> Any:
    if source.site:
        return participant.site.code
    if source.question:
        return answers_of(participant).get(source.question)
    response = (
        Response.objects.filter(participant=participant, instrument=source.instrument)
        .order_by("form__visit__target_on", "submitted_at", "pk")
        .first()
    )
    if response is None:
        return None
    return response.scores.get(source.score) if source.score else response.answers.get(source.field)
