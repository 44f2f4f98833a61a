"""Who fills a form, and who may read its answers.

An audience is the roles somebody holds in the trial; a participant's is {"participant"}. Whoever holds several
roles reads only what all of them may.
"""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import ROLES, Role, roles_with
from audit.actors import Actor, ActorKind, Grant, Origin
from core.problems import Problem
from outcomes.codes import ON_BEHALF, Mode
from outcomes.models import Form, Response
from outcomes.schedule import UNBLINDING_FILLERS, concealed_from
from participants.blindness import check_blind
from trials.access import authorize, not_found, participant_grant, refused
from trials.protocol import Protocol
from trials.protocol.visits import FormPlan
from trials.queries import protocol_of

Audience = Collection[str]

FILLING: dict[str, Permission] = {
    "participant": Permission.ENTER_FOR_PARTICIPANT,
    "assessor": Permission.ASSESS,
    "coordinator": Permission.ENTER_RESULTS,
    "imported": Permission.ENTER_RESULTS,
    "interviewer": Permission.RECORD_INTERVIEW,
    "therapist": Permission.LOG_SESSION,
}
"""What staff need to enter a form, by whom the protocol names to fill it."""


def grant_to_fill(form: Form, by: Actor) -> Grant:
    """Proof that somebody may fill this form; Refused for a wrong role, NotFound for another's form."""
    if by.kind is ActorKind.PARTICIPANT:
        if by.id != str(form.participant_id) or form.filled_by != "participant":
            raise not_found()
        return participant_grant(by, trial_id=form.trial_id, site_id=form.site_id)
    grant = authorize(by, FILLING[form.filled_by], trial=form.trial, site=form.site)
    if not may_read(form, {grant.role}):
        raise refused()
    return grant


def check_on_behalf(form: Form, by: Actor, reason: str, mode: str = "") -> None:
    """Staff who enter a participant's own form say how the answers were given, and why it is they who enter them.

    Whoever may know the participant's group puts no question to them: what was written on paper they may enter.
    """
    if form.filled_by != "participant" or by.kind is ActorKind.PARTICIPANT:
        return
    if mode not in ON_BEHALF and by.origin is not Origin.IMPORT:
        raise Problem(
            "form.mode",
            _("Choose how the participant gave the answers: on paper, by telephone or in person."),
            field="mode",
        )
    if not reason.strip():
        raise Problem(
            "form.on_behalf",
            _("Say why you enter this for the participant, for example: no internet at home."),
            field="reason",
        )
    if mode != Mode.PAPER:
        check_blind(form.participant, by)


def mode_of(form: Form, by: Actor, mode: str) -> str:
    """How the answers were given: told by staff, known of participants who answer themselves."""
    if by.kind is ActorKind.PARTICIPANT:
        return Mode.OWN_DEVICE
    return mode if form.filled_by == "participant" else ""


def originator_of(form: Form, by: Actor) -> Response.Originator:
    """Where the answers come from; follows from who acts and through what door."""
    if by.kind is ActorKind.PARTICIPANT:
        return Response.Originator.PARTICIPANT
    if by.origin is Origin.IMPORT:
        return Response.Originator.IMPORT
    by_filler = {
        "participant": Response.Originator.STAFF_ON_BEHALF,
        "assessor": Response.Originator.ASSESSOR,
    }
    return by_filler.get(form.filled_by, Response.Originator.STAFF)


def may_read(form: Form, audience: Audience, protocol: Protocol | None = None) -> bool:
    """Whether all of these roles may read the answers and scores of a form."""
    protocol = protocol or protocol_of(form.trial)
    plan = plan_of(protocol, form)
    hidden: set[str] = set(plan.hidden_from) if plan else set()
    if form.secrecy == Form.Secrecy.CONCEALED:
        hidden |= concealed_from(protocol, form.instrument)
    return bool(audience) and not hidden & set(audience) and may_know_of(form, audience)


def may_know_of(form: Form, audience: Audience) -> bool:
    """Whether these roles may see that a form exists. Those filled by unblinded roles are not there for others."""
    return form.secrecy != Form.Secrecy.UNBLINDING or set(audience) <= UNBLINDING_FILLERS


def plan_of(protocol: Protocol, form: Form) -> FormPlan | None:
    """What the protocol in force says of a form; None if an amendment dropped it."""
    try:
        plans = protocol.visit(form.visit.code).forms
    except KeyError:
        return None
    return next((p for p in plans if (p.instrument, p.filled_by) == (form.instrument, form.filled_by)), None)


def filled_by(audience: Audience) -> set[str]:
    """The kinds of form that an audience has to bring in: its own, and those it may enter for others."""
    roles = {Role(each) for each in audience if each in {role.value for role in ROLES}}
    own = {"participant"} & set(audience)
    return own | {filler for filler, permission in FILLING.items() if roles & roles_with(permission)}
