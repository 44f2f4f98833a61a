"""In which state a form may be filled. Who may is ``outcomes.audiences``."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, ActorKind
from core import clock
from core.dates import date_format
from core.problems import Conflict, Problem
from outcomes.models import Form, Visit
from participants.blindness import check_blind
from participants.models import Participant
from participants.queries import withdrawn_from
from review.policies import check_not_locked, is_locked
from trials.models import Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

LATE_DAYS = 7
"""Days after the window in which participants may still answer, flagged late; none for a recurring visit."""

NOT_TAKING_PART = frozenset({Participant.State.INELIGIBLE, Participant.State.DECLINED})
NOT_FOLLOWED = NOT_TAKING_PART | {Participant.State.WITHDRAWN}
"""Of whom nothing is due. Who withdraws from follow-up, or their data, is in the state withdrawn for good."""


def today_at(form: Form) -> date:
    """The calendar day at the site of a form."""
    return clock.today(form.site.time_zone)


def check_fillable(form: Form, by: Actor) -> None:
    """All that must hold for a form to be typed into or submitted today."""
    check_not_locked(form.trial)
    check_taking_part(form.participant)
    check_unsubmitted(form)
    # Before the window: whoever lost the blind is not told to come back.
    if form.filled_by == "assessor":
        check_blind(form.participant, by)
    check_window(form, by)


def check_takes_answers(trial: Trial) -> None:
    """A locked trial takes no answers; this is what somebody with a link reads, who knows nothing of locks."""
    if is_locked(trial):
        raise Conflict(
            "link.locked",
            _("The study takes no more answers. Thank you. If you have a question, call the study team."),
        )


def check_taking_part(participant: Participant) -> None:
    """Nothing is collected of somebody who withdrew from follow-up or does not take part."""
    if participant.state in NOT_TAKING_PART:
        raise Conflict("form.not_taking_part", _("This person does not take part; no form is collected."))
    if withdrawn_from(participant, "follow_up"):
        raise Conflict(
            "form.withdrawn", _("The participant withdrew from follow-up; no more answers are collected. Thank you.")
        )


def check_unsubmitted(form: Form) -> None:
    """One form is submitted once."""
    if form.state == Form.State.COMPLETE:
        raise Conflict(
            "form.submitted",
            _("This form was submitted already and stays as it was. If an answer is wrong, ask for a correction."),
        )
    if form.state == Form.State.CANCELLED:
        raise Conflict("form.not_needed", _("This form is not needed any more. There is nothing to do."))


def check_window(form: Form, by: Actor) -> None:
    """Never before the window opens; participants not long after it closed, staff at any time, flagged late."""
    today = today_at(form)
    if today < form.opens_on:
        raise Problem(
            "form.not_open_yet",
            _("This form opens on %(day)s. Come back then."),
            params={"day": date_format(form.opens_on, "j F Y")},
        )
    if by.kind is ActorKind.PARTICIPANT and today > last_answer_day(protocol_of(form.trial), form.visit):
        raise Problem(
            "form.closed",
            _("The time for this form ended on %(day)s. Call the study team if you still want to answer."),
            params={"day": date_format(form.closes_on, "j F Y")},
        )


def last_answer_day(protocol: Protocol, visit: Visit) -> date:
    """The last day participants may answer themselves.

    Answers of a recurring visit would otherwise fall into the next occurrence.
    """
    recurring = any(plan.code == visit.code and plan.repeat for plan in protocol.visits)
    return visit.closes_on if recurring else visit.closes_on + timedelta(days=LATE_DAYS)
