"""All participants of the sites somebody monitors, each a link to the record."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from participants.models import Participant
from participants.queries import counts_by_state, participants_of
from web.components import Tab, Table, TableCell
from web.event_words import overdue_notice
from web.pages import TrialRequest, page
from web.shared.record_states import shape_of
from web.shared.record_words import day_in_words, link

PAGE_SIZE = 50
LONGEST_SEARCH = 40


@page(Permission.VIEW_AUDIT)
def participants(request: TrialRequest) -> HttpResponse:
    """The list by study number, of one state or all."""
    state = request.GET.get("state", "")
    state = state if state in Participant.State.values else ""
    search = request.GET.get("search", "")[:LONGEST_SEARCH]
    found = participants_of(request.sites, [state] if state else None, search)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in (("state", state), ("search", search)) if value}
    context = {
        "overdue": overdue_notice(request.sites),
        "tabs": tabs(request, state),
        "search": search,
        "chosen_state": state,
        "page": shown,
        "query": urlencode(kept) + "&" if kept else "",
        "table": table(request, list(shown.object_list)),
    }
    return render(request, "monitors/participants.html", context)


def tabs(request: TrialRequest, state: str) -> list[Tab]:
    """One view for every state that somebody is in, with how many."""
    counts = counts_by_state(request.sites)
    views = [Tab(_("All"), "?", current=not state, count=counts.total())]
    return views + [
        Tab(each.label, f"?state={each.value}", current=state == each.value, count=counts[each.value])
        for each in Participant.State
        if counts[each.value] or state == each.value
    ]


def table(request: TrialRequest, rows: list[Participant]) -> Table:
    """A row for each participant; the number leads to the record."""
    cells = [
        [
            TableCell(each.number, url=link("record", trial=request.trial.code, number=each.number)),
            TableCell(each.site.name),
            _state_cell(each),
            TableCell(day_in_words(each.screened_on)),
        ]
        for each in rows
    ]
    return Table(_("Participants"), [_("Study number"), _("Site"), _("State"), _("Screened")], cells)


def _state_cell(participant: Participant) -> TableCell:
    mark, words = shape_of(participant.state)
    return TableCell(words, state=mark)
