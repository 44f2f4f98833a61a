"""How much waits for somebody, by urgency: what their home page would show now."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor, ActorKind, Origin
from core import clock
from core.problems import Refused, Sentence
from outcomes.queries import Bucket, forms_due, guesses_waiting, signatures_waiting, to_answer
from trials.access import sites_of
from trials.models import Site, Trial
from trials.protocol import Protocol
from web.assessors.worklist import AUDIENCE, askings_waiting
from web.coordinators.desk import desk_at, total
from web.coordinators.home import TITLES, sources_of

Counts = list[tuple[Sentence, int]]
"""How much, under the words of the home page."""
MOST_TO_SIGN = 50
"""Beyond it the number stays: who has so many to sign knows."""
WORKING = {Role.COORDINATOR: Permission.SCREEN, Role.ASSESSOR: Permission.ASSESS}
"""Who has a worklist that blind code may count, and by which permission it opens."""


def counts_of(user: User, role: Role, trial: Trial, protocol: Protocol) -> Counts:
    """What is due for a person in a role; nothing if they hold it nowhere now."""
    by = Actor(ActorKind.PERSON, str(user.pk), user.name, Origin.TASK)
    try:
        sites = sites_of(by, WORKING[role], trial)
    except Refused:
        return []
    if role == Role.ASSESSOR:
        return _of_assessor(by, sites, trial, protocol)
    sources = sources_of(desk_at(trial, sites, frozenset({role.value}), protocol, by.id))
    return [(TITLES[bucket], total(sources, bucket)) for bucket in Bucket]


def _of_assessor(by: Actor, sites: list[Site], trial: Trial, protocol: Protocol) -> Counts:
    due = forms_due(sites, AUDIENCE, clock.today(trial.time_zone), blind=by.id, per_page=1).counts
    asked = len(to_answer(sites, AUDIENCE, protocol, blind=by.id)) + len(guesses_waiting(sites, by, protocol))
    to_ask = askings_waiting(sites, by, protocol).count()
    to_sign = len(signatures_waiting(sites, by, most=MOST_TO_SIGN))
    more = [(_("To sign"), to_sign), (_("To answer"), asked), (_("Ask about events"), to_ask)]
    return [*((bucket.label, due[bucket]) for bucket in Bucket), *more]
