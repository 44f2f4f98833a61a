"""The fidelity checklist of a session: by the therapist, and by an observer."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Problem
from participants.models import Participant
from therapy import policies
from therapy.care import treating
from therapy.models import FidelityCheck, Session
from trials.access import not_found


def check(*, participant: Participant, number: int, source: str, items: Mapping[str, str], by: Actor) -> FidelityCheck:
    """Answer every item of the protocol's checklist for a session that was held, once for each source.

    NotFound for a session that was not held, or where the protocol has no checklist.
    """
    policies.check_in_trial(participant)
    with (
        treating(participant, by) as care,
        act("fidelity.check", grant=care.grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a,
    ):
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        session = held(participant, number)
        asked = {item.code for item in care.programme.fidelity}
        if session is None or not asked:
            raise not_found()
        if set(items) != asked or not set(items.values()) <= set(FidelityCheck.Answer.values):
            raise Problem("fidelity.items", _("Answer every line of the checklist."))
        if FidelityCheck.objects.filter(session=session, source=source).exists():
            raise Conflict("fidelity.again", _("This checklist is filled in already. Nothing was saved."))
        facts = {"items": dict(items), "checked_at": clock.now(), "checked_by": by.id}
        return a.create(FidelityCheck(session=session, source=source, **facts))


def held(participant: Participant, number: int) -> Session | None:
    """A session that was held, in full or shortened; None otherwise. Needs the blindfold lifted."""
    found = Session.objects.filter(participant=participant, number=number, status__in=Session.ATTENDED)
    return found.first()
