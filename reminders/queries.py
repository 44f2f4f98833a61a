"""Reads of messages: what was sent to whom, what failed, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from core import clock
from outcomes.models import Visit
from participants.models import Appointment, Participant, Task
from reminders import channels, plan
from reminders.candidates import candidates
from reminders.models import UNANSWERED, Message
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

TROUBLE = (Message.State.FAILED, Message.State.BOUNCED, Message.State.UNCERTAIN)
PER_PAGE = 50


@dataclass(frozen=True)
class Upcoming:
    """A message that will be sent if nothing changes until then."""

    at: datetime
    participant: Participant
    rule: str
    number: int
    channel: str
    visit: Visit | None
    appointment: Appointment | None


def messages_of(participant: Participant) -> list[Message]:
    """All messages of a participant, newest first."""
    return list(Message.objects.filter(participant=participant).select_related("visit", "appointment", "consent"))


def outbox(sites: Iterable[Site], states: Sequence[str] | None = None, page: int = 1) -> Page:
    """One page of the messages of some sites, newest first, optionally in some states only."""
    return Paginator(_of_sites(sites, states), PER_PAGE).get_page(page)


def failures(sites: Iterable[Site]) -> QuerySet[Message]:
    """Messages that somebody should look at: failed, perhaps sent, or without an address. To be paged."""
    found = _of_sites(sites, None)
    return found.filter(state__in=TROUBLE) | found.filter(reason=Message.Reason.NO_ADDRESS)


def upcoming(trial: Trial, sites: Iterable[Site], *, days: int = 7) -> list[Upcoming]:
    """What will be sent in the next days by the protocol's rules, the soonest first, if nobody answers until then."""
    now, keys = clock.now(), {site.pk for site in sites}
    until = now + timedelta(days=days)
    found: list[Upcoming] = []
    for each in candidates(trial, protocol_of(trial), until=until):
        if each.participant.site_id not in keys:
            continue
        for planned in plan.schedule(each.reminder, each.span):
            if planned.number not in each.used and now < planned.at <= until:
                channel = channels.usable(planned.channel)
                about = (each.participant, each.reminder.code, planned.number, channel, each.visit, each.appointment)
                found.append(Upcoming(planned.at, *about))
    return sorted(found, key=lambda each: (each.at, each.participant.number, each.rule))


def wording_of_task(protocol: Protocol, task: Task, language: str) -> str:
    """What the protocol says a person should do when reminders brought nothing; empty for other tasks."""
    code = task.about.partition(" ")[0]
    rule = next((each for each in protocol.reminders if each.code == code), None)
    if task.kind != UNANSWERED or rule is None or rule.then_task is None:
        return ""
    return rule.then_task.wording.in_language(language)


def _of_sites(sites: Iterable[Site], states: Sequence[str] | None) -> QuerySet[Message]:
    found = Message.objects.filter(site__in=[site.pk for site in sites])
    found = found.select_related("participant", "site", "visit", "appointment", "consent")
    return found.filter(state__in=states) if states is not None else found
