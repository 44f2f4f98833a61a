"""Queries about submitted forms: who may raise, answer, close and reopen them.

Both sides are blinded roles, by the table of roles. So no text of somebody who learns arms is in a query, and there is
none about the forms that such roles fill: blinded people must not know of these. For whom a form's answers are hidden,
a query about it is not there either. Whoever may know the arm of a participant writes nothing about them.
"""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import roles_with
from audit.actors import Actor, Grant
from audit.classes import FieldClass
from core.problems import Conflict, Problem
from outcomes.audiences import FILLING, may_read
from outcomes.models import Form
from participants.blindness import check_blind
from review.actions import queries
from review.models import Query
from trials.access import authorize, not_found, refused


def raise_about(*, form: Form, kind: str, text: str, by: Actor) -> Query:
    """Ask something about a submitted form; ``kind`` is a Query.Kind.

    Raises Refused or NotFound for the wrong person, Conflict before the form is submitted, for whoever may know the
    arm, for a locked trial and while a query of this kind about the form is not closed.
    """
    grant = _grant(form, Permission.RAISE_QUERY, by)
    check_blind(form.participant, by)
    if form.state != Form.State.COMPLETE:
        raise Conflict(
            "query.not_submitted", _("This form is not submitted yet. A query asks about what was submitted.")
        )
    return queries.ask(matter=matter_of(form), kind=kind, text=text, grant=grant)


def answer(*, query: Query, text: str, by: Actor) -> Query:
    """Say what is right; by somebody who fills such forms and did not raise the query. Conflict unless it is open."""
    form = form_of(query)
    grant = grant_to_answer(form, by)
    check_blind(form.participant, by)
    if query.raised_by == by.id:
        raise Problem("query.own", _("You raised this query. Another person answers it."))
    return queries.answer(query=query, matter=matter_of(form), text=text, grant=grant)


def close(*, query: Query, by: Actor) -> Query:
    """Be content with the answer, or take the question back; by whoever may raise queries, not by who answered."""
    form = form_of(query)
    grant = _grant(form, Permission.RAISE_QUERY, by)
    return queries.close(query=query, matter=matter_of(form), grant=grant)


def reopen(*, query: Query, text: str, by: Actor) -> Query:
    """Ask again; by whoever may raise queries. Conflict while it is open."""
    form = form_of(query)
    grant = _grant(form, Permission.RAISE_QUERY, by)
    check_blind(form.participant, by)
    return queries.reopen(query=query, matter=matter_of(form), text=text, grant=grant)


def grant_to_answer(form: Form, by: Actor) -> Grant:
    """Proof that somebody may answer a query about a form: their role answers queries and fills such forms."""
    grant = _grant(form, Permission.ANSWER_QUERY, by)
    if grant.role not in roles_with(FILLING[form.filled_by]):
        raise refused()
    return grant


def matter_of(form: Form) -> queries.Matter:
    """A form as a query is about it. Texts about an ordinary form are of no dataset; those about a concealed one are
    concealed."""
    secrecy = FieldClass.TECHNICAL if form.secrecy == Form.Secrecy.EXPORTABLE else FieldClass(form.secrecy)
    facts = {"visit": form.visit.label(), "instrument": form.instrument}
    return queries.Matter(form, form.participant, form.site, secrecy, facts)


def form_of(query: Query) -> Form:
    """The form that a query is about."""
    return Form.objects.select_related("participant", "visit", "site", "trial").get(pk=query.subject_id)


def _grant(form: Form, permission: Permission, by: Actor) -> Grant:
    grant = authorize(by, permission, trial=form.trial, site=form.site)
    if not may_read(form, {grant.role}):
        raise not_found()
    return grant
