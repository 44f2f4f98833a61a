"""What the protocol's codes are called, in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core import clock
from core.dates import date_format
from instruments import catalogue
from outcomes.models import Form, Visit
from trials.models import Trial
from trials.protocol import Protocol
from trials.protocol.design import Registration
from trials.protocol.words import Text
from trials.wordings import language_name as language_name


def say(words: Text) -> str:
    """A text of the protocol in the reader's language."""
    return words.in_language(get_language() or "en")


def visit_name(protocol: Protocol, code: str, number: int | None = None) -> str:
    """A visit as people call it; with ``number``, which occurrence of a recurring one."""
    try:
        plan = protocol.visit(code)
    except KeyError:
        return code
    if number is None or plan.repeat is None:
        return say(plan.label)
    return _("%(visit)s, %(number)d of %(total)d") % {
        "visit": say(plan.label),
        "number": number,
        "total": plan.occurrences,
    }


def name_of_visit(protocol: Protocol, visit: Visit) -> str:
    """A planned visit as people call it."""
    return visit_name(protocol, visit.code, visit.number)


def instrument_name(code: str) -> str:
    """The title of an instrument."""
    titles = catalogue.load(code).title
    return titles.get((get_language() or "en").split("-")[0]) or next(iter(titles.values()))


def purpose_name(protocol: Protocol, code: str) -> str:
    """What an appointment is for."""
    return next((say(each.label) for each in protocol.appointments if each.code == code), code)


def place_name(protocol: Protocol, site: str, code: str) -> str:
    """Where an appointment is; empty if no place was given."""
    return next((say(each.label) for each in protocol.site(site).places if each.code == code), code)


def stage_name(protocol: Protocol, code: str) -> str:
    """A stage of eligibility."""
    return next((say(each.label) for each in protocol.eligibility.stages if each.code == code), code)


def criteria_in_words(protocol: Protocol, codes: Iterable[str]) -> list[str]:
    """The criteria of some codes, as worded."""
    wanted = set(codes)
    return [say(each.wording) for each in protocol.eligibility.criteria if each.code in wanted]


def registered_as(registrations: tuple[Registration, ...]) -> str:
    """The numbers in registries; many registries begin theirs with their own name."""
    names = [(each.registry, each.id) for each in registrations]
    return ", ".join(number if number.startswith(name) else f"{name} {number}" for name, number in names)


def day_in_words(day: date) -> str:
    """A day such as 3 May 2026."""
    return date_format(day, "j F Y")


def moment_in_words(moment: datetime, zone: str) -> str:
    """A moment at a site, such as Thursday 7 May 2026, 14:00 EDT."""
    return date_format(moment.astimezone(ZoneInfo(zone)), "l j F Y, H:i T")


def logged_moment(moment: datetime, zone: str) -> str:
    """A moment in a table of many, such as 7 May 2026, 14:00 EDT."""
    return date_format(moment.astimezone(ZoneInfo(zone)), "j F Y, H:i T")


def near_day(day: date) -> str:
    """A day of these weeks, such as 3 May; with the year once that is another."""
    return date_format(day, "j F" if day.year == clock.now().year else "j F Y")


def near_moment(moment: datetime, zone: str) -> str:
    """A moment near today: the time alone today, with the day otherwise."""
    here = moment.astimezone(ZoneInfo(zone))
    day = pgettext("weekday, day, time", "D j M, H:i")
    return date_format(here, "H:i" if here.date() == clock.today(zone) else day)


def form_url(trial: Trial, form: Form, name: str = "form") -> str:
    """Where a form is entered or read."""
    return link(name, trial=trial.code, form=form.pk)


def link(name: str, **kwargs: object) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""
