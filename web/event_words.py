"""Adverse events in words, for every page that shows them."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.dates import date_format, partial_date_in_words
from exports.tables import in_language
from safety.codes import Criterion
from safety.facts import terms
from safety.models import AdverseEvent, Causality, Clock
from safety.models.event import Standing
from safety.queries import overdue
from safety.short_queries import overdue_reviews
from trials.models import Site
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import SummaryRow


def term_in_words(protocol: Protocol, code: str) -> str:
    """What happened; a code that an amendment dropped stands as it is."""
    words = dict(terms(protocol)).get(code, code)
    return in_language(words, get_language() or "en")


def moment_in_words(at: datetime, zone: str) -> str:
    return date_format(at.astimezone(ZoneInfo(zone)), "j F Y, H:i")


def told_at(at: datetime, zone: str, by: str) -> str:
    """When something was said; of people behind the wall the day only, since times of sessions can tell the arm."""
    return moment_in_words(at, zone) if by else date_format(at.astimezone(ZoneInfo(zone)), "j F Y")


def seriousness_in_words(standing: Standing) -> str:
    """Yes with its reasons, or no."""
    if not standing.serious:
        return _("No")
    reasons = ", ".join(str(Criterion(each).label) for each in standing.criteria)
    return _("Yes: %(reasons)s") % {"reasons": reasons}


def rows_of(event: AdverseEvent) -> list[SummaryRow]:
    """How an event stands: coded fields only."""
    zone, protocol = event.participant.site.time_zone, protocol_of(event.participant.trial)
    rows = [
        SummaryRow(_("What happened"), term_in_words(protocol, event.term)),
        SummaryRow(_("Since"), partial_date_in_words(event.onset)),
        *standing_rows(event),
        SummaryRow(_("Came to light"), str(event.get_found_display())),
        SummaryRow(_("Heard of"), told_at(event.aware_at, zone, event.reported_by)),
    ]
    return rows


def standing_rows(standing: Standing) -> list[SummaryRow]:
    """What a report says of how the event stands."""
    outcome = str(standing.get_outcome_display())  # type: ignore[attr-defined]
    if standing.ended:
        outcome = _("%(outcome)s, %(day)s") % {"outcome": outcome, "day": partial_date_in_words(standing.ended)}
    return [
        SummaryRow(_("Intensity"), str(standing.get_severity_display())),  # type: ignore[attr-defined]
        SummaryRow(_("Serious"), seriousness_in_words(standing)),
        SummaryRow(_("Taking part"), str(standing.get_action_display())),  # type: ignore[attr-defined]
        SummaryRow(_("Now"), outcome),
    ]


def opinion_rows(held: Causality, protocol: Protocol, zone: str) -> list[SummaryRow]:
    """One opinion with who gave it and which list was read."""
    expected = _("No")
    if held.expected_as:
        expected = _("Yes: %(term)s") % {"term": term_in_words(protocol, held.expected_as)}
    by = User.objects.filter(pk=held.judged_by).values_list("name", flat=True).first() or ""
    facts = {"name": by, "at": moment_in_words(held.judged_at, zone)}
    return [
        SummaryRow(_("Caused by a programme"), str(held.get_intervention_display())),
        SummaryRow(_("Caused by a step of the trial"), str(held.get_procedures_display())),
        SummaryRow(_("Expected (list of protocol version %(number)s)") % {"number": held.list_version}, expected),
        *([SummaryRow(_("Reasons"), held.text)] if held.text else []),
        SummaryRow(_("Judged"), _("%(name)s, %(at)s") % facts),
        *([SummaryRow(_("Group"), _("Whoever judged may have known it."))] if held.group_known else []),
    ]


def clock_name(protocol: Protocol, code: str) -> str:
    """What a clock waits for, as the protocol calls it."""
    plan = next((each for each in protocol.safety.clocks if each.code == code), None)
    return plan.label.in_language(get_language() or "en") if plan else code


def clock_state(held: Clock) -> str:
    """The mark of a clock: met, run out, or how near its end is."""
    if held.met_at is not None:
        return "complete"
    left = held.due_at - clock.now()
    return "late" if left.total_seconds() < 0 else ("closing" if left.days < 1 else "due")


def time_left(held: Clock) -> str:
    """How long there is left, or by how much it ran out; in hours below two days."""
    seconds = (held.due_at - clock.now()).total_seconds()
    hours = int(abs(seconds) // 3600)
    if hours >= 48:
        days = hours // 24
        words = (
            ngettext("%(n)d day left", "%(n)d days left", days)
            if seconds >= 0
            else ngettext("%(n)d day overdue", "%(n)d days overdue", days)
        )
        return words % {"n": days}
    words = (
        ngettext("%(n)d hour left", "%(n)d hours left", hours)
        if seconds >= 0
        else ngettext("%(n)d hour overdue", "%(n)d hours overdue", hours)
    )
    return words % {"n": hours}


def overdue_notice(sites: Collection[Site]) -> str:
    """The sentences on home pages when something about serious events or deviations ran out; nothing otherwise."""
    events, reviews = overdue(sites), overdue_reviews(sites)
    of_events = ngettext(
        "The time limit of %(n)d serious event has passed.",
        "The time limits of %(n)d serious events have passed.",
        events,
    )
    of_reviews = ngettext(
        "The review of %(n)d important deviation is late.",
        "The reviews of %(n)d important deviations are late.",
        reviews,
    )
    told = [sentence % {"n": count} for sentence, count in ((of_events, events), (of_reviews, reviews)) if count]
    return " ".join(told)
