"""Messages to participants: sent, in trouble, those to come, and what an amendment changes in them."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from reminders.actions import mending
from reminders.foresight import Upcoming, upcoming
from reminders.models import Message
from reminders.queries import PER_PAGE, failures, outbox
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Tab, Table, TableCell
from web.coordinators import message_changes
from web.coordinators.message_changes import about_upcoming
from web.forms import whole_number
from web.pages import TrialRequest, page
from web.shared.record_panels import channel_name, message_cells
from web.shared.record_rights import rights_at
from web.shared.record_words import link, logged_moment

VIEWS = ("all", "trouble", "coming", "month", "changes")
DAYS = {"coming": 7, "month": 30}


@page(Permission.VIEW_MESSAGES)
def messages(request: TrialRequest) -> HttpResponse:
    """One of the lists; never an address or a text."""
    wanted = request.GET.get("show", "all")
    view = wanted if wanted in VIEWS else "all"
    protocol = protocol_of(request.trial)
    asked = request.GET.get("page", "")
    rows: Page
    note = ""
    if view == "changes":
        compared = message_changes.compare(request)
        rows = Paginator(compared.found, PER_PAGE).get_page(asked)
        table, note = message_changes.table(request, rows, protocol), compared.sentence
    elif view in DAYS:
        coming = upcoming(request.trial, request.sites, days=DAYS[view])
        rows = Paginator(coming, PER_PAGE).get_page(asked)
        table = _coming(request, rows, protocol)
    else:
        found = failures(request.sites).order_by("-planned_for", "id") if view == "trouble" else None
        rows = (
            outbox(request.sites, page=whole_number(asked) or 1)
            if found is None
            else Paginator(found, PER_PAGE).get_page(asked)
        )
        table = _sent(request, rows, protocol)
    context: dict[str, Any] = {
        "table": table,
        "page": rows,
        "tabs": _tabs(request, view),
        "query": _query(view),
        "note": note,
    }
    return render(request, "coordinators/messages.html", context)


def _tabs(request: TrialRequest, view: str) -> list[Tab]:
    words = {"all": _("All"), "trouble": _("Not delivered"), "coming": _("Next 7 days")}
    words |= {"month": _("Next 30 days"), "changes": _("Changed by the amendment")}
    counts = {"trouble": failures(request.sites).count()}
    return [
        Tab(words[each], f"{request.path}?{_query(each)}".rstrip("&?"), each == view, counts.get(each))
        for each in VIEWS
    ]


def _query(view: str) -> str:
    return "" if view == "all" else f"{urlencode({'show': view})}&"


def _sent(request: TrialRequest, rows: Page, protocol: Protocol) -> Table:
    head = [_("Participant"), _("About"), _("Message"), _("When"), _("Channel"), _("State"), _("More")]
    lines = [[_who(request, each), *_cells(each, protocol), _more(request, each)] for each in rows]
    return Table(_("Messages"), head, lines)


def _more(request: TrialRequest, message: Message) -> TableCell:
    may_mend = Permission.SEND_LINK in rights_at(request, message.participant) and mending.may_send_again(message)
    words = _("Mend") if may_mend else _("Details")
    return TableCell(words, url=link("coordinators:message", trial=request.trial.code, message=message.pk))


def _cells(message: Message, protocol: Protocol) -> list[TableCell]:
    return message_cells(message, protocol, message.site.time_zone)


def _coming(request: TrialRequest, rows: Page, protocol: Protocol) -> Table:
    head = [_("Participant"), _("About"), _("Message"), _("When"), _("Channel")]
    lines = []
    for each in rows:
        zone = each.participant.site.time_zone
        lines.append(
            [
                _who(request, each),
                TableCell(about_upcoming(each, protocol)),
                TableCell(each.number, number=True),
                TableCell(logged_moment(each.at, zone)),
                TableCell(channel_name(each.channel)),
            ]
        )
    return Table(_("If nobody answers until then"), head, lines)


def _who(request: TrialRequest, about: Message | Upcoming) -> TableCell:
    number = about.participant.number
    return TableCell(number, url=link("record", trial=request.trial.code, number=number))
