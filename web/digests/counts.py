"""How much waits for somebody, by urgency: what their pages would show now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor, ActorKind, Origin
from core import clock
from core.problems import Refused, Sentence
from outcomes.queries import Bucket, forms_due, guesses_waiting, signatures_waiting, to_answer
from participants.queries import first_sessions_booked
from reminders.queries import failures
from review.models import Query
from review.queries import queries_at
from safety.queries import overdue, unjudged
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
COMING_DAYS = 7


@dataclass(frozen=True)
class Place:
    """Who is told, and about which sites of a trial."""

    by: Actor
    sites: list[Site]
    trial: Trial
    protocol: Protocol


def counts_of(user: User, role: Role, trial: Trial, protocol: Protocol) -> Counts:
    """What is due for a person in a role; nothing if they hold it nowhere now."""
    by = Actor(ActorKind.PERSON, str(user.pk), user.name, Origin.TASK)
    permission, count = WORKING[role]
    try:
        sites = sites_of(by, permission, trial)
    except Refused:
        return []
    return count(Place(by, sites, trial, protocol))


def _of_coordinator(at: Place) -> Counts:
    desk = desk_at(at.trial, at.sites, frozenset({Role.COORDINATOR.value}), at.protocol, at.by.id)
    sources = sources_of(desk)
    return [(TITLES[bucket], total(sources, bucket)) for bucket in Bucket]


def _of_assessor(at: Place) -> Counts:
    asked = len(to_answer(at.sites, AUDIENCE, at.protocol, blind=at.by.id))
    asked += len(guesses_waiting(at.sites, at.by, at.protocol))
    to_sign = len(signatures_waiting(at.sites, at.by, most=MOST_TO_SIGN))
    to_ask = askings_waiting(at.sites, at.by, at.protocol).count()
    more = [(_("To sign"), to_sign), (_("To answer"), asked), (_("Ask about events"), to_ask)]
    return [*_forms(at, AUDIENCE, blind=at.by.id), *more]


def _of_interviewer(at: Place) -> Counts:
    return _forms(at, {Role.INTERVIEWER.value})


def _of_therapist(at: Place) -> Counts:
    """First sessions alone: they are booked before there is an arm. Whom somebody treats stands on their page only."""
    today = clock.today(at.trial.time_zone)
    tomorrow, later = (_midnight(at, today + timedelta(days=days)) for days in (1, COMING_DAYS + 1))
    booked = first_sessions_booked(at.sites).order_by()
    due = booked.filter(starts_at__lt=tomorrow).count()
    coming = booked.filter(starts_at__gte=tomorrow, starts_at__lt=later).count()
    return [(_("First sessions today"), due), (_("First sessions in the next 7 days"), coming)]


def _of_investigator(at: Place) -> Counts:
    return [
        (_("Serious events past a time limit"), overdue(at.sites)),
        (_("Events to judge"), unjudged(at.sites).count()),
    ]


def _of_monitor(at: Place) -> Counts:
    return [(_("Queries that were answered"), len(queries_at(at.sites, [Query.State.ANSWERED])))]


def _of_data_manager(at: Place) -> Counts:
    return [
        (_("Messages not delivered"), failures(at.sites).count()),
        (_("Queries that wait for an answer"), len(queries_at(at.sites, [Query.State.OPEN]))),
    ]


def _forms(at: Place, audience: frozenset[str] | set[str], *, blind: str = "") -> Counts:
    due = forms_due(at.sites, audience, clock.today(at.trial.time_zone), blind=blind, per_page=1).counts
    return [(bucket.label, due[bucket]) for bucket in Bucket]


def _midnight(at: Place, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(at.trial.time_zone))


WORKING: dict[Role, tuple[Permission, Callable[[Place], Counts]]] = {
    Role.COORDINATOR: (Permission.SCREEN, _of_coordinator),
    Role.ASSESSOR: (Permission.ASSESS, _of_assessor),
    Role.INTERVIEWER: (Permission.RECORD_INTERVIEW, _of_interviewer),
    Role.THERAPIST: (Permission.LOG_SESSION, _of_therapist),
    Role.INVESTIGATOR: (Permission.JUDGE_EVENT, _of_investigator),
    Role.MONITOR: (Permission.VIEW_QUERIES, _of_monitor),
    Role.DATA_MANAGER: (Permission.VIEW_MESSAGES, _of_data_manager),
}
"""Who has work that blind code may count, by which permission it opens, and how it is counted."""
