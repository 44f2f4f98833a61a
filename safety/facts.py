"""What is said of an event, checked before it is written. All that is wrong is told at once."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.problems import Invalid, Problem
from participants.models import Participant
from safety.codes import ENDED, ActionTaken, Criterion, Found, Outcome, Severity, Term
from safety.models.event import LONGEST_TEXT, Standing
from safety.partial_dates import is_surely_after, is_surely_before, span
from trials.protocol import Protocol
from trials.protocol.design import ExpectedEvent


@dataclass(frozen=True)
class Status:
    """How an event stands: what a follow-up report may change. ``ended`` may be a month or a year, or empty."""

    severity: str
    serious: bool
    criteria: tuple[str, ...]
    action: str
    outcome: str
    ended: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The fields as records keep them; criteria in the order of their list."""
        chosen = [code for code in Criterion.values if code in self.criteria]
        return {**asdict(self), "criteria": chosen}


@dataclass(frozen=True)
class Facts:
    """What a first report says. ``aware_at`` None: heard of just now."""

    term: str
    onset: str
    found: str
    status: Status
    aware_at: datetime | None = None


STATUS_FIELDS = tuple(each.name for each in fields(Status))


def status_of(standing: Standing) -> Status:
    """How a record says that the event stands."""
    values = {name: getattr(standing, name) for name in STATUS_FIELDS}
    return Status(**{**values, "criteria": tuple(values["criteria"])})


def terms(protocol: Protocol) -> list[tuple[str, Any]]:
    """What can have happened: the protocol's expected events with their words by language, then the usual ones."""
    listed = [(each.code, each.label.root) for each in protocol.expected_events]
    known = {code for code, _words in listed}
    return [*listed, *((term.value, term.label) for term in Term if term.value not in known)]


def expected_at(protocol: Protocol, onset: str) -> list[ExpectedEvent]:
    """What stood on the list of expected events when an event began; of a month or a year, on its first day.

    The list in force at the onset is asked, not that of today: what was put there because of an event does not make
    that very event expected. (E2A, II.C, asks what was known; which day counts is not said there, so the stricter.)
    """
    first, _last = span(onset)
    return [each for each in protocol.expected_events if each.held_on(first)]


def check_facts(facts: Facts, participant: Participant, protocol: Protocol) -> None:
    """Raise every problem of a first report."""
    today = clock.today(participant.site.time_zone)
    problems = [
        *_codes(facts, protocol),
        *_onset(facts.onset, participant, today),
        *_status(facts.status, facts.onset, today),
        *_awareness(facts, participant),
    ]
    if problems:
        raise Invalid(problems)


def check_status(status: Status, onset: str, participant: Participant) -> None:
    """Raise every problem of what a follow-up report says."""
    problems = list(_status(status, onset, clock.today(participant.site.time_zone)))
    if problems:
        raise Invalid(problems)


def check_text(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Problem("event.text", _("Keep the text under 2000 characters."), field="text")


def _codes(facts: Facts, protocol: Protocol) -> Iterator[Problem]:
    if facts.term not in {code for code, _words in terms(protocol)}:
        yield Problem("event.term", _("Choose from the list what happened."), field="term")
    if facts.found not in Found.values:
        yield Problem("event.found", _("Choose how it came to light."), field="found")


def _onset(onset: str, participant: Participant, today: date) -> Iterator[Problem]:
    if not is_date(onset):
        yield Problem("event.onset", _("Enter when it began: at least the year."), field="onset")
        return
    if is_surely_after(onset, today):
        yield Problem("event.onset_ahead", _("This day lies ahead. Enter when the event began."), field="onset")
    consented = participant.consents.order_by("day", "pk").values_list("day", flat=True).first()
    if consented is not None and is_surely_before(onset, consented):
        yield Problem(
            "event.before_consent",
            _("This is before the consent, so it is history and no event. If it got worse since, enter since when."),
            field="onset",
        )


def _status(status: Status, onset: str, today: date) -> Iterator[Problem]:
    if status.severity not in Severity.values:
        yield Problem("event.severity", _("Choose how intense it was."), field="severity")
    if status.action not in ActionTaken.values:
        yield Problem("event.action", _("Choose what was done about taking part."), field="action")
    if status.outcome not in Outcome.values:
        yield Problem("event.outcome", _("Choose how the event stands now."), field="outcome")
    yield from _seriousness(status)
    yield from _end(status, onset, today)


def _seriousness(status: Status) -> Iterator[Problem]:
    criteria = set(status.criteria)
    if not criteria <= set(Criterion.values):
        yield Problem("event.criterion", _("Choose the reasons from the list."), field="criteria")
    elif status.serious and not criteria:
        yield Problem("event.no_criterion", _("A serious event needs a reason. Choose at least one."), field="criteria")
    elif criteria and not status.serious:
        yield Problem(
            "event.not_serious",
            _("One of these reasons makes an event serious. Answer yes to serious, or take the reason away."),
            field="criteria",
        )
    if status.outcome == Outcome.FATAL and Criterion.DEATH not in criteria:
        yield Problem("event.fatal", _("A death is serious: choose death among the reasons."), field="criteria")


def _end(status: Status, onset: str, today: date) -> Iterator[Problem]:
    if not status.ended:
        if status.outcome in ENDED:
            yield Problem("event.no_end", _("It is over: enter when it ended, at least the year."), field="ended")
        return
    if not is_date(status.ended):
        yield Problem("event.ended", _("Enter when it ended: at least the year."), field="ended")
    elif status.outcome not in ENDED:
        yield Problem("event.not_over", _("It is not over, so it has no end. Leave the end empty."), field="ended")
    elif is_surely_after(status.ended, today):
        yield Problem("event.end_ahead", _("This day lies ahead. Enter when the event ended."), field="ended")
    elif is_date(onset) and span(status.ended)[1] < span(onset)[0]:
        yield Problem("event.end_early", _("It ended before it began. Check both dates."), field="ended")


def _awareness(facts: Facts, participant: Participant) -> Iterator[Problem]:
    if facts.aware_at is None:
        return
    if facts.aware_at > clock.now():
        yield Problem("event.aware_ahead", _("This moment lies ahead. Enter when you heard of it."), field="aware_on")
    elif is_date(facts.onset) and is_surely_after(
        facts.onset, clock.day_of(facts.aware_at, participant.site.time_zone)
    ):
        yield Problem(
            "event.aware_early", _("Nobody can have heard of it before it began. Check both."), field="aware_on"
        )


def is_date(text: str) -> bool:
    """Whether it is a day, a month or a year."""
    try:
        span(text)
    except ValueError:
        return False
    return True
