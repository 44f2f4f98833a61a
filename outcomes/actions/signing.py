"""Signing what was measured at a visit, once all of it is in. Who signs what is in ``outcomes.queries.signing``."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import Act, act
from core.problems import Conflict
from outcomes.models import Form, Guess, Response, Visit
from outcomes.queries.signing import SIGNED_BY, are_in, content_of, is_signed_by, own_responses
from participants.blindness import check_blind
from review.actions import signatures
from review.models import Signature
from review.policies import check_not_locked
from trials.access import authorize
from trials.queries import protocol_of

STATEMENT = _(
    "I measured these outcomes, and they are entered here as I measured them. I did not know the participant's group."
)
"""What the signature stands for, as it is shown and kept."""


def sign(*, visit: Visit, seen: str, by: Actor) -> Signature:
    """Sign the forms of a visit that this person submitted; ``seen`` is the ``content_of`` what they read.

    Raises Conflict for a locked trial, for whoever may know the arm, before the last form is in, without a form of
    one's own, when a form was corrected meanwhile, and for a second signature under the same content.
    """
    participant = visit.participant
    grant = authorize(by, Permission.ASSESS, trial=visit.trial, site=participant.site)
    with act("assessment.sign", grant=grant, subject=participant) as a:
        check_not_locked(visit.trial)
        check_blind(participant, by)
        # Held, so that nobody corrects one of them while it is signed.
        held = own_responses(visit, by.id, held=True)
        _check_ready(visit, held, seen)
        a.note(visit=visit.label(), forms=[response.instrument for response in held])
        signature = signatures.sign(
            kind=Signature.Kind.ASSESSMENT,
            trial=visit.trial,
            subject=visit,
            content_hash=seen,
            meaning=str(STATEMENT),
            by=by,
            site=participant.site,
        )
        settle(visit=visit, person=by.id, act=a)
        return signature


def settle(*, visit: Visit, person: str, act: Act) -> None:
    """Keep with the forms a person measured at a visit what they have still to do there; called after each step."""
    step = _step(visit, person)
    for response in own_responses(visit, person):
        act.change(response.form, step=step, step_of=person if step else "")


def _step(visit: Visit, person: str) -> str:
    if not is_signed_by(visit, person):
        return Form.Step.SIGN
    guesser = Guess.Guesser.ASSESSOR
    is_asked = protocol_of(visit.trial).blinding.asks(guesser, visit.code)
    if is_asked and not Guess.objects.filter(visit=visit, guesser=guesser, by=person).exists():
        return Form.Step.GUESS
    return ""


def _check_ready(visit: Visit, held: list[Response], seen: str) -> None:
    if not held:
        raise Conflict(
            "assessment.not_measured", _("You submitted no measurement of this visit. Whoever measured signs it.")
        )
    if not are_in(visit, SIGNED_BY):
        raise Conflict(
            "assessment.not_in",
            _("A form of this visit is not in yet. Submit it, or mark it as not done, then sign."),
        )
    if content_of(held) != seen:
        raise Conflict(
            "assessment.changed", _("A form of this visit was changed meanwhile. Reload the page and read it again.")
        )
