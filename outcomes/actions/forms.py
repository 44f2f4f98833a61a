"""Closing a form that was not done, with the reason."""

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, ActorKind
from audit.acts import act, check_seen
from core.problems import Conflict, Problem, Sentence
from outcomes.actions.drafts import locked
from outcomes.audiences import grant_to_fill, plan_of
from outcomes.codes import NotDone
from outcomes.models import Form
from outcomes.policies import check_unsubmitted
from review.policies import check_not_locked
from trials.access import refused
from trials.queries import protocol_of


def not_done_reasons(form: Form, language: str = "en") -> list[tuple[str, Sentence]]:
    """The reasons to choose from, as (code, words): the protocol's own for this form, then the general ones."""
    plan = plan_of(protocol_of(form.trial), form)
    own = [(each.code, each.label.in_language(language)) for each in plan.not_done] if plan else []
    general = [(each.value, each.label) for each in NotDone if each.value not in dict(own)]
    return [*own, *general]


def mark_not_done(*, form: Form, reason_code: str, by: Actor, reason: str = "", revision: int | None = None) -> Form:
    """Close a form as missed with a coded reason; "other" needs words too.

    Staff only. A form that is done after all can still be submitted, which takes the reason away again.
    """
    if by.kind is ActorKind.PARTICIPANT:
        raise refused()
    grant = grant_to_fill(form, by)
    if reason_code not in dict(not_done_reasons(form)):
        raise Problem("form.not_done_reason", _("Choose one of the reasons of the list."), field="reason_code")
    if reason_code == NotDone.OTHER and not reason.strip():
        raise Problem("form.not_done_words", _("Say in a few words why it was not done."), field="reason")
    with act("form.mark_not_done", grant=grant, subject=form.participant, reason=reason) as a:
        form = locked(form)
        check_not_locked(form.trial)
        check_unsubmitted(form)
        check_seen(form, revision)
        if form.not_done_code:
            raise Conflict("form.marked", _("This form is marked as not done already. Reload the page to see why."))
        a.note(visit=form.visit.label(), instrument=form.instrument)
        a.change(form, state=Form.State.MISSED, not_done_code=reason_code)
    return form
