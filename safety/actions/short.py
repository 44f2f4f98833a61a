"""The short forms: a deviation and its review, a pregnancy, a finding in images, other care, having been asked."""

from datetime import date, timedelta
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from outcomes.models import Visit
from participants.models import Participant
from participants.policies import hold
from review.policies import check_not_locked
from safety.facts import is_date
from safety.models import Asking, ConcomitantCare, Deviation, IncidentalFinding, Pregnancy
from safety.models.short import Short
from safety.partial_dates import is_surely_after, span
from safety.policies import askers_at, check_may_be_recorded
from safety.short_codes import FindingStep, Importance
from trials.access import authorize
from trials.queries import protocol_of

R = TypeVar("R", bound=Short)


def record_deviation(
    *, participant: Participant, kind: str, importance: str, happened_on: date, cause: str, remedy: str, by: Actor
) -> Deviation:
    """Record a deviation; an important one is to be reviewed within the protocol's hours from now."""
    _check_day(participant, happened_on, "happened_on")
    made = Deviation(kind=kind, importance=importance, happened_on=happened_on, cause=cause, remedy=remedy)
    if importance == Importance.IMPORTANT:
        made.due_at = clock.now() + timedelta(hours=protocol_of(participant.trial).safety.deviation_hours)
    return _record("deviation.record", participant, made, by)


def review_deviation(*, deviation: Deviation, by: Actor) -> Deviation:
    """Record that an investigator has seen a deviation; Conflict if somebody has already."""
    participant = deviation.participant
    grant = authorize(by, Permission.JUDGE_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    with act("deviation.review", grant=grant, subject=participant) as a:
        if deviation.reviewed_at is not None:
            raise Conflict("deviation.reviewed", _("This deviation is reviewed already."))
        return a.change(deviation, reviewed_at=a.at, reviewed_by=by.id)


def record_pregnancy(
    *, participant: Participant, known_on: date, expected: str, outcome: str, mri_told: bool, by: Actor
) -> Pregnancy:
    """Record what is known of a pregnancy; the MRI is then not done, since it is contraindicated."""
    _check_day(participant, known_on, "known_on")
    if expected and not is_date(expected):
        raise Problem("pregnancy.expected", _("Enter at least the year, or leave it empty."), field="expected")
    made = Pregnancy(known_on=known_on, expected=expected, outcome=outcome, mri_told=mri_told)
    return _record("pregnancy.record", participant, made, by)


def record_finding(
    *, participant: Participant, number: int, step: str, day: date, urgent: bool, by: Actor
) -> IncidentalFinding:
    """Record a step about an incidental finding: found first, each step once, none after it is closed.

    It is closed only once the participant was told.
    """
    _check_day(participant, day, "day")
    made = IncidentalFinding(number=number, step=step, day=day, urgent=urgent)
    done = set(IncidentalFinding.objects.filter(participant=participant, number=number).values_list("step", flat=True))
    if step in done or FindingStep.CLOSED in done:
        raise Conflict("finding.done", _("This step is recorded already, or the finding is closed."))
    if step != FindingStep.FOUND and FindingStep.FOUND not in done:
        raise Problem("finding.unknown", _("Record first that it was found."), field="step")
    if step == FindingStep.CLOSED and FindingStep.DISCLOSED not in done:
        raise Problem("finding.untold", _("Record first that the participant was told."), field="step")
    return _record("finding.record", participant, made, by)


def record_care(
    *, participant: Participant, kind: str, reason: str, began: str, ended: str, by: Actor
) -> ConcomitantCare:
    """Record care outside the trial, in any arm alike."""
    today = clock.today(participant.site.time_zone)
    for name, text in (("began", began), ("ended", ended)):
        if (text or name == "began") and not is_date(text):
            raise Problem("care.date", _("Enter at least the year."), field=name)
        if text and is_surely_after(text, today):
            raise Problem("care.ahead", _("This day lies ahead. Enter when it was."), field=name)
    if ended and span(ended)[1] < span(began)[0]:
        raise Problem("care.order", _("It ended before it began. Check both dates."), field="ended")
    made = ConcomitantCare(kind=kind, reason=reason, began=began, ended=ended)
    return _record("care.record", participant, made, by)


def record_asking(*, visit: Visit, answer: str, by: Actor) -> Asking:
    """Record that somebody was asked about events at a visit where the protocol has everybody asked; once a visit."""
    participant = visit.participant
    if not askers_at(visit, protocol_of(visit.trial)):
        raise Problem("asking.visit", _("Nobody is asked about events at this visit."))
    if Asking.objects.filter(visit=visit).exists():
        raise Conflict("asking.done", _("The participant was asked at this visit already."))
    return _record("asking.record", participant, Asking(visit=visit, answer=answer), by)


def _record(verb: str, participant: Participant, made: R, by: Actor) -> R:
    grant = authorize(by, Permission.REPORT_EVENT, trial=participant.trial, site=participant.site)
    with act(verb, grant=grant, subject=participant) as a:
        check_may_be_recorded(participant)
        hold(participant)
        made.participant, made.recorded_at, made.recorded_by = participant, a.at, by.id
        return a.create(made)


def _check_day(participant: Participant, day: date, field: str) -> None:
    if day > clock.today(participant.site.time_zone):
        raise Problem("short.ahead", _("This day lies ahead. Enter the day it happened."), field=field)
