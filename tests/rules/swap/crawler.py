"""Looking at a world as somebody: every address there is, then every link that is found."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core import mail
from django.core.cache import cache as shared_cache
from django.db import transaction
from django.urls import Resolver404, resolve, reverse

from core import clock
from tests.rules.swap.addresses import Address, addresses
from tests.rules.swap.answers import Answer, read
from tests.rules.swap.exempt import BODIES, EXEMPT, MOST_SEEN, NO_LISTS, ONCE
from tests.rules.swap.known_ids import known_ids
from tests.rules.swap.lists import filters, is_html, next_page
from tests.rules.swap.logs import logged
from tests.rules.swap.values import Values
from tests.rules.swap.visitors import ANYBODY, BY_LINK, VISITORS, Visitor
from tests.rules.swap.worlds import NOW, World, letters

LINK = re.compile(r'\b(?:href|action|hx-get|src)="([^"]+)"')
FOLLOWED = 3
"""Links of one page's kind that are followed beyond the addresses that are filled from the world."""
SENT = 4
"""Records of one kind to which a visitor sends bodies, in each trial: others answer with the same forms."""
MOST_PAGES = 80
"""Pages of one list, filtered or not: more of them need another way to look."""


@dataclass(frozen=True)
class Asked:
    """Who asked what: ``variant`` counts the bodies sent to one address."""

    who: str
    method: str
    url: str
    variant: int = 0

    @property
    def name(self) -> str:
        """The name of the address."""
        return name_of(self.url)


