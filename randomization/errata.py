"""Who may record which error about an allocation, and what each kind has to say.

Nothing here compares what is typed with the arm or the stratum of the participant: an answer would tell them.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import ROLES, Role, roles_with
from audit.actors import Actor
from core.problems import Problem
from participants.models import Participant
from randomization.models import Erratum
from trials.access import memberships_of, refused
from trials.models import Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

Kind = Erratum.Kind
SHORTEST_EXPLANATION = 10
TELLING = frozenset({Kind.WRONG_TREATMENT, Kind.LIST_FAULT})
"""Kinds whose mere record tells something of arms or list: no blinded role writes or reads them."""


def kinds_for(by: Actor, trial: Trial) -> list[Kind]:
    """The kinds of error somebody may record in a trial, in the order of the list; [] if none."""
    roles = {Role(each.role) for each in memberships_of(by, trial)} & roles_with(Permission.RECORD_ALLOCATION_ERROR)
    protocol = protocol_of(trial)
    return [kind for kind in Kind if any(may_record(kind, role, protocol) for role in roles)]


def may_record(kind: Kind, role: Role, protocol: Protocol) -> bool:
    """Wrong treatment: roles that learn arms. Fault of the list: who makes lists. Strata: who may know them."""
    if kind is Kind.WRONG_TREATMENT:
        return ROLES[role].unblinding
    if kind is Kind.LIST_FAULT:
        return role in roles_with(Permission.PREPARE_SEQUENCE)
    if kind is Kind.WRONG_STRATUM:
        return bool(protocol.strata) and not any(role in factor.concealed_from for factor in protocol.strata)
    return True


def check_may_record(kind: Kind, role: str, trial: Trial) -> None:
    """Raises Refused, the same for every participant."""
    if not may_record(kind, Role(role), protocol_of(trial)):
        raise refused()


def check_explanation(explanation: str) -> None:
    """An error is explained, for whoever analyses the trial."""
    if len(explanation.strip()) < SHORTEST_EXPLANATION:
        sentence = _("Say what happened and how it was found, for whoever analyses the trial.")
        raise Problem("erratum.explanation", sentence, field="explanation")


def checked(kind: Kind, details: Mapping[str, str], participant: Participant) -> dict[str, str]:
    """What a kind has to say, and nothing else: factor and corrected level; the other number; the arm given."""
    wanted = {
        Kind.WRONG_STRATUM: {"factor", "corrected"},
        Kind.DUPLICATE: {"of"},
        Kind.WRONG_TREATMENT: {"given"},
    }.get(kind, set())
    for name in sorted(wanted ^ set(details)):
        sentence = _("This kind of error needs exactly: %(names)s.") if wanted else _("This kind needs no details.")
        raise Problem("erratum.details", sentence, field=name, params={"names": ", ".join(sorted(wanted))})
    protocol = protocol_of(participant.trial)
    if kind is Kind.WRONG_STRATUM:
        _check_level(protocol, details["factor"], details["corrected"])
    if kind is Kind.WRONG_TREATMENT and details["given"] not in {arm.code for arm in protocol.design.arms}:
        arms = ", ".join(arm.code for arm in protocol.design.arms)
        raise Problem("erratum.given", _("Choose the arm: %(arms)s."), field="given", params={"arms": arms})
    if kind is Kind.DUPLICATE:
        _check_other(participant, details["of"])
    return dict(details)


def _check_level(protocol: Protocol, code: str, corrected: str) -> None:
    levels = {factor.code: [level.code for level in factor.levels] for factor in protocol.strata}
    if code not in levels:
        sentence = _("Choose the stratum: %(factors)s.")
        raise Problem("erratum.factor", sentence, field="factor", params={"factors": ", ".join(levels)})
    if corrected not in levels[code]:
        sentence = _("Choose the level: %(levels)s.")
        raise Problem("erratum.corrected", sentence, field="corrected", params={"levels": ", ".join(levels[code])})


def _check_other(participant: Participant, number: str) -> None:
    others = Participant.objects.filter(trial=participant.trial, site=participant.site).exclude(pk=participant.pk)
    if not others.filter(number=number).exists():
        sentence = _("There is no other participant %(number)s at this site. Check the number.")
        raise Problem("erratum.of", sentence, field="of", params={"number": number})
