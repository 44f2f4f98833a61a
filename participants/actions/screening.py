"""Screening somebody, and deciding eligibility again at later stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import Act, act
from core import clock
from core.problems import Conflict, Problem
from participants import identifiers, numbers
from participants.actions import contacts, milestones
from participants.details import read_details
from participants.eligibility import Verdict, decide_stage, verdict_at_screening
from participants.models import Decision, Milestone, Participant, Screening
from participants.policies import (
    check_language,
    check_may_be_decided,
    check_may_be_screened_again,
    check_recruiting,
    check_stage_in_order,
    hold,
)
from participants.queries import answers_of, consent_of, latest_screening
from review.policies import check_not_locked
from trials.access import authorize, not_found
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of, protocol_version

TRIES = 20


@dataclass(frozen=True)
class _Asked:
    """One screening as typed and checked: what is written if everything holds."""

    trial: Trial
    site: Site
    language: str
    group: str
    day: date
    verdict: Verdict
    contact: Mapping[str, Any]
    by: Actor


def screen(
    *,
    trial: Trial,
    site: Site,
    language: str,
    answers: Mapping[str, Any],
    by: Actor,
    contact: Mapping[str, Any] | None = None,
    participant: Participant | None = None,
    declined_reason: str = "",
    group: str = "",
    confirmed_not_duplicate: bool = False,
    reason: str = "",
) -> Screening:
    """Screen somebody, or with ``participant`` screen them again; the outcome is computed from the answers.

    ``answers``: question name to typed answer. Raises Invalid with a problem for each answer that does not fit or is
    missing, and participant.duplicate (see ``contacts.save``).
    """
    grant = authorize(by, Permission.SCREEN, trial=trial, site=site)
    check_recruiting(trial)
    if site.trial_id != trial.pk or (participant is not None and participant.site_id != site.pk):
        raise not_found()
    protocol, day = protocol_of(trial), clock.today(site.time_zone)
    check_language(protocol, site, language)
    group = _group(protocol, participant.group if participant else group)
    details = _details(contact, day, declined_reason)
    verdict = verdict_at_screening(protocol, answers, group or None, day, details, declined_reason)
    if details and not confirmed_not_duplicate:
        contacts.check_not_duplicate(trial, site, _merged(participant, details), apart_from=participant)
    elif confirmed_not_duplicate and not reason.strip():
        raise contacts.duplicate_reason()
    asked = _Asked(trial, site, language, group, day, verdict, details, by)
    with act("participants.screen", grant=grant, subject=participant, reason=reason) as a:
        return _write(a, asked, participant, grant)


def _merged(participant: Participant | None, changes: Mapping[str, Any]) -> Any:
    held = getattr(participant, "contact", None) if participant is not None else None
    return identifiers.merged(identifiers.open_contact(held), changes)


def _details(contact: Mapping[str, Any] | None, today: date, declined_reason: str) -> dict[str, Any]:
    details = read_details(contact or {}, today)
    given = {name: value for name, value in details.items() if value not in (None, "")}
    if given and declined_reason:
        raise Problem(
            "screening.contact_declined",
            _("Contact details of somebody who declined are not kept. Leave them empty."),
            field=next(iter(given)),
        )
    return given


def _group(protocol: Protocol, group: str) -> str:
    codes = [each.code for each in protocol.design.groups]
    if len(codes) < 2:
        return codes[0] if codes else ""
    if group not in codes:
        raise Problem("participant.group", _("Choose the group this person belongs to."), field="group")
    return group


def _write(a: Act, asked: _Asked, participant: Participant | None, grant: Grant) -> Screening:
    previous = None
    if participant is None:
        participant = _enrol(a, asked)
    else:
        hold(participant)
        check_may_be_screened_again(participant)
        previous = latest_screening(participant)
        state = _state_after(participant, asked.verdict.outcome)
        a.change(participant, language=asked.language, screened_on=asked.day, state=state)
    if asked.contact:
        contacts.write(a, participant, asked.contact)
    screening = Screening(
        participant=participant,
        protocol=protocol_version(asked.trial),
        at=clock.now(),
        day=asked.day,
        by=asked.by.id,
        answers=dict(asked.verdict.answers),
        outcome=asked.verdict.outcome,
        reasons=list(asked.verdict.reasons),
        declined_reason=asked.verdict.declined_reason,
        previous=previous,
    )
    a.create(screening)
    kind = Milestone.Kind.SCREENING
    milestones.hand_down(participant=participant, kind=kind, day=asked.day, grant=grant, act=a)
    return screening


def _enrol(a: Act, asked: _Asked) -> Participant:
    for _attempt in range(TRIES):
        participant = Participant(
            trial=asked.trial,
            site=asked.site,
            number=numbers.draw(asked.site.code),
            language=asked.language,
            group=asked.group,
            state=asked.verdict.outcome,
            screened_on=asked.day,
        )
        if Participant.objects.filter(trial=asked.trial, number=participant.number).exists():
            continue
        try:
            with transaction.atomic():
                return a.create(participant)
        except IntegrityError:
            continue
    raise Conflict("participant.number", _("No free study number was found. Try again."))


def _state_after(participant: Participant, outcome: str) -> str:
    if outcome == Screening.Outcome.ELIGIBLE and consent_of(participant) is not None:
        return Participant.State.CONSENTED
    return Participant.State(outcome)


def decide(
    *,
    participant: Participant,
    stage: str,
    answers: Mapping[str, Any],
    by: Actor,
    scores: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Decision:
    """Decide or reconfirm eligibility at a later stage; all its questions are asked anew.

    ``scores`` are values of questions that read a form's score. Deciding a stage again needs a reason.
    """
    protocol = protocol_of(participant.trial)
    permission = _permission_at(protocol, stage)
    grant = authorize(by, permission, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    with act("participants.decide", grant=grant, subject=participant, reason=reason) as a:
        hold(participant)
        check_may_be_decided(participant)
        check_stage_in_order(participant, protocol, stage)
        screening = _screening_to_decide(participant, stage, reason)
        day = clock.today(participant.site.time_zone)
        verdict = decide_stage(protocol, stage, answers, answers_of(participant), participant.group, day, scores or {})
        decision = Decision(participant=participant, screening=screening, stage=stage, day=day)
        decision.protocol = protocol_version(participant.trial)
        decision.at, decision.by = clock.now(), by.id
        decision.answers, decision.outcome = dict(verdict.answers), verdict.outcome
        decision.reasons = list(verdict.reasons)
        a.create(decision)
        a.change(participant, state=_state_after(participant, verdict.outcome))
        return decision


def _screening_to_decide(participant: Participant, stage: str, reason: str) -> Screening:
    screening = latest_screening(participant)
    if screening is None:
        raise not_found()
    if not reason.strip() and screening.decisions.filter(stage=stage).exists():
        raise Problem("decision.reason", _("This stage was decided already. Say why it changes."), field="reason")
    return screening


def _permission_at(protocol: Protocol, stage: str) -> Permission:
    # The last stage before randomization is reconfirmed by whoever randomizes, coordinators included.
    before: Sequence[str] = protocol.randomization.before.eligibility if protocol.randomization else ()
    return Permission.RANDOMIZE if before and stage == before[-1] else Permission.SCREEN
