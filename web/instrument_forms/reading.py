"""A submitted form read back, with its scores, its corrections and the requests for some."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.dates import date_format
from core.problems import Problem
from instruments.answers import shown_items
from instruments.definition import Item
from outcomes.audiences import FILLING
from outcomes.models import CorrectionRequest, Form, Response
from outcomes.queries import asked_of, response_of
from trials.access import may
from trials.queries import protocol_of
from web.components import SummaryRow
from web.instrument_forms.places import Place, Subject, show
from web.instrument_forms.score_words import score_rows
from web.instrument_forms.words import answer_in_words, summary_rows
from web.pages import TrialRequest
from web.shared.query_words import QueryRow, query_rows


def read_page(request: TrialRequest, subject: Subject, place: Place) -> HttpResponse:
    """What is stored, for those who may read it; others see only that the form is complete."""
    try:
        response = response_of(subject.form, {membership.role for membership in request.memberships})
    except Problem:
        return show(request, "waiting", subject, place, sentence="")
    if response is None:
        return show(request, "waiting", subject, place, sentence="")
    may_change = may_correct(request, subject)
    context: dict[str, Any] = {
        "response": response,
        "rows": rows_of(subject, response, place if may_change else None),
        "scores": score_rows(response.scores),
        "submitted": submitted_in_words(response, subject.form.site.time_zone),
        "may_correct": may_change and bool(place.correct_url),
        "requests": requests_of(request, subject, response),
        "queries": queries_of(request, subject.form),
        "query_url": raise_url(request, subject.form),
    }
    return show(request, "read", subject, place, **context)


def submitted_in_words(response: Response, zone: str) -> str:
    """When, by the clock of the site; said here, since a template would turn it into the server's time."""
    return date_format(localtime(response.submitted_at, ZoneInfo(zone)), "j F Y, H:i")


def may_correct(request: TrialRequest, subject: Subject) -> bool:
    """Whether the person may correct the form, or ask for it in the participant's name."""
    form = subject.form
    wanted = [FILLING[form.filled_by]] if subject.is_participants else [FILLING[form.filled_by], Permission.CORRECT]
    return any(may(request.actor, permission, trial=form.trial, site=form.site) for permission in wanted)


def rows_of(subject: Subject, response: Response, place: Place | None) -> list[SummaryRow]:
    """The answers; those of a participant each with the page that asks for a correction."""
    urls = {}
    if place and place.correct_url and subject.is_participants:
        urls = {code: f"{place.correct_url}?item={code}" for code in subject.definition.item_codes()}
    rows = summary_rows(subject.definition, subject.texts, response.answers, response.missing, urls)
    asked = shown_items(subject.definition, response.answers)
    return [with_file(row, item, subject, response) for row, item in zip(rows, asked, strict=True)]


def with_file(row: SummaryRow, item: Item, subject: Subject, response: Response) -> SummaryRow:
    """Of an item that is answered by a file, the link to it."""
    if item.kind != "file" or item.code not in response.answers:
        return row
    url = reverse("form_file", args=[subject.form.trial.code, subject.form.pk, item.code])
    return replace(row, value=format_html('<a href="{}">{}</a>', url, _("Open the file")))


def requests_of(request: TrialRequest, subject: Subject, response: Response) -> list[dict[str, object]]:
    """The open requests for a correction, in words, with who may decide on them."""
    open_now = response.requests.filter(state=CorrectionRequest.State.OPEN).order_by("asked_at", "pk")
    decides = may(request.actor, Permission.CORRECT, trial=subject.form.trial, site=subject.form.site)
    return [request_in_words(subject, each, request, decides) for each in open_now]


def queries_of(request: TrialRequest, form: Form) -> list[QueryRow]:
    """The queries about the form, for those who work with queries."""
    if not may(request.actor, Permission.VIEW_QUERIES, trial=form.trial, site=form.site):
        return []
    protocol = protocol_of(form.trial)
    asked = asked_of([form.pk], {membership.role for membership in request.memberships}, protocol)
    return query_rows(asked, form.trial, protocol)


def raise_url(request: TrialRequest, form: Form) -> str:
    """Where a query about the form is raised; "" for those who raise none."""
    if not may(request.actor, Permission.RAISE_QUERY, trial=form.trial, site=form.site):
        return ""
    return reverse("query_new", args=[form.trial.code, form.pk])


def request_in_words(
    subject: Subject, asked: CorrectionRequest, request: TrialRequest, decides: bool
) -> dict[str, object]:
    item, words = subject.definition.item(asked.item), subject.texts.items[asked.item]
    return {
        "question": words.text,
        "old": answer_in_words(item, words, asked.old_value),
        "new": answer_in_words(item, words, asked.new_value, asked.new_missing),
        "why": asked.get_why_display(),
        "own": asked.asked_by == request.actor.id,
        "url": reverse("correction_decide", args=[request.trial.code, asked.pk]) if decides else "",
    }
