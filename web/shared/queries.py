"""Queries about forms: their list, the page on which one goes on, and the page that raises one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission as P
from core.problems import Problem
from outcomes.actions import queries as verbs
from outcomes.audiences import may_read
from outcomes.models import Form
from outcomes.queries import Asked, asked_at, asked_by_key
from outcomes.queries.queries import UNCLOSED
from review.models import Query
from review.policies import LONGEST_TEXT
from trials.access import may, not_found
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Crumb, Tab, Table, TableCell
from web.forms import ChoiceField
from web.forms import Form as BaseForm
from web.instrument_forms.places import say, show, subject_of
from web.pages import TrialRequest, page
from web.shared.form_pages import audience_of, form_of, place_of
from web.shared.query_words import MARKS, form_in_words, query_row, step_in_words
from web.shared.record_words import form_url, link

PER_PAGE = 50
CLOSED = "closed"


class WordsForm(BaseForm):
    """What is answered, or asked again."""

    text = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("Do not name anybody, and write nothing that tells the group."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
    )


class RaiseForm(WordsForm):
    """What a query is about, and the question."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = ChoiceField(label=_("What is it about?"), choices=Query.Kind.choices)
        self.fields["text"].label = _("What do you ask?")
        self.order_fields(["kind", "text"])


@page(P.VIEW_QUERIES)
def queries(request: TrialRequest) -> HttpResponse:
    """The queries that are not closed, the oldest first; or those that are."""
    closed = request.GET.get("show") == CLOSED
    protocol = protocol_of(request.trial)
    states = [Query.State.CLOSED] if closed else UNCLOSED
    found = asked_at(request.sites, audience_of(request), protocol, states)
    if not closed:
        found = sorted(found, key=lambda each: each.query.state != Query.State.OPEN)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": [Tab(_("Not closed"), "?", current=not closed), Tab(_("Closed"), f"?show={CLOSED}", current=closed)],
        "table": _table(request, list(shown.object_list), protocol),
        "page": shown,
        "query": f"show={CLOSED}&" if closed else "",
    }
    return render(request, "shared/queries.html", context)


def _table(request: TrialRequest, asked: list[Asked], protocol: Protocol) -> Table:
    head = [_("Participant"), _("Form"), _("Query"), _("State"), _("Said last"), _("By whom")]
    return Table(_("Queries"), head, [_cells(request, each, protocol) for each in asked])


def _cells(request: TrialRequest, asked: Asked, protocol: Protocol) -> list[TableCell]:
    row, number = query_row(asked, request.trial, protocol), asked.form.participant.number
    return [
        TableCell(number, url=link("record", trial=request.trial.code, number=number)),
        TableCell(row.form, url=form_url(request.trial, asked.form)),
        TableCell(row.kind, url=row.url),
        TableCell(row.state, state=row.status),
        TableCell(row.text),
        TableCell(row.said),
    ]


@page(P.VIEW_QUERIES, methods=("GET", "POST"))
def query(request: TrialRequest, query: UUID) -> HttpResponse:
    """What was said, and what comes next: the answer, the end, or the question again."""
    protocol = protocol_of(request.trial)
    asked = asked_by_key(request.sites, query, audience_of(request), protocol)
    if request.method != "POST":
        return _show(request, asked, protocol, WordsForm())
    step, form = request.POST.get("step", ""), WordsForm(request.POST)
    if step != "close" and (step not in STEPS or not form.is_valid()):
        return _show(request, asked, protocol, form, 422)
    verb, done = STEPS[step]
    words = {} if step == "close" else {"text": form.cleaned_data["text"]}
    try:
        verb(query=asked.query, by=request.actor, **words)
    except Problem as problem:
        form.add_problem(problem)
        asked = asked_by_key(request.sites, query, audience_of(request), protocol)  # somebody else may have been faster
        return _show(request, asked, protocol, form, problem.status)
    messages.success(request, str(done))
    return redirect("query", trial=request.trial.code, query=query)


STEPS: dict[str, tuple[Callable[..., Query], Any]] = {
    "answer": (verbs.answer, gettext_lazy("Answered. Whoever asked closes the query, or asks again.")),
    "close": (verbs.close, gettext_lazy("Closed.")),
    "reopen": (verbs.reopen, gettext_lazy("Asked again. The query is open.")),
}
"""What may be done about a query, and the sentence that says so."""


def _show(request: TrialRequest, asked: Asked, protocol: Protocol, form: WordsForm, status: int = 200) -> HttpResponse:
    """The page of one query, with what this reader may do about it."""
    form.fields["text"].label = _("Your answer") if asked.query.state == Query.State.OPEN else _("What do you ask now?")
    zone, steps = asked.form.site.time_zone, list(asked.query.steps.all())
    raises = may(request.actor, P.RAISE_QUERY, trial=request.trial, site=asked.form.site)
    context = {
        "crumbs": [Crumb(_("Queries"), link("queries", trial=request.trial.code))],
        "lead": f"{asked.form.participant.number}, {form_in_words(asked, protocol)}",
        "asked": asked.query,
        "mark": MARKS[Query.State(asked.query.state)],
        "steps": [step_in_words(step, zone) for step in steps],
        "form_url": form_url(request.trial, asked.form),
        "form": form,
        "may_answer": asked.query.state == Query.State.OPEN and _answers(request, asked),
        "own": asked.query.raised_by == request.actor.id,
        "may_close": raises and asked.query.state != Query.State.CLOSED and not _answered_last(request, asked),
        "may_reopen": raises and asked.query.state != Query.State.OPEN,
    }
    return render(request, "shared/query.html", context, status=status)


def _answers(request: TrialRequest, asked: Asked) -> bool:
    try:
        verbs.grant_to_answer(asked.form, request.actor)
    except Problem:
        return False
    return True


def _answered_last(request: TrialRequest, asked: Asked) -> bool:
    last = list(asked.query.steps.all())[-1]
    return bool(last.text) and asked.query.state == Query.State.ANSWERED and last.by == request.actor.id


@page(P.RAISE_QUERY, methods=("GET", "POST"))
def raise_query(request: TrialRequest, form: UUID) -> HttpResponse:
    """Ask something about a submitted form; of one that the reader may not read nobody is told that it is there."""
    found = form_of(request, form)
    if not may_read(found, audience_of(request)):
        raise not_found()
    place = place_of(request, found)
    if found.state != Form.State.COMPLETE:
        return redirect(place.form_url)
    typed = RaiseForm(request.POST if request.method == "POST" else None)
    if not typed.is_bound:
        return show(request, "query", subject_of(found), place, form=typed)
    if not typed.is_valid():
        return show(request, "query", subject_of(found), place, 422, form=typed)
    try:
        verbs.raise_about(form=found, by=request.actor, **typed.cleaned_data)
    except Problem as problem:
        typed.add_problem(problem)
        return show(request, "query", subject_of(found), place, problem.status, form=typed)
    say(request, _("The query is raised. It waits for an answer on the list of whoever fills this form."))
    return redirect(place.form_url)
