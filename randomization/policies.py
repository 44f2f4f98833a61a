"""In which state a list may be prepared or activated. Each check raises the sentence people read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from audit.actors import Actor
from core.problems import Conflict, Invalid, Problem
from randomization.advice import warnings
from randomization.design import Design, read_design
from randomization.models import Sequence
from randomization.strata import keys_of
from review.models import Signature
from review.queries import is_signed
from trials.access import refused
from trials.models import Membership, Trial
from trials.protocol import Protocol
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of


def check_enrols_nobody(by: Actor, trial: Trial) -> None:
    """Whoever randomizes, or ever could, neither prepares nor activates the list."""
    roles = Membership.objects.filter(user_id=by.id, trial=trial).values_list("role", flat=True)
    if {Role(role) for role in roles} & roles_with(Permission.RANDOMIZE):
        raise refused()


def check_design(trial: Trial, design: Design | Mapping[str, Any]) -> Design:
    """A sound design that fits the protocol: its arms, ratio and strata, each list long enough for the target."""
    protocol = protocol_of(trial)
    if not protocol.is_randomized:
        raise Problem("design.not_randomized", _("Nobody is randomized in this trial. It needs no list."))
    sound = read_design(_completed(protocol, design)) if isinstance(design, Mapping) else design
    problems = [
        *_arm_problems(protocol, sound),
        *_strata_problems(protocol, sound),
        *_length_problems(protocol, sound),
    ]
    if problems:
        raise Invalid(problems)
    return sound


def design_warnings(trial: Trial, design: Design) -> list[str]:
    """What makes a design predictable or too short, in sentences with numbers."""
    protocol = protocol_of(trial)
    by_site = any(factor.source.site for factor in protocol.strata)
    return warnings(design, protocol.target, by_site=by_site)


def check_strata_signed(trial: Trial) -> None:
    """The investigator stands for the strata of the protocol in force."""
    if not is_signed(Signature.Kind.STRATA, trial, strata_hash(protocol_of(trial))):
        raise Problem(
            "sequence.strata_unsigned",
            _("The investigator has not signed the strata of this protocol. Ask for the signature first."),
        )


def check_no_other_list(trial: Trial) -> None:
    """One draft at a time, and none once a list is active."""
    states = set(
        Sequence.objects.filter(trial=trial).exclude(state=Sequence.State.WITHDRAWN).values_list("state", flat=True)
    )
    if Sequence.State.ACTIVE in states:
        raise Conflict("sequence.active", _("This trial has an active list. It stays in force to the end."))
    if Sequence.State.DRAFT in states:
        raise Conflict("sequence.draft", _("A draft is waiting. Withdraw it before you prepare another."))


def check_is_draft(sequence: Sequence) -> None:
    """Only a draft can still be activated or withdrawn."""
    if sequence.state != Sequence.State.DRAFT:
        raise Conflict("sequence.not_draft", _("This list is no draft any more. Reload the page to see its state."))


def check_can_be_activated(sequence: Sequence, by: Actor) -> None:
    """A draft of another person, for the strata that are signed and in force."""
    check_is_draft(sequence)
    if sequence.prepared_by == by.id:
        raise Problem("sequence.same_person", _("You prepared this list. Another person has to activate it."))
    check_strata_signed(sequence.trial)
    if sequence.strata_hash != strata_hash(protocol_of(sequence.trial)):
        raise Problem(
            "sequence.strata_changed",
            _("The strata of the protocol have changed since. Withdraw this draft and prepare a new list."),
        )


def check_reason(reason: str) -> None:
    """A draft is given up for a stated reason."""
    if not reason.strip():
        raise Problem("sequence.reason", _("Say why."), field="reason")


def _completed(protocol: Protocol, design: Mapping[str, Any]) -> dict[str, Any]:
    ratio = {arm.code: protocol.design.ratio[arm.code] for arm in protocol.design.arms}
    return {"ratio": ratio, "strata": list(keys_of(protocol)), "slots_per_stratum": protocol.target, **design}


def _arm_problems(protocol: Protocol, design: Design) -> list[Problem]:
    if dict(zip(design.arms, design.ratio, strict=True)) == protocol.design.ratio:
        return []
    ratio = ", ".join(f"{arm} {weight}" for arm, weight in protocol.design.ratio.items())
    sentence = _("The arms and weights are not those of the protocol. Use %(ratio)s.")
    return [Problem("design.ratio", sentence, field="ratio", params={"ratio": ratio})]


def _strata_problems(protocol: Protocol, design: Design) -> list[Problem]:
    keys = keys_of(protocol)
    if set(design.strata) == set(keys):
        return []
    sentence = _("The strata are not those of the protocol. Use exactly: %(strata)s.")
    return [Problem("design.strata", sentence, field="strata", params={"strata": ", ".join(keys)})]


def _length_problems(protocol: Protocol, design: Design) -> list[Problem]:
    if design.slots_per_stratum >= protocol.target:
        return []
    sentence = _("Each stratum needs at least %(target)d slots, since all participants may fall into one.")
    return [Problem("design.slots", sentence, field="slots_per_stratum", params={"target": protocol.target})]
