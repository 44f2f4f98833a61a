"""Closing a form that was not done, or all that is left of a visit, with the reason."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind
from audit.acts import act, check_seen
from core import clock
from core.problems import Conflict, Problem, Sentence
from outcomes.actions.drafts import locked
from outcomes.audiences import grant_to_fill, plan_of
from outcomes.codes import NotDone
from outcomes.models import PENDING, Form, Visit
from outcomes.policies import check_unsubmitted
from participants.models import Participant
from review.policies import check_not_locked
from trials.access import authorize, refused
from trials.queries import protocol_of

VISIT_MISSED = (NotDone.DECLINED, NotDone.UNREACHABLE, NotDone.UNWELL, NotDone.STAFF, NotDone.OTHER)
"""Why a whole visit did not take place."""


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
    _check_reason(reason_code, reason, dict(not_done_reasons(form)))
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


def open_forms_of(participant: Participant) -> QuerySet[Form]:
    """What is neither submitted nor marked, as blinded people know it."""
    waiting = [*PENDING, Form.State.STARTED, Form.State.MISSED]
    forms = Form.objects.filter(participant=participant, state__in=waiting, not_done_code="")
    # Interviews are held and closed by whoever may learn the arm in them.
    return forms.exclude(secrecy=Form.Secrecy.UNBLINDING).order_by("order", "pk")


def mark_visit_missed(*, visit: Visit, reason_code: str, by: Actor, reason: str = "") -> int:
    """Close all that is left of a visit that did not take place, with one coded reason; "other" needs words too.

    Returns how many forms were closed. Each can still be submitted if it is done after all. Problem before the
    visit's first day, Conflict if nothing of it is left open.
    """
    participant = visit.participant
    grant = authorize(by, Permission.ENTER_FOR_PARTICIPANT, trial=participant.trial, site=participant.site)
    _check_reason(reason_code, reason, VISIT_MISSED)
    check_not_locked(participant.trial)
    if visit.opens_on > clock.today(participant.site.time_zone):
        raise Problem("visit.not_yet", _("This visit has not begun, so it cannot be missed yet."), field="visit")
    with act("visit.mark_missed", grant=grant, subject=participant, reason=reason) as a:
        forms = [locked(form) for form in open_forms_of(participant).filter(visit=visit)]
        if not forms:
            raise Conflict("visit.nothing_open", _("Nothing of this visit is open any more. Reload the page."))
        a.note(visit=visit.label(), forms=len(forms))
        for form in forms:
            a.change(form, state=Form.State.MISSED, not_done_code=reason_code)
    return len(forms)


def _check_reason(code: str, words: str, allowed: Collection[str]) -> None:
    if code not in allowed:
        raise Problem("form.not_done_reason", _("Choose one of the reasons of the list."), field="reason_code")
    if code == NotDone.OTHER and not words.strip():
        raise Problem("form.not_done_words", _("Say in a few words why it was not done."), field="reason")
