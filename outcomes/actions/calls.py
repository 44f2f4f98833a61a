"""The last call: of somebody about to be lost, only the primary outcome is asked, by telephone."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.acts import together
from core.problems import Problem
from outcomes.actions import forms, responses
from outcomes.codes import Mode, NotDone
from outcomes.models import PENDING, Form, Response
from outcomes.policies import today_at
from trials.protocol import Protocol
from trials.queries import protocol_of

LAST_DAYS = 3
"""So many days before the window closes, and ever after, somebody who has not answered is about to be lost."""


def is_offered(form: Form) -> bool:
    """Whether a participant's form holds the primary outcome and its window is about to close, or has closed."""
    is_late = today_at(form) >= form.closes_on - timedelta(days=LAST_DAYS)
    return (
        is_late and form.filled_by == "participant" and form.instrument in primary_instruments(protocol_of(form.trial))
    )


def primary_instruments(protocol: Protocol) -> frozenset[str]:
    """The instruments that measure a primary outcome."""
    return frozenset(each.instrument for each in protocol.outcomes if each.role == "primary")


def ask_primary_only(
    *,
    form: Form,
    by: Actor,
    answers: Mapping[str, Any],
    missing: Mapping[str, str] | None = None,
    confirmed: Collection[str] = (),
    reason: str = "",
    mode: str = Mode.TELEPHONE,
    language: str = "",
) -> Response:
    """Submit the primary outcome as told on the phone, and close the participant's other forms of the visit.

    They are marked as not done, "only the primary outcome was asked", and can still be submitted. Raises Problem for
    another form, too early, or another way than the telephone; Conflict for staff who may know the group.
    """
    if not is_offered(form):
        raise Problem(
            "call.not_offered",
            _("Only the primary outcome can be asked alone, from three days before its window closes."),
        )
    if mode != Mode.TELEPHONE:
        raise Problem("call.mode", _("Asking only the primary outcome is a call: choose “By telephone”."), field="mode")
    with together():
        response = responses.submit(
            form=form,
            by=by,
            answers=answers,
            missing=missing,
            confirmed=confirmed,
            reason=reason,
            mode=mode,
            language=language,
        )
        others = Form.objects.filter(visit=form.visit_id, filled_by="participant", not_done_code="")
        waiting = others.filter(state__in=[*PENDING, Form.State.STARTED, Form.State.MISSED]).exclude(pk=form.pk)
        for other in waiting.select_related("participant", "site", "trial", "visit").order_by("order", "pk"):
            forms.mark_not_done(form=other, reason_code=NotDone.PRIMARY_ONLY, by=by)
    return response
