"""Raising, answering, closing and reopening a query about any record.

Who may, and what the record is, is for the rooms above: they bring the grant and the matter. A query is held while it
changes, so that of two who answer at once the second is told.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from audit.actors import Grant
from audit.acts import Act, act
from audit.classes import FieldClass
from audit.records import Record
from core.problems import Conflict, Problem
from review.models import Query, QueryStep
from review.policies import check_answerable, check_closable, check_not_locked, check_reopenable, check_text
from trials.models import Site


@dataclass(frozen=True)
class Matter:
    """What a query is about: the record, whose trail it belongs to, where, how secret its texts are, and how the trail
    calls it."""

    record: Record
    subject: Record
    site: Site
    secrecy: FieldClass
    facts: Mapping[str, str]


def ask(*, matter: Matter, kind: str, text: str, grant: Grant) -> Query:
    """Ask something. Conflict while a query of this kind about the record is not closed."""
    if kind not in Query.Kind.values:
        raise Problem("query.kind", _("Choose what the query is about."), field="kind")
    check_text(text)
    try:
        with _act("query.raise", matter, grant) as a:
            check_not_locked(matter.site.trial)
            query = Query(
                trial_id=matter.site.trial_id,
                site=matter.site,
                subject_table=matter.record._meta.db_table,
                subject_id=matter.record.pk,
                secrecy=matter.secrecy.value,
                kind=kind,
                raised_by=grant.actor.id,
                raised_at=a.at,
            )
            a.create(query)
            _say(a, query, QueryStep.Kind.RAISED, text)
            return query
    except IntegrityError as error:
        raise _unclosed() from error


def answer(*, query: Query, matter: Matter, text: str, grant: Grant, corrected: bool = False) -> Query:
    """Say what is right; ``corrected`` when the record was corrected with it. Conflict unless the query is open."""
    check_text(text)
    with _act("query.answer", matter, grant) as a:
        held = _held(query)
        check_answerable(held)
        a.change(held, state=Query.State.ANSWERED)
        _say(a, held, QueryStep.Kind.ANSWERED, text, corrected=corrected)
        return held


def close(*, query: Query, matter: Matter, grant: Grant) -> Query:
    """Be content with the answer, or take the question back. Not by whoever gave the answer; Conflict when closed."""
    with _act("query.close", matter, grant) as a:
        held = _held(query)
        check_closable(held)
        last = held.steps.last()
        if last is not None and last.kind == QueryStep.Kind.ANSWERED and last.by == grant.actor.id:
            raise Problem("query.own_answer", _("You gave this answer. Another person closes the query."))
        a.change(held, state=Query.State.CLOSED)
        _say(a, held, QueryStep.Kind.CLOSED)
        return held


def reopen(*, query: Query, matter: Matter, text: str, grant: Grant) -> Query:
    """Ask again, saying why the answer does not do. Conflict while it is open, or another one of its kind is."""
    check_text(text)
    try:
        with _act("query.reopen", matter, grant) as a:
            held = _held(query)
            check_reopenable(held)
            a.change(held, state=Query.State.OPEN)
            _say(a, held, QueryStep.Kind.REOPENED, text)
            return held
    except IntegrityError as error:
        raise _unclosed() from error


@contextmanager
def _act(verb: str, matter: Matter, grant: Grant) -> Iterator[Act]:
    with act(verb, grant=grant, subject=matter.subject) as a:
        a.note(**matter.facts)
        yield a


def _held(query: Query) -> Query:
    """The query as it is stored, held until the act ends."""
    held = Query.objects.select_for_update(of=("self",)).select_related("trial").get(pk=query.pk)
    check_not_locked(held.trial)
    return held


def _say(a: Act, query: Query, kind: str, text: str = "", *, corrected: bool = False) -> QueryStep:
    actor = a.grant.actor
    return a.create(
        QueryStep(
            query=query,
            number=query.steps.count() + 1,
            secrecy=query.secrecy,
            kind=kind,
            text=text.strip(),
            corrected=corrected,
            by=actor.id,
            name=actor.name,
            role=a.grant.role,
            at=a.at,
        )
    )


def _unclosed() -> Conflict:
    return Conflict(
        "query.unclosed", _("A query of this kind about this form is not closed yet. Go on in that one."), field="kind"
    )
