"""What an investigator thinks caused an event. A second opinion stands beside the first, never in its place."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from core.problems import Invalid, Problem
from participants.policies import hold
from review.policies import check_not_locked
from safety.actions import clocks
from safety.codes import Relatedness
from safety.facts import check_text
from safety.models import AdverseEvent, Causality
from trials.access import authorize
from trials.queries import protocol_of, protocol_version


def judge(
    *, event: AdverseEvent, intervention: str, procedures: str, expected_as: str, by: Actor, text: str = ""
) -> Causality:
    """Record an opinion; the first one of a serious event stops the clock of its review.

    ``expected_as`` is a code of the protocol's list of expected events, "" when the event is not on it. The version
    of the protocol that was read is kept. A changed mind needs its reason as ``text``.
    """
    participant = event.participant
    grant = authorize(by, Permission.JUDGE_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    check_text(text)
    problems = list(_problems(event, intervention, procedures, expected_as))
    if event.causalities.filter(judged_by=by.id).exists() and not text.strip():
        problems.append(
            Problem("causality.reason", _("You judged this event before. Say what made you think again."), field="text")
        )
    if problems:
        raise Invalid(problems)
    with act("event.judge", grant=grant, subject=participant) as a:
        hold(participant)
        number = max(event.causalities.values_list("number", flat=True), default=0) + 1
        made = Causality(event=event, number=number, intervention=intervention, procedures=procedures)
        made.expected_as, made.list_version = expected_as, protocol_version(participant.trial).number
        made.text, made.judged_at, made.judged_by = text.strip(), a.at, by.id
        a.create(made)
        if event.clocks.filter(met_at=None).exists():
            clocks.meet_by_review(event=event, grant=grant)
    return made


def _problems(event: AdverseEvent, intervention: str, procedures: str, expected_as: str) -> list[Problem]:
    problems = []
    if intervention not in Relatedness.values:
        problems.append(
            Problem("causality.intervention", _("Say whether the programme caused it."), field="intervention")
        )
    if procedures not in Relatedness.values:
        problems.append(
            Problem(
                "causality.procedures", _("Say whether a measurement or another step caused it."), field="procedures"
            )
        )
    listed = {each.code for each in protocol_of(event.participant.trial).expected_events}
    if expected_as and expected_as not in listed:
        problems.append(
            Problem("causality.expected", _("Choose an event of the protocol's list, or none."), field="expected_as")
        )
    return problems
