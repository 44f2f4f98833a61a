"""Worlds alike in everything but the arms, or but the stratum: who is in one here is in the other one there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.core.cache import cache
from django.test import override_settings

from accounts import tokens
from accounts.models import User
from accounts.roles import Role
from core import clock
from demo import building, second
from demo.cast import actor
from demo.characters import Character
from demo.clockwork import Life, live
from demo.company import Company, found
from outcomes.actions import links
from participants.models import Participant
from reminders.actions import consent_copies
from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS
from tests.rules.swap import extras, reviewing
from tests.rules.swap.extras import NOW
from tests.rules.swap.known_ids import chance_of, known_ids
from tests.rules.swap.logs import logged
from tests.rules.swap.mirror import across_the_cut
from tests.rules.swap.stories import Who, story
from trials.actions import calendar_links, memberships
from trials.models import Trial

BEGIN = NOW - timedelta(days=200)
POST_DAYS = 7
ARMS = ("MC+ILEX", "RT")
SECOND_ARMS = ("TRAIN", "CONTROL")

WITH_CALENDARS = ("elise", "amelie")


@dataclass
class World:
    """A told world. ``links`` are tokens by study number, ``tokens`` those of the API by person, ``post`` the mails.

    ``copy`` is the token of the copy of a consent, ``no_more`` that of asking for no more messages; ``feeds`` are those
    of calendars; ``log`` what was logged meanwhile.
    """

    trial: Trial
    second: Trial | None
    company: Company
    commitments: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    copy: str = ""
    no_more: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    post: list[tuple[Any, ...]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


def build(who: Sequence[Who], *, exchanged: bool = False, mirrored: bool = False, with_second: bool = False) -> World:
    """Tell a world up to NOW, in the database that is there.

    ``exchanged``: every allocation is to the other arm. ``mirrored``: everybody is in the other stratum, whose list
    is the one that they had.
    """
    cache.clear()
    mail.outbox.clear()
    with logged() as log, across_the_cut(mirrored=mirrored):
        world = _told(who, exchanged, with_second)
    world.log = log
    return world


def _told(who: Sequence[Who], exchanged: bool, with_second: bool) -> World:
    company = _found(exchanged)
    lives = [_story(company, index, each) for index, each in enumerate(who)]
    if with_second:
        lives += _second_lives(exchanged)
    lives.append(steady("post", building.post(NOW - timedelta(days=POST_DAYS))))
    with patch("demo.work.train", extras.train):
        live(lives, until=NOW - timedelta(minutes=5), tell=lambda _moment: None)
    world = World(company.trial, Trial.objects.exclude(pk=company.trial.pk).first(), company)
    with clock.moved_to(NOW), known_ids("keys"):
        world.commitments = extras.commitments()
        world.tokens = {key: _token(user) for key, user in company.people.items()}
        world.feeds = [calendar_links.issue(trial=company.trial, by=company.by(key)) for key in WITH_CALENDARS]
        extras.ask_for_correction(company)
        extras.leave_something_to_do(company)
        extras.guess(company)
        reviewing.ask_about_forms(company)
        reviewing.change_what_was_signed(company)
        world.links = {each.number: text for each in _who_may_answer(company.trial) if (text := _link(company, each))}
        world.copy, world.no_more = _in_the_copy(company)
    world.post = letters()
    return world


def _found(exchanged: bool) -> Company:
    ratio = dict.fromkeys(reversed(ARMS) if exchanged else ARMS, 1)
    design = {**building.DESIGN, "ratio": ratio}
    with known_ids("founding"), override_settings(ARMSLENGTH_DEMO=True):
        company = found("strong-back.yaml", at=BEGIN, design=design, qualifications=building.QUALIFIED)
        with clock.moved_to(BEGIN):
            for key, name, qualification in extras.MORE_THERAPISTS:
                user = User.objects.create_user(f"{key}@example.org", name)
                company.people[key] = user
                memberships.grant(
                    user=user,
                    trial=company.trial,
                    role=Role.THERAPIST,
                    site=company.site,
                    qualification=qualification,
                    by=company.by("noor"),
                )
    return company


def _second_lives(exchanged: bool) -> list[Life]:
    """The trial in which the coordinator randomizes."""
    ratio = dict.fromkeys(reversed(SECOND_ARMS) if exchanged else SECOND_ARMS, 1)
    with (
        patch.dict(second.DESIGN, {"ratio": ratio}),
        known_ids("second"),
        override_settings(ARMSLENGTH_DEMO=True),
    ):
        lives = second.second_trial(NOW)
    return [steady(f"second {index}", each) for index, each in enumerate(lives)]


def _story(company: Company, index: int, who: Who) -> Life:
    called = (NOW - timedelta(days=who.days)).replace(hour=14, minute=index % 60, second=index // 60, microsecond=0)
    name = f"life {index}"
    booked = NOW + timedelta(hours=6 + index % 2) if who.path == "ready" else None
    character = Character(index, who.path, called, who.language, chance_of(name), booked)
    return steady(name, story(company, character, who.extra), character)


def steady(name: str, told: Life, character: Character | None = None) -> Iterator[datetime]:
    """A life whose every step begins with chance of its own, so that no step depends on what an arm drew before."""
    for step in count():
        with known_ids(f"{name}, step {step}"):
            if character is not None:
                character.chance.setstate(chance_of(f"{name}, step {step}").getstate())
            moment = next(told, None)
        if moment is None:
            return
        yield moment


def letters(since: int = 0) -> list[tuple[Any, ...]]:
    """Every mail sent so far, after that many, as it left."""
    return [
        (each.from_email, *each.recipients(), each.subject, each.body, each.extra_headers, each.attachments)
        for each in mail.outbox[since:]
    ]


def _token(user: User) -> str:
    _kept, text = tokens.issue(user=user, purpose="walls", days=30, by=actor(user))
    return text


def _who_may_answer(trial: Trial) -> list[Participant]:
    states = [Participant.State.CONSENTED, Participant.State.RANDOMIZED]
    return list(trial.participants.filter(state__in=states).order_by("number"))


def _link(company: Company, participant: Participant) -> str:
    today = clock.today(participant.site.time_zone)
    visits = participant.visits.filter(opens_on__lte=today, closes_on__gte=today, forms__filled_by="participant")
    visit = visits.order_by("code", "number").first()
    if visit is None:
        return ""
    grant = links.send_grant(participant=participant, by=company.by("elise"))
    return links.issue(participant=participant, visit=visit, grant=grant)[1]


def _in_the_copy(company: Company) -> tuple[str, str]:
    """The links that somebody randomized got with their copy: to what they agreed to, and to get no more messages."""
    randomized = company.trial.participants.filter(state=Participant.State.RANDOMIZED).order_by("number")[0]
    consent = randomized.consents.select_related("participant__trial", "participant__site").order_by("signed_at")[0]
    message = consent_copies.send(consent=consent, by=company.by("elise"))
    send(message_id=message.pk, by=REMINDERS)
    _before, copy, no_more = str(mail.outbox[-1].body).split("/q/")
    return copy.partition("/copy/")[0], no_more.partition("/no-more/")[0]
