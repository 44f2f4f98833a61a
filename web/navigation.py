"""The side navigation: one table of pages by permission. Links across the wall are names, never imports."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission as P
from trials.models import Membership, Trial


@dataclass(frozen=True)
class NavItem:
    """A page of the menu: ``current`` is the one open, ``within`` the one the open page belongs to."""

    label: str | Promise
    url: str
    current: bool
    within: bool = False
    count: int | None = None


PARTICIPANTS = _("Participants")
RECORDS = ("participants/", "forms/", "corrections/")
"""Where records and forms live, for every blinded role; lists of participants lead there."""

TABLE: Sequence[tuple[str, str | Promise, P]] = (
    ("coordinators:home", _("Due today"), P.SCREEN),
    ("assessors:home", _("Due this week"), P.ASSESS),
    ("therapists:home", _("My participants"), P.LOG_SESSION),
    ("unblinded:interviews", _("Interviews"), P.RECORD_INTERVIEW),
    ("calendar", _("Calendar"), P.BOOK),
    ("calendar", _("Calendar"), P.ASSESS),
    ("coordinators:participants", PARTICIPANTS, P.SCREEN),
    ("monitors:participants", PARTICIPANTS, P.VIEW_AUDIT),
    ("safety", _("Safety"), P.VIEW_EVENTS),
    ("unblinded:event_new", _("Report an event"), P.REPORT_EVENT_BEHIND),
    ("unblinded:deliveries", _("Deviations in sessions"), P.VIEW_SESSIONS),
    ("coordinators:screen_new", _("New screening"), P.SCREEN),
    ("coordinators:corrections", _("Corrections"), P.CORRECT),
    ("coordinators:results", _("Results from a file"), P.ENTER_RESULTS),
    ("queries", _("Queries"), P.VIEW_QUERIES),
    ("coordinators:messages", _("Messages"), P.VIEW_MESSAGES),
    ("statisticians:sequence", _("Sequence room"), P.PREPARE_SEQUENCE),
    ("statisticians:blinding", _("Blinding"), P.VIEW_BLINDING),
    ("statisticians:exports", _("Exports by arm"), P.EXPORT_UNBLINDED),
    ("statisticians:code", _("Breaking the code"), P.BREAK_CODE),
    ("coordinators:allocation_error", _("Allocation errors"), P.RECORD_ALLOCATION_ERROR),
    ("coordinators:stop", _("Stop randomization"), P.FREEZE_ALLOCATION),
    ("unblinded:emergency", _("Emergency unblinding"), P.UNBLIND),
    ("unblinded:closed_report", _("Closed report"), P.EXPORT_UNBLINDED),
    ("unblinded:programmes", _("Programmes"), P.EXPORT_UNBLINDED),
    ("unblinded:analysts", _("Data for analysts"), P.EXPORT_UNBLINDED),
    ("monitors:strata", _("Strata"), P.SIGN_STRATA),
    ("monitors:progress", _("Recruitment"), P.VIEW_PROGRESS),
    ("monitors:open_report", _("Open report"), P.VIEW_PROGRESS),
    ("monitors:exports", _("Exports"), P.EXPORT_BLINDED),
    ("monitors:audit", _("Audit trail"), P.VIEW_AUDIT),
    ("monitors:packs", _("Content packs"), P.LOAD_CONTENT_PACKS),
    ("monitors:people", _("People and roles"), P.GRANT_ROLES),
    ("viewing", _("View as"), P.VIEW_AS),
    ("monitors:lock", _("Lock"), P.LOCK_TRIAL),
)


def navigation(request: HttpRequest, trial: Trial, memberships: list[Membership]) -> list[NavItem]:
    """The pages this person's roles open, in the order of the table."""
    permitted = set().union(*(m.definition.permissions for m in memberships))
    items: list[NavItem] = []
    for name, label, permission in TABLE:
        if permission in permitted and label not in [item.label for item in items]:
            try:
                url = reverse(name, kwargs={"trial": trial.code})
            except NoReverseMatch:
                continue
            items.append(NavItem(label, url, current=request.path == url))
    return _with_section(request.path, items, reverse("trial_home", args=[trial.code]))


def _with_section(path: str, items: list[NavItem], home: str) -> list[NavItem]:
    """Mark what the open page belongs to: the nearest page above it, or the list that leads to records and forms."""
    if any(item.current for item in items):
        return items
    above = [item for item in items if path.startswith(item.url)]
    if not above and path.startswith(tuple(home + rest for rest in RECORDS)):
        above = [item for item in items if item.label == PARTICIPANTS]
    nearest = max(above, key=lambda item: len(item.url), default=None)
    return [replace(item, within=True) if item is nearest else item for item in items]
