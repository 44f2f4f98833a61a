"""Reads of messages: what was sent to whom, and what failed. What comes next: ``reminders.foresight``."""

from collections.abc import Iterable, Sequence

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from participants.models import Participant, Task
from reminders.models import UNANSWERED, Message
from trials.models import Site
from trials.protocol import Protocol

TROUBLE = (Message.State.FAILED, Message.State.BOUNCED, Message.State.UNCERTAIN)
PER_PAGE = 50


def messages_of(participant: Participant) -> list[Message]:
    """All messages of a participant, newest first."""
    return list(
        Message.objects.filter(participant=participant).select_related("visit", "appointment", "consent", "link")
    )


def outbox(sites: Iterable[Site], states: Sequence[str] | None = None, page: int = 1) -> Page:
    """One page of the messages of some sites, newest first, optionally in some states only."""
    return Paginator(_of_sites(sites, states), PER_PAGE).get_page(page)


def failures(sites: Iterable[Site]) -> QuerySet[Message]:
    """Messages that somebody should look at: failed, perhaps sent, or without an address. To be paged.

    What perhaps was sent has arrived once somebody opened its link.
    """
    found = _of_sites(sites, None).filter(Q(state__in=TROUBLE) | Q(reason=Message.Reason.NO_ADDRESS))
    return found.exclude(link__last_used_at__isnull=False)


def wording_of_task(protocol: Protocol, task: Task, language: str) -> str:
    """What the protocol says a person should do when reminders brought nothing; empty for other tasks."""
    code = task.about.partition(" ")[0]
    rule = next((each for each in protocol.reminders if each.code == code), None)
    if task.kind != UNANSWERED or rule is None or rule.then_task is None:
        return ""
    return rule.then_task.wording.in_language(language)


def _of_sites(sites: Iterable[Site], states: Sequence[str] | None) -> QuerySet[Message]:
    found = Message.objects.filter(site__in=[site.pk for site in sites])
    found = found.select_related("participant", "site", "visit", "appointment", "consent", "link")
    return found.filter(state__in=states) if states is not None else found
