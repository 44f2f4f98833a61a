"""Programmes as planned and as delivered, by arm: in the trail each time, with what it is for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import get_language

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from exports.unblinded.purposes import check_purpose
from exports.unblinded.reporting import Line, cert, tidier
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from randomization.queries import allocations
from therapy.adherence import Adherence
from therapy.delivered import delivered_to
from therapy.progress import adherences_of
from trials.access import authorize, sites_of
from trials.models import Trial
from trials.protocol.words import Text
from trials.queries import protocol_of


@dataclass(frozen=True)
class Reported:
    """One arm: its public name, both checklists filled in, and everybody's adherence."""

    name: str
    cert: list[Line]
    tidier: list[Line]
    adherences: list[Adherence]


@contextmanager
def programme_report(*, trial: Trial, by: Actor, purpose: str) -> Iterator[list[Reported]]:
    """The arms that have a programme, in the protocol's order, in the active language.

    Raises Refused without the permission, Problem when the purpose is not said.
    """
    grant = authorize(by, Permission.EXPORT_UNBLINDED, trial=trial)
    check_purpose(purpose)
    with act("report.programmes", grant=grant, subject=trial, reason=purpose, secrecy=FieldClass.UNBLINDING):
        pass
    with unblinded(by=by, trial=trial, purpose=Purpose.EXPORT, reason=purpose):
        yield _reported(trial, by)


def _reported(trial: Trial, by: Actor) -> list[Reported]:
    protocol, sites = protocol_of(trial), sites_of(by, Permission.EXPORT_UNBLINDED, trial)
    allocated = {fact.participant_id: fact for fact in allocations(trial)}
    people = Participant.objects.select_related("site").filter(pk__in=list(allocated), site__in=sites)
    everybody = adherences_of(people.order_by("number"), allocated, protocol)
    found = []
    for arm in protocol.design.arms:
        programme = protocol.programme_of(arm.code)
        if programme is None:
            continue
        own = [key for key in everybody if allocated[key].arm == arm.code]
        delivered = delivered_to(own, programme.sessions)
        found.append(
            Reported(
                _say(arm.public_name),
                cert(protocol, programme, delivered, _say),
                tidier(protocol, programme, delivered, _say),
                [everybody[key] for key in own],
            )
        )
    return found


def _say(text: Text) -> str:
    return text.in_language(get_language() or "en")
