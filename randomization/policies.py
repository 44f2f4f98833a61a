"""In which state a list may be prepared or activated. Each check raises the sentence people read."""

from collections.abc import Mapping
from collections.abc import Sequence as Several
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import ENROLS, KNOWS_THE_LIST, SEES_EVERY_ARM
from audit.actors import Actor
from core.problems import Conflict, Invalid, Problem
from randomization.advice import warnings
from randomization.design import Design, Minimization, UploadedTable, read_design
from randomization.models import Sequence
from randomization.segments import check_extension
from randomization.strata import keys_of
from review.models import Signature
from review.policies import check_not_locked
from review.queries import is_signed
from trials.access import refused, roles_ever
from trials.models import Trial
from trials.protocol import Protocol
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of


def check_enrols_nobody(by: Actor, trial: Trial) -> None:
    """Whoever enrols or randomizes people, or ever could, has no hand in the list and reads nothing of it."""
    if roles_ever(by.id, trial) & ENROLS:
        raise refused()


def check_knows_nothing_ahead(by: Actor, trial: Trial) -> None:
    """Whoever knows the list or everybody's arm, or ever could, randomizes nobody."""
    if roles_ever(by.id, trial) & (KNOWS_THE_LIST | SEES_EVERY_ARM):
        raise refused()


def check_design(trial: Trial, design: Design | Mapping[str, Any]) -> Design:
    """A sound design that fits the protocol: its arms, ratio and strata, each list long enough for the target.

    What is left out is the protocol's. Minimization has a factor for each of the protocol's strata; ``factors`` may
    also be given as {factor: weight}.
    """
    protocol = protocol_of(trial)
    if not protocol.is_randomized:
        raise Problem("design.not_randomized", _("Nobody is randomized in this trial. It needs no list."))
    sound = read_design(_completed(protocol, design)) if isinstance(design, Mapping) else design
    problems = [*_fit_problems(protocol, sound), *_length_problems(protocol, sound)]
    if problems:
        raise Invalid(problems)
    return sound


def extended(trial: Trial, designs: Several[Design], slots: int | None, table: UploadedTable | None) -> Design:
    """The design of the next segment: the last one with more slots, or the new rows of a table.

    Raises Invalid if it changes anything else, adds nothing, or does not fit the protocol.
    """
    last = designs[-1]
    given = (slots is not None, table is not None)
    if given != ((False, True) if isinstance(last, UploadedTable) else (True, False)):
        sentence = _("A list from a table is extended by a table of new rows, any other list by its number of slots.")
        raise Problem("segment.kind", sentence, field="slots_per_stratum")
    design = table or read_design({**last.document(), "slots_per_stratum": slots})
    finding = check_extension(designs, design)
    problems = [finding] if finding else _fit_problems(protocol_of(trial), design)
    if problems:
        raise Invalid(problems)
    return design


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
    """One draft at a time, none once a list is active, and none in a locked trial."""
    check_not_locked(trial)
    states = set(
        Sequence.objects.filter(trial=trial).exclude(state=Sequence.State.WITHDRAWN).values_list("state", flat=True)
    )
    if Sequence.State.ACTIVE in states:
        raise active_stays()
    if Sequence.State.DRAFT in states:
        raise draft_waits()


def active_stays() -> Conflict:
    """The refusal of a second list, whether it is seen before or by the database."""
    return Conflict("sequence.active", _("This trial has an active list. It stays in force to the end."))


def draft_waits() -> Conflict:
    """The refusal of a second draft, whether it is seen before or by the database."""
    return Conflict("sequence.draft", _("A draft is waiting. Withdraw it before you prepare another."))


def check_can_be_extended(trial: Trial) -> None:
    """A list that is active and not revealed, and no draft beside it."""
    check_not_locked(trial)
    segments = Sequence.objects.filter(trial=trial, state=Sequence.State.ACTIVE)
    if not segments.exists():
        raise Conflict("sequence.none", _("There is no active list yet. Prepare one first."))
    check_not_revealed(trial)
    if Sequence.objects.filter(trial=trial, state=Sequence.State.DRAFT).exists():
        raise draft_waits()


def check_not_revealed(trial: Trial) -> None:
    """What was revealed is known: nobody can be allocated by it, and nothing is added to it."""
    if Sequence.objects.filter(trial=trial).exclude(revealed_at=None).exists():
        raise Conflict("sequence.revealed", _("The list of this trial was revealed. It is closed for good."))


