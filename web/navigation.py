"""The side navigation: one table of pages by permission. Links across the wall are names, never imports."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission as P
from trials.models import Membership, Trial


@dataclass(frozen=True)
class NavItem:
    label: str | Promise
    url: str
    current: bool
    count: int | None = None


TABLE: Sequence[tuple[str, str | Promise, P]] = (
    ("coordinators:home", _("Due today"), P.SCREEN),
    ("assessors:home", _("Due this week"), P.ASSESS),
    ("therapists:home", _("My participants"), P.LOG_SESSION),
    ("unblinded:interviews", _("Interviews"), P.RECORD_INTERVIEW),
    ("coordinators:participants", _("Participants"), P.SCREEN),
    ("monitors:participants", _("Participants"), P.VIEW_AUDIT),
    ("coordinators:screen_new", _("New screening"), P.SCREEN),
    ("coordinators:messages", _("Messages"), P.VIEW_MESSAGES),
    ("statisticians:sequence", _("Sequence room"), P.PREPARE_SEQUENCE),
    ("statisticians:exports", _("Exports by arm"), P.EXPORT_UNBLINDED),
    ("monitors:strata", _("Strata to sign"), P.SIGN_STRATA),
    ("monitors:progress", _("Recruitment"), P.VIEW_PROGRESS),
    ("monitors:exports", _("Exports"), P.EXPORT_BLINDED),
    ("monitors:audit", _("Audit trail"), P.VIEW_AUDIT),
    ("monitors:people", _("People and roles"), P.GRANT_ROLES),
    ("monitors:lock", _("Lock"), P.LOCK_TRIAL),
)


def navigation(request: HttpRequest, trial: Trial, memberships: list[Membership]) -> list[NavItem]:
    """The pages this person's roles open, in the order of the table."""
    permitted = set().union(*(m.definition.permissions for m in memberships))
    items: list[NavItem] = []
    for name, label, permission in TABLE:
        if permission in permitted:
            try:
                url = reverse(name, kwargs={"trial": trial.code})
            except NoReverseMatch:
                continue
            items.append(NavItem(label, url, current=request.path == url))
    return items