@dataclass
class Crawl:
    """Looks through one world; ``answers`` keep the order in which they came."""

    world: World
    visitors: tuple[Visitor, ...] = VISITORS
    only: frozenset[str] = frozenset()
    """Names of addresses; all, if empty."""
    answers: dict[Asked, Answer] = field(default_factory=dict)
    _known: dict[str, Address] = field(default_factory=lambda: {each.name: each for each in addresses()})
    opened: set[str] = field(default_factory=set)
    """Names of addresses that showed something to somebody."""
    against: Mapping[Asked, Answer] | None = None
    """What another world answered; the look ends at the first difference."""
    differs: Asked | None = None
    _filtered: set[str] = field(default_factory=set)
    """Lists whose filters were tried, each value once, by the first who may open the list."""
    _asked_once: set[str] = field(default_factory=set)
    _sent: Counter[str] = field(default_factory=Counter)

    def run(self) -> Mapping[Asked, Answer]:
        """Everything that any of the visitors can get."""
        for visitor in self.visitors:
            for asked, answer in self.look(visitor):
                self.answers[asked] = answer
                if self.against is not None and self.against.get(asked) != answer:
                    self.differs = asked
                    return self.answers
        if self.against is not None:
            self.differs = next((asked for asked in self.against if asked not in self.answers), None)
        return self.answers

    def look(self, visitor: Visitor) -> Iterator[tuple[Asked, Answer]]:
        """What one visitor gets, address after address."""
        shared_cache.clear()
        with clock.moved_to(NOW):
            client = visitor.browser(self.world)
            waiting = deque(self._filled(visitor))
            seen, followed = set(waiting), Counter[str]()
            closed: set[str] = set()
            while waiting:
                url = waiting.popleft()
                for asked, body in self._questions(visitor, url, closed):
                    answer = self._ask(visitor, client, asked, body)
                    yield asked, answer
                    if answer.status == 403:
                        closed.add(f"{asked.method} {_kind(url)}")
                    elif answer.status < 400:
                        self.opened.add(name_of(url))
                    for link in self._onward(url, answer, seen, followed):
                        seen.add(link)
                        waiting.append(link)

    def _onward(self, url: str, answer: Answer, seen: set[str], followed: Counter[str]) -> Iterator[str]:
        """Where an answer leads: to more of the same list, all of it, and to some of everything else."""
        name, path = name_of(url), urlsplit(url).path
        more = [link for link in [*links(url, answer), next_page(url, answer)] if link]
        for link in [each for each in dict.fromkeys(more) if each not in seen]:
            if urlsplit(link).path == path and urlsplit(link).query:
                followed[f"{name}?"] += 1
                if followed[f"{name}?"] <= MOST_SEEN.get(name, MOST_PAGES):
                    yield link
                elif name not in MOST_SEEN:
                    raise AssertionError(f"{name} has more than {MOST_PAGES} pages.")
            elif self._follow(link, followed):
                yield link
        if answer.status == 200 and not urlsplit(url).query and name not in self._filtered | NO_LISTS.keys():
            self._filtered.add(name)
            yield from (each for each in filters(url, self._known.get(name), answer) if each not in seen)

    def _questions(self, visitor: Visitor, url: str, closed: set[str]) -> Iterator[tuple[Asked, dict[str, Any] | None]]:
        """A look, and what forms answer to nothing at all and to what the table adds; none after a refusal."""
        name = name_of(url)
        address = self._known.get(name)
        methods = address.methods if address else ("GET",)
        if "GET" in methods and f"GET {_kind(url)}" not in closed:
            yield Asked(visitor.name, "GET", url), None
        if "POST" not in methods or visitor is ANYBODY or urlsplit(url).query or name.startswith(("account_", "mfa_")):
            return
        self._sent[f"{visitor.name} {_kind(url)}"] += 1
        if self._sent[f"{visitor.name} {_kind(url)}"] > SENT:
            return
        for variant, body in enumerate([{}, *BODIES.get(name, [])]):
            if f"POST {_kind(url)}" not in closed and self._is_first(visitor, f"{name} {variant}"):
                yield Asked(visitor.name, "POST", url, variant), body

    def _is_first(self, visitor: Visitor, what: str) -> bool:
        """Whether nobody has sent this before, where it is enough that one person does."""
        if what not in ONCE:
            return True
        first = f"{visitor.name} {what}" in self._asked_once or not any(
            each.endswith(f" {what}") for each in self._asked_once
        )
        self._asked_once.add(f"{visitor.name} {what}")
        return first

    def _ask(self, visitor: Visitor, client: Any, asked: Asked, body: dict[str, Any] | None = None) -> Answer:
        """One request; what a POST does is undone, so that the next one meets the same world."""
        before = len(mail.outbox)
        with logged() as log, known_ids(str(asked)), transaction.atomic():
            response = visitor.ask(client, self.world, asked.method, asked.url, body)
            answer = read(response, self.world, letters(before), log)
            transaction.set_rollback(asked.method == "POST")
        if answer.status >= 500:
            raise AssertionError(f"{asked} failed with {answer.status}.")
        return answer

    def _filled(self, visitor: Visitor) -> list[str]:
        """Every address, filled with values of the world; for people without a login those they could know."""
        values = Values(self.world)
        urls: list[str] = []
        for address in addresses():
            if address.name in EXEMPT or address.name.endswith(":none") or not self._wanted(address.name):
                continue
            if ("token" in address.arguments) != (visitor is BY_LINK):
                continue
            filled = list(values.fill(address))
            urls += [reverse(address.name, kwargs=each) for each in filled[: 1 if visitor is ANYBODY else None]]
        if visitor is BY_LINK and self._wanted("participants:open"):
            urls += [reverse("participants:open", args=[token]) for token in self.world.links.values()]
        return list(dict.fromkeys(urls))

    def _wanted(self, name: str) -> bool:
        return not self.only or name in self.only

    def _follow(self, url: str, followed: Counter[str]) -> bool:
        name = name_of(url)
        if not name or name in EXEMPT or not self._wanted(name):
            return False
        followed[name] += 1
        return followed[name] <= FOLLOWED


def links(url: str, answer: Answer) -> list[str]:
    """Addresses of the product that an answer leads to."""
    found = [value for name, value in answer.headers if name == "Location"]
    if is_html(answer):
        found += [unescape(each) for each in LINK.findall(answer.body.decode())]
    whole = [urljoin(url, each).partition("#")[0] for each in found]
    return [each for each in whole if not urlsplit(each).netloc and not urlsplit(each).path.startswith("/static/")]


@cache
def _kind(url: str) -> str:
    """The name of an address with its trial: where a role is refused once, it is refused for every record."""
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        return ""
    return f"{found.view_name} {found.kwargs.get('trial', '')}"


@cache
def name_of(url: str) -> str:
    """The name of an address, or "" if it leads nowhere."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def addresses_of_blinded_rooms() -> list[Address]:
    """The addresses that some blinded person, participant or visitor is meant to open."""
    behind = ("web.therapists", "web.statisticians", "web.unblinded", "api.therapists")
    return [each for each in addresses() if each.room.startswith(("web.", "api.")) and not each.room.startswith(behind)]
