"""Which queries there are for an audience: those about forms whose answers it may read, and no others."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from outcomes.audiences import FILLING, Audience, may_read
from outcomes.models import Form
from participants.blindness import not_blind_for
from review.models import Query
from review.queries import queries_about, queries_at
from trials.access import not_found
from trials.models import Site
from trials.protocol import Protocol

UNCLOSED = (Query.State.OPEN, Query.State.ANSWERED)


@dataclass(frozen=True)
class Asked:
    """A query with the form it is about; participant, visit and site are loaded."""

    query: Query
    form: Form


def asked_at(
    sites: Iterable[Site], audience: Audience, protocol: Protocol, states: Iterable[str] = UNCLOSED
) -> list[Asked]:
    """The queries of some sites in some states, the oldest first; in two queries."""
    return _with_forms(queries_at(sites, states), audience, protocol)


def asked_of(forms: Iterable[UUID], audience: Audience, protocol: Protocol) -> list[Asked]:
    """All queries about some forms, with what was said, the oldest first."""
    return _with_forms(queries_about(forms), audience, protocol)


def asked_by_key(sites: Iterable[Site], key: UUID, audience: Audience, protocol: Protocol) -> Asked:
    """One query at one of the sites; NotFound for any other, and where the audience may not read the form."""
    query = Query.objects.filter(pk=key, site__in=[site.pk for site in sites]).select_related("trial").first()
    found = _with_forms([query], audience, protocol) if query else []
    if not found:
        raise not_found()
    return found[0]


def to_answer(sites: Iterable[Site], audience: Audience, protocol: Protocol, *, blind: str) -> list[Asked]:
    """The open queries that wait for an answer by these roles, the oldest first.

    ``blind`` is the key of whoever asks: those about participants whose arm they may know are left to others.
    """
    waiting = [each for each in asked_at(sites, audience, protocol, [Query.State.OPEN]) if answers(each.form, audience)]
    known = not_blind_for(blind, {each.form.participant_id for each in waiting})
    return [each for each in waiting if each.form.participant_id not in known]


def open_for_correction(form: Form, person: str) -> Query | None:
    """The open query by which a person may correct a form after the arm was guessed: the oldest of somebody else's."""
    held = Query.objects.filter(subject_id=form.pk, state=Query.State.OPEN).exclude(raised_by=person)
    return held.order_by("raised_at", "pk").first()


def answers(form: Form, audience: Audience) -> bool:
    """Whether one of these roles answers queries about such forms."""
    roles = {Role(each) for each in audience if each in set(Role)}
    return bool(roles & roles_with(Permission.ANSWER_QUERY) & roles_with(FILLING[form.filled_by]))


def _with_forms(queries: list[Query], audience: Audience, protocol: Protocol) -> list[Asked]:
    rows = Form.objects.select_related("participant", "visit", "site", "trial")
    forms = rows.in_bulk([query.subject_id for query in queries])
    asked = [Asked(query, forms[query.subject_id]) for query in queries]
    return [each for each in asked if may_read(each.form, audience, protocol)]
