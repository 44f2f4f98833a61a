"""Recording what a participant agreed to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from core import clock
from core.problems import Conflict, Invalid, Problem
from participants import identifiers
from participants.actions import milestones
from participants.eligibility import check_age_on_consent
from participants.models import Consent, Contact, Milestone, Participant
from participants.policies import check_may_consent, hold
from participants.queries import answers_of, consent_of
from review.policies import check_not_locked
from trials.access import authorize
from trials.models import Membership
from trials.protocol import Protocol
from trials.protocol.consent import ConsentDocument
from trials.queries import protocol_of, protocol_version

S = Participant.State
KIND = Milestone.Kind.CONSENT


def record(
    *,
    participant: Participant,
    version: str,
    language: str,
    clauses: Mapping[str, Any],
    explained_by: User,
    signed_at: datetime,
    by: Actor,
) -> Consent:
    """Record a signed consent; a later version, or other answers to clauses, is a further row.

    ``signed_at`` is an aware moment in the past. The first consent hands down its day, on which the age counts.
    """
    grant = authorize(by, Permission.CONSENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    protocol = protocol_of(participant.trial)
    day = clock.day_of(signed_at, participant.site.time_zone)
    document = _document(protocol, version, language)
    _check_clauses(protocol, clauses)
    _check_explainer(participant, explained_by)
    with act("participants.consent", grant=grant, subject=participant) as a:
        hold(participant)
        check_may_consent(participant)
        _check_day(protocol, document, participant, signed_at, day)
        consent = Consent(participant=participant, version=version, language=language, day=day)
        consent.age = _age(protocol, participant, day)
        consent.protocol = protocol_version(participant.trial)
        consent.clauses, consent.explained_by, consent.signed_at = dict(clauses), explained_by, signed_at
        consent.recorded_at, consent.recorded_by = clock.now(), by.id
        a.create(consent)
        if participant.state == S.ELIGIBLE:
            a.change(participant, state=S.CONSENTED)
            milestones.hand_down(participant=participant, kind=KIND, day=day, grant=grant, act=a)
        return consent


def _age(protocol: Protocol, participant: Participant, day: date) -> int | None:
    born = identifiers.open_contact(Contact.objects.filter(participant=participant).first()).date_of_birth
    return check_age_on_consent(protocol, answers_of(participant), born, day, participant.group)


def _document(protocol: Protocol, version: str, language: str) -> ConsentDocument:
    newest = protocol.consent.document_for(language)
    if newest is None:
        raise Problem(
            "consent.language", _("There is no consent form in this language. Choose another."), field="language"
        )
    if version not in protocol.consent.versions:
        raise Problem(
            "consent.version",
            _("The protocol has no such consent form. The version in force is %(newest)s."),
            field="version",
            params={"newest": newest.version},
        )
    if version != newest.version:
        raise Problem(
            "consent.outdated",
            _("Version %(version)s is out of date. Use version %(newest)s, in force since %(day)s."),
            field="version",
            params={"version": version, "newest": newest.version, "day": newest.approved_on.isoformat()},
        )
    return newest


def _check_day(
    protocol: Protocol, document: ConsentDocument, participant: Participant, signed_at: datetime, day: date
) -> None:
    if signed_at > clock.now():
        raise Problem(
            "consent.future", _("The consent is dated in the future. Enter when it was signed."), field="signed_at"
        )
    start = max(protocol.dates.enrolment_start, document.approved_on)
    if day < start:
        raise Problem(
            "consent.early",
            _("Nobody could consent before %(start)s. Enter when the form was signed."),
            field="signed_at",
            params={"start": start.isoformat()},
        )
    if participant.state == S.ELIGIBLE and day > protocol.dates.enrolment_end:
        raise Problem(
            "consent.late",
            _("Enrolment ended on %(end)s. Nobody new can consent."),
            field="signed_at",
            params={"end": protocol.dates.enrolment_end.isoformat()},
        )
    held = consent_of(participant)
    if held is not None and signed_at <= held.signed_at:
        raise Conflict(
            "consent.recorded",
            _("A consent signed then or later is recorded already. Reload the page to see it."),
            field="signed_at",
        )


def _check_clauses(protocol: Protocol, clauses: Mapping[str, Any]) -> None:
    problems: list[Problem] = []
    known = {clause.code: clause for clause in protocol.consent.clauses}
    for code in clauses:
        if code not in known:
            problems.append(_clause(str(code)[:80], "unknown", _("The consent form has no such clause.")))
    for code, clause in known.items():
        answer = clauses.get(code)
        if not isinstance(answer, bool):
            problems.append(_clause(code, "unanswered", _("Enter whether the participant said yes or no to this.")))
        elif not clause.optional and not answer:
            problems.append(_clause(code, "needed", _("Nobody can take part without agreeing to this.")))
    if problems:
        raise Invalid(problems)


def _clause(code: str, kind: str, sentence: Any) -> Problem:
    return Problem(f"consent.clause_{kind}", sentence, field=f"clauses.{code}")


def _check_explainer(participant: Participant, explained_by: User) -> None:
    held = Membership.objects.filter(user=explained_by, trial=participant.trial, ended_at=None)
    if not any(each.site_id in (None, participant.site_id) for each in held):
        raise Problem(
            "consent.explained_by", _("Choose somebody who works in this trial at this site."), field="explained_by"
        )
