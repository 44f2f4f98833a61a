"""The list of participants: by state, by number, and by exactly who they are."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from participants.details import LONGEST, Details
from participants.models import Participant
from participants.queries import (
    LONGEST_SEARCH,
    counts_by_state,
    participants_named,
    participants_of,
    participants_reached_at,
)
from web.components import Action, Tab, Table, TableCell
from web.coordinators.desk import Desk, desk_of
from web.coordinators.due_forms import late_by_participant
from web.pages import TrialRequest, page
from web.shared.record_states import shape_of
from web.shared.record_words import day_in_words, language_name

PER_PAGE = 50
LONGEST_IDENTIFIER = max(LONGEST.values())


@page(Permission.SCREEN, methods=("GET", "POST"))
def participants(request: TrialRequest) -> HttpResponse:
    """The list. A search is posted, so that no name, phone number or address stands in an address or a log."""
    if request.method == "POST":
        return _search(request)
    state = request.GET.get("state", "")
    state = state if state in Participant.State.values else ""
    typed = request.GET.get("number", "")[:LONGEST_SEARCH]
    found = participants_of(request.sites, [state] if state else None, typed)
    rows = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "coordinators/participants.html", _context(request, rows, state=state, typed=typed))


def _search(request: TrialRequest) -> HttpResponse:
    typed = request.POST.get("search", "").strip()[:LONGEST_IDENTIFIER]
    people = _people(request, typed)
    if len(people) == 1:
        return redirect("record", trial=request.trial.code, number=people[0].number)
    numbers = participants_of(request.sites, None, typed)
    if not people and numbers.exists():
        here = reverse("coordinators:participants", kwargs={"trial": request.trial.code})
        return redirect(f"{here}?{urlencode({'number': typed[:LONGEST_SEARCH]})}" if typed else here)
    rows = Paginator(people, PER_PAGE).get_page(1)
    return render(request, "coordinators/participants.html", _context(request, rows, typed=typed))


def _people(request: TrialRequest, typed: str) -> list[Participant]:
    """Whoever has exactly this e-mail address, phone number or name, at the sites of the reader."""
    if "@" in typed:
        found = participants_reached_at(request.trial, Details(email=typed), request.actor)
    elif sum(sign.isdigit() for sign in typed) >= 7:
        found = participants_reached_at(request.trial, Details(phone=typed), request.actor)
    else:
        found = participants_named(request.trial, typed, request.actor) if typed else []
    sites = {site.pk: site for site in request.sites}
    return [each for each in found if each.site_id in sites]


def _context(request: TrialRequest, rows: Page, *, state: str = "", typed: str = "") -> dict[str, Any]:
    desk = desk_of(request)
    query = {name: value for name, value in (("state", state), ("number", typed)) if value}
    return {
        "tabs": _tabs(request, desk, state),
        "typed": typed,
        "state": state,
        "table": _table(desk, rows),
        "page": rows,
        "query": f"{urlencode(query)}&" if query else "",
        "new": Action(_("New screening"), desk.page("screen_new")),
    }


def _tabs(request: TrialRequest, desk: Desk, state: str) -> list[Tab]:
    counts, here = counts_by_state(desk.sites), request.path
    tabs = [Tab(_("All"), here, not state, sum(counts.values()))]
    for each in Participant.State:
        if counts[each] or each == state:
            tabs.append(Tab(each.label, f"{here}?{urlencode({'state': each.value})}", each == state, counts[each]))
    return tabs


def _table(desk: Desk, rows: Page) -> Table:
    sites = {site.pk: site.name for site in desk.sites}
    late = late_by_participant(desk, [each.pk for each in rows])
    several = len(sites) > 1
    head = [_("Number"), _("State"), *([_("Site")] if several else []), _("Language"), _("Screened"), _("Late forms")]
    return Table(_("Participants"), head, [_cells(desk, each, sites, late.get(each.pk, 0)) for each in rows])


def _cells(desk: Desk, participant: Participant, sites: dict[Any, str], late: int) -> list[TableCell]:
    shape, words = shape_of(participant.state)
    return [
        TableCell(participant.number, url=desk.record_url(participant.number)),
        TableCell(words, state=shape),
        *([TableCell(sites[participant.site_id])] if len(sites) > 1 else []),
        TableCell(language_name(participant.language)),
        TableCell(day_in_words(participant.screened_on)),
        TableCell(late or "", number=True),
    ]
