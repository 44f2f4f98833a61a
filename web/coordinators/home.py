"""Due today: everything that waits for a coordinator, the most urgent first."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.dates import date_format
from core.problems import Sentence
from outcomes.queries import Bucket
from web.coordinators import due_forms, due_people
from web.coordinators.desk import Desk, DueRow, Source, desk_of, slice_of, total
from web.coordinators.due_asking import askings
from web.coordinators.due_ready import READY, ready, to_randomize
from web.coordinators.figures import figures
from web.pages import TrialRequest, page

SHOWN = 12
"""Rows of each section on the first page; all of them are one click away."""
PER_PAGE = 50

TITLES: dict[Bucket, Sentence] = {
    Bucket.OVERDUE: _("Late"),
    Bucket.CLOSING: _("Closing soon"),
    Bucket.TODAY: _("Today"),
    Bucket.COMING: _("Next 7 days"),
}


@dataclass(frozen=True)
class Section:
    """One bucket: the first rows, and how many there are."""

    key: str
    title: Sentence
    rows: list[DueRow]
    count: int


@page(Permission.SCREEN)
def home(request: TrialRequest) -> HttpResponse:
    """The worklist; ``?show=`` one section, or who is ready to be randomized, page by page."""
    desk = desk_of(request)
    sources = sources_of(desk)
    context: dict[str, Any] = {"today": date_format(desk.today, "l j F Y"), "here": request.path}
    wanted = request.GET.get("show", "")
    if wanted in Bucket.values:
        bucket = Bucket(wanted)
        return _section(request, context | _one(request, sources, bucket, TITLES[bucket], wanted))
    if wanted == READY:
        title = gettext("Ready to randomize")
        return _section(request, context | _one(request, [ready(desk)], Bucket.TODAY, title, wanted))
    sections = [Section(b.value, TITLES[b], slice_of(sources, b, 0, SHOWN), total(sources, b)) for b in Bucket]
    context["sections"] = [section for section in sections if section.count]
    context["figures"] = figures(desk, total(sources, Bucket.OVERDUE))
    return render(request, "coordinators/home.html", context)


def sources_of(desk: Desk) -> list[Source]:
    """Everything that waits, kind by kind: for the page, and for the mail that says how much it is."""
    return [
        due_people.appointments(desk),
        to_randomize(desk),
        due_people.call_backs(desk),
        due_people.tasks(desk),
        askings(desk),
        due_people.undelivered(desk),
        due_people.corrections(desk),
        due_people.queries(desk),
        due_forms.results(desk),
        due_forms.last_calls(desk),
        due_forms.questionnaires(desk),
    ]


def _section(request: TrialRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "coordinators/home_section.html", context)


def _one(request: TrialRequest, sources: list[Source], bucket: Bucket, title: Sentence, wanted: str) -> dict[str, Any]:
    numbered = Paginator(range(total(sources, bucket)), PER_PAGE).get_page(request.GET.get("page"))
    start = (numbered.number - 1) * PER_PAGE
    rows = slice_of(sources, bucket, start, start + PER_PAGE)
    return {"page": numbered, "title": title, "rows": rows, "query": f"show={wanted}&"}