def check_is_draft(sequence: Sequence) -> None:
    """Only a draft can still be activated or withdrawn, and only while the trial is not locked."""
    check_not_locked(sequence.trial)
    if sequence.state != Sequence.State.DRAFT:
        raise Conflict("sequence.not_draft", _("This list is no draft any more. Reload the page to see its state."))


def check_can_be_activated(sequence: Sequence, by: Actor) -> None:
    """A draft of another person, for the strata that are signed and in force."""
    check_is_draft(sequence)
    same = Sequence.objects.filter(trial=sequence.trial, number=sequence.number, state=Sequence.State.ACTIVE)
    if same.exists():
        raise active_stays()
    if sequence.prepared_by == by.id:
        raise Problem("sequence.same_person", _("You prepared this list. Another person has to activate it."))
    check_not_revealed(sequence.trial)
    check_strata_signed(sequence.trial)
    if sequence.strata_hash != strata_hash(protocol_of(sequence.trial)):
        raise Problem(
            "sequence.strata_changed",
            _("The strata of the protocol have changed since. Withdraw this draft and prepare a new list."),
        )


def check_still_fits(sequence: Sequence, design: Design) -> None:
    """The protocol may have been amended since the draft was prepared."""
    if sequence.number == 1:
        check_design(sequence.trial, design)
    elif problems := _fit_problems(protocol_of(sequence.trial), design):
        raise Invalid(problems)


def check_reason(reason: str) -> None:
    """A draft is given up for a stated reason."""
    if not reason.strip():
        raise Problem("sequence.reason", _("Say why."), field="reason")


def _completed(protocol: Protocol, design: Mapping[str, Any]) -> dict[str, Any]:
    """A design as typed, with what the protocol says of it."""
    given: dict[str, Any] = {**design}
    if "arms" not in given:
        ratio = {arm.code: protocol.design.ratio[arm.code] for arm in protocol.design.arms}
        given.setdefault("ratio", ratio)
    if given.get("method") == "uploaded_table":
        return given
    given.setdefault("slots_per_stratum", protocol.target)
    if given.get("method") != "minimization":
        given.setdefault("strata", list(keys_of(protocol)))
    elif not isinstance(given.get("factors"), list | tuple):
        given["factors"] = _weighted(protocol, given.get("factors") or {})
    return given


def _weighted(protocol: Protocol, weights: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The protocol's strata as factors. A weight of no stratum stays, to be refused by name."""
    levels = {factor.code: [level.code for level in factor.levels] for factor in protocol.strata}
    return [
        {"code": code, "levels": levels.get(code, []), "weight": weights.get(code, 1)} for code in {**levels, **weights}
    ]


def _fit_problems(protocol: Protocol, design: Design) -> list[Problem]:
    return [*_arm_problems(protocol, design), *_strata_problems(protocol, design)]


def _arm_problems(protocol: Protocol, design: Design) -> list[Problem]:
    if dict(zip(design.arms, design.ratio, strict=True)) == protocol.design.ratio:
        return []
    ratio = ", ".join(f"{arm} {weight}" for arm, weight in protocol.design.ratio.items())
    sentence = _("The arms and weights are not those of the protocol. Use %(ratio)s.")
    return [Problem("design.ratio", sentence, field="ratio", params={"ratio": ratio})]


def _strata_problems(protocol: Protocol, design: Design) -> list[Problem]:
    if isinstance(design, Minimization):
        return _factor_problems(protocol, design)
    keys = keys_of(protocol)
    if set(design.strata) == set(keys):
        return []
    sentence = _("The strata are not those of the protocol. Use exactly: %(strata)s.")
    return [Problem("design.strata", sentence, field="strata", params={"strata": ", ".join(keys)})]


def _factor_problems(protocol: Protocol, design: Minimization) -> list[Problem]:
    """Each of the protocol's strata is a factor with all its levels: what is read of a newcomer is what is balanced."""
    wanted = {factor.code: {level.code for level in factor.levels} for factor in protocol.strata}
    if {factor.code: set(factor.levels) for factor in design.factors} == wanted:
        return []
    factors = "; ".join(
        f"{factor.code}: {', '.join(level.code for level in factor.levels)}" for factor in protocol.strata
    )
    sentence = _("The factors are not the strata of the protocol. Use exactly: %(factors)s.")
    return [Problem("design.factors", sentence, field="factors", params={"factors": factors})]


def _length_problems(protocol: Protocol, design: Design) -> list[Problem]:
    if design.slots_per_stratum >= protocol.target:
        return []
    sentence = _("Each stratum needs at least %(target)d places, since all participants may fall into one.")
    return [Problem("design.slots", sentence, field="slots_per_stratum", params={"target": protocol.target})]
