"""Queries in words: for their list, the page of each, forms, records and worklists."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.roles import ROLES, Role
from outcomes.queries import Asked
from review.models import Query, QueryStep
from trials.models import Trial
from trials.protocol import Protocol
from web.shared.record_words import instrument_name, link, logged_moment, name_of_visit

MARKS = {Query.State.OPEN: "query", Query.State.ANSWERED: "started", Query.State.CLOSED: "complete"}


@dataclass(frozen=True)
class QueryRow:
    """A query in a list: its state, what it is about, what was said last, and the page on which it goes on."""

    status: str
    state: str
    kind: str
    form: str
    text: str
    said: str
    url: str


@dataclass(frozen=True)
class StepWords:
    """One step: what was done by whom, when, and what was said."""

    title: str
    when: str
    text: str
    note: str


def query_rows(asked: Iterable[Asked], trial: Trial, protocol: Protocol) -> list[QueryRow]:
    """Each query with what was said last."""
    return [query_row(each, trial, protocol) for each in asked]


def query_row(asked: Asked, trial: Trial, protocol: Protocol) -> QueryRow:
    steps = list(asked.query.steps.all())
    said = [step for step in steps if step.text]
    return QueryRow(
        MARKS[Query.State(asked.query.state)],
        str(asked.query.get_state_display()),
        str(asked.query.get_kind_display()),
        form_in_words(asked, protocol),
        said[-1].text,
        step_in_words(said[-1], asked.form.site.time_zone).when,
        link("query", trial=trial.code, query=asked.query.pk),
    )


def form_in_words(asked: Asked, protocol: Protocol) -> str:
    """The form and its visit."""
    return f"{instrument_name(asked.form.instrument)}, {name_of_visit(protocol, asked.form.visit)}"


def step_in_words(step: QueryStep, zone: str) -> StepWords:
    """What was done, by whom in which role, and when by the clock of the site."""
    role = ROLES[Role(step.role)].label
    facts = {"name": step.name, "role": role, "when": logged_moment(step.at, zone)}
    return StepWords(
        str(step.get_kind_display()),
        _("%(name)s (%(role)s), %(when)s") % facts,
        step.text,
        _("The form was corrected with it.") if step.corrected else "",
    )
