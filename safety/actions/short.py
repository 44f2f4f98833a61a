"""The short forms: a pregnancy, a finding in images, other care, having been asked. Deviations have their own file.

``by`` is a Grant where a verb behind the wall has authorized already: then no name is kept here.
"""

from datetime import date
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from outcomes.models import Visit
from participants.models import Participant
from participants.policies import hold
from safety.facts import is_date
from safety.models import Asking, ConcomitantCare, IncidentalFinding, Pregnancy
from safety.models.short import Short
from safety.partial_dates import is_surely_after, span
from safety.policies import askers_at, check_may_be_recorded
from safety.short_codes import FindingStep
from trials.access import authorize
from trials.queries import protocol_of

R = TypeVar("R", bound=Short)


def record_pregnancy(
    *, participant: Participant, known_on: date, expected: str, outcome: str, mri_told: bool, by: Actor | Grant
) -> Pregnancy:
    """Record what is known of a pregnancy; the MRI is then not done, since it is contraindicated."""
    check_day(participant, known_on, "known_on")
    if expected and not is_date(expected):
        raise Problem("pregnancy.expected", _("Enter at least the year, or leave it empty."), field="expected")
    made = Pregnancy(known_on=known_on, expected=expected, outcome=outcome, mri_told=mri_told)
    return write("pregnancy.record", participant, made, by)


def record_finding(
    *, participant: Participant, number: int, step: str, day: date, urgent: bool, by: Actor | Grant
) -> IncidentalFinding:
    """Record a step about an incidental finding: found first, each step once, none after it is closed.

    It is closed only once the participant was told.
    """
    check_day(participant, day, "day")
    made = IncidentalFinding(number=number, step=step, day=day, urgent=urgent)
    done = set(IncidentalFinding.objects.filter(participant=participant, number=number).values_list("step", flat=True))
    if step in done or FindingStep.CLOSED in done:
        raise Conflict("finding.done", _("This step is recorded already, or the finding is closed."))
    if step != FindingStep.FOUND and FindingStep.FOUND not in done:
        raise Problem("finding.unknown", _("Record first that it was found."), field="step")
    if step == FindingStep.CLOSED and FindingStep.DISCLOSED not in done:
        raise Problem("finding.untold", _("Record first that the participant was told."), field="step")
    return write("finding.record", participant, made, by)


def record_care(
    *, participant: Participant, kind: str, reason: str, began: str, ended: str, by: Actor | Grant
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
    return write("care.record", participant, made, by)


def record_asking(*, visit: Visit, answer: str, by: Actor) -> Asking:
    """Record that somebody was asked about events at a visit where the protocol has everybody asked; once a visit."""
    participant = visit.participant
    if not askers_at(visit, protocol_of(visit.trial)):
        raise Problem("asking.visit", _("Nobody is asked about events at this visit."))
    if Asking.objects.filter(visit=visit).exists():
        raise Conflict("asking.done", _("The participant was asked at this visit already."))
    return write("asking.record", participant, Asking(visit=visit, answer=answer), by)


def write(verb: str, participant: Participant, made: R, by: Actor | Grant) -> R:
    """Add a form that was checked. Somebody behind the wall leaves no name here."""
    if isinstance(by, Actor):
        by = authorize(by, Permission.REPORT_EVENT, trial=participant.trial, site=participant.site)
    with act(verb, grant=by, subject=participant) as a:
        check_may_be_recorded(participant)
        hold(participant)
        made.participant, made.recorded_at = participant, a.at
        made.recorded_by = "" if by.behind else by.actor.id
        return a.create(made)


def check_day(participant: Participant, day: date, field: str) -> None:
    if day > clock.today(participant.site.time_zone):
        raise Problem("short.ahead", _("This day lies ahead. Enter the day it happened."), field=field)
