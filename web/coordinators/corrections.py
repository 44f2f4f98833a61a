"""Corrections that participants asked for and nobody decided on: one list, each row leading to where it is decided."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from instruments import catalogue
from outcomes.models import CorrectionRequest
from outcomes.queries import open_requests
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Table, TableCell
from web.instrument_forms.words import answer_in_words, texts_of
from web.pages import TrialRequest, page
from web.shared.record_words import form_url, instrument_name, link, moment_in_words, name_of_visit

PER_PAGE = 50


@page(Permission.CORRECT)
def corrections(request: TrialRequest) -> HttpResponse:
    """What is asked for, of whose answer and why; the oldest first."""
    audience = {membership.role for membership in request.memberships}
    protocol = protocol_of(request.trial)
    rows = Paginator(open_requests(request.sites, audience, protocol), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"table": _table(request, list(rows), protocol), "page": rows}
    return render(request, "coordinators/corrections.html", context)


def _table(request: TrialRequest, asked: list[CorrectionRequest], protocol: Protocol) -> Table:
    head = [_("Participant"), _("Form"), _("Question"), _("Correction"), _("Why"), _("Asked for"), _("Decision")]
    names = dict(User.objects.filter(pk__in={each.asked_by for each in asked}).values_list("pk", "name"))
    return Table(_("Corrections to decide on"), head, [_cells(request, each, protocol, names) for each in asked])


def _cells(
    request: TrialRequest, asked: CorrectionRequest, protocol: Protocol, names: dict[UUID, str]
) -> list[TableCell]:
    participant, form = asked.participant, asked.response.form
    item, texts = catalogue.load(form.instrument).item(asked.item), texts_of(form)
    words = texts.items[asked.item]
    old = answer_in_words(item, words, asked.old_value) or "–"
    new = answer_in_words(item, words, asked.new_value, asked.new_missing) or "–"
    recorded = [moment_in_words(asked.asked_at, participant.site.time_zone), names.get(UUID(asked.asked_by), "")]
    return [
        TableCell(participant.number, url=link("record", trial=request.trial.code, number=participant.number)),
        TableCell(f"{instrument_name(form.instrument)}, {name_of_visit(protocol, form.visit)}"),
        TableCell(words.text),
        TableCell(_("From “%(old)s” to “%(new)s”.") % {"old": old, "new": new}),
        TableCell(asked.get_why_display()),
        TableCell(", ".join(filter(None, recorded))),
        _decision(request, asked),
    ]


def _decision(request: TrialRequest, asked: CorrectionRequest) -> TableCell:
    """Where it is decided; whoever recorded it leaves that to another person."""
    if asked.asked_by == request.actor.id:
        return TableCell(_("You recorded this request. Another person decides on it."))
    return TableCell(_("Decide"), url=form_url(request.trial, asked.response.form))
