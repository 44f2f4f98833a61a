"""The audit trail for those who must not know arms: filtered, paged by time, and as a file."""

import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from audit import queries
from audit.models import Entry
from core.problems import NotFound
from exports.cells import as_text
from exports.tables import write
from participants.queries import participant_by_number
from trials.access import not_found
from web.forms import Form, SplitDateField
from web.monitors import trail
from web.pages import TrialRequest, page
from web.shared.trail_readers import blinded_audience

PAGE_SIZE = 50
KEPT = ("number", "verb", "day_day", "day_month", "day_year")
"""What goes along to the next page and into the file."""
HEAD = ["at_utc", "who", "role", "origin", "what", "about", "field", "old", "new", "not_shown", "reason", "facts"]


class FilterForm(Form):
    """What to look for; a day is of the server's time, UTC."""

    number = forms.CharField(label=_("Study number"), max_length=40, required=False)
    verb = forms.ChoiceField(
        label=_("What was done"), choices=[("", _("Anything")), *trail.VERBS.items()], required=False
    )
    day = SplitDateField(label=_("Day (UTC)"), required=False)


@page(Permission.VIEW_AUDIT)
def audit(request: TrialRequest) -> HttpResponse:
    """The trail, newest first."""
    form = FilterForm(request.GET)
    found = entries(request, form)
    rows, more = page_of(found, request.GET.get("from", ""))
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    context = {
        "filters": form,
        "lines": [line(each) for each in queries.shown(rows, audience(request))],
        "older": urlencode({**kept, "from": rows[-1].pk}) if more else "",
        "newest": urlencode(kept) if request.GET.get("from") else None,
        "query": urlencode(kept),
    }
    return render(request, "monitors/audit.html", context, status=200 if form.is_valid() else 422)


def page_of(found: QuerySet[Entry], key: str) -> tuple[list[Entry], bool]:
    """One page of entries, from after the one of the key on, and whether there are more."""
    try:
        found = queries.older_than(found, UUID(key)) if key else found
    except ValueError:
        raise not_found() from None
    rows = list(found[: PAGE_SIZE + 1])
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


@page(Permission.VIEW_AUDIT)
def download(request: TrialRequest) -> HttpResponseBase:
    """The same entries, a row for each changed field."""
    found = entries(request, FilterForm(request.GET))
    file = tempfile.TemporaryFile(prefix="armslength-audit-")  # noqa: SIM115 -- handed over open
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    write(HEAD, rows(queries.shown_in_chunks(found, audience(request))), text)
    text.flush()
    text.detach()
    file.seek(0)
    name = f"{request.trial.code.lower()}-audit.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def audience(request: TrialRequest) -> queries.Audience:
    """Who reads: the sites where the person may read the trail, without what was done behind the wall."""
    readers = roles_with(Permission.VIEW_AUDIT)
    everywhere = any(held.site_id is None and Role(held.role) in readers for held in request.memberships)
    sites = None if everywhere else tuple(site.pk for site in request.sites)
    return blinded_audience(sites)


def entries(request: TrialRequest, form: FilterForm) -> QuerySet[Entry]:
    """The entries that fit the filter; none for what cannot be looked for, or a number that is not there."""
    if not form.is_valid():
        return Entry.objects.none()
    wanted = form.cleaned_data
    subject = None
    if wanted["number"].strip():
        try:
            subject = participant_by_number(request.trial, wanted["number"], request.sites).pk
        except NotFound:
            return Entry.objects.none()
    since = datetime.combine(wanted["day"], time(), UTC) if wanted["day"] else None
    return queries.entries_for(
        audience(request),
        request.trial.pk,
        subject_id=subject,
        verb=wanted["verb"],
        since=since,
        before=since + timedelta(days=1) if since else None,
    )


def line(entry: queries.ShownEntry) -> dict[str, Any]:
    """One entry for the page."""
    return {
        "at": trail.moment_in_words(entry),
        "what": trail.verb_in_words(entry.verb),
        "refused": trail.is_refusal(entry),
        "about": entry.subject,
        "who": entry.who,
        "role": trail.role_in_words(entry.role),
        "reason": entry.reason,
        "facts": trail.facts_in_words(entry),
        "changes": [trail.change_in_words(change) for change in entry.changes],
    }


def rows(found: Iterator[queries.ShownEntry]) -> Iterator[list[str]]:
    """A row for each changed field; one for an act that changed none."""
    for entry in found:
        start = [as_text(v) for v in (entry.at, entry.who, entry.role, entry.origin, entry.verb, entry.subject)]
        end = [as_text(entry.reason), as_text(trail.facts_in_words(entry))]
        for change in entry.changes:
            values = [as_text(change.field), as_text(_plain(change.old)), as_text(_plain(change.new))]
            yield [*start, *values, as_text(change.masked), *end]
        if not entry.changes:
            yield [*start, "", "", "", "", *end]


def _plain(value: Any) -> Any:
    return trail.value_in_words(value) if isinstance(value, dict) else value
