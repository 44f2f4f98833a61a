"""What an investigator thinks caused an event. A second opinion stands beside the first, never in its place."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import roles_with
from audit.actors import Actor
from audit.acts import act
from core.problems import Conflict, Invalid, Problem
from participants.blindness import is_blind, unblindings_of, working_for
from participants.policies import hold
from review.policies import check_not_locked
from safety.actions import clocks
from safety.codes import Relatedness
from safety.facts import check_text, expected_at
from safety.models import AdverseEvent, Causality
from trials.access import authorize
from trials.queries import protocol_of, protocol_version


def judge(
    *, event: AdverseEvent, intervention: str, procedures: str, expected_as: str, by: Actor, text: str = ""
) -> Causality:
    """Record an opinion; the first one of a serious event stops the clock of its review.

    ``expected_as`` is a code of the protocol's list of expected events as it stood when the event began, "" when the
    event is not on it. The version of the protocol that was read is kept. A changed mind needs its reason as ``text``.

    Raises Conflict for who may know the participant's group, as long as another investigator does not.
    """
    participant = event.participant
    grant = authorize(by, Permission.JUDGE_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    check_may_judge(event, by)
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
        made.group_known = not is_blind(participant, by.id)
        a.create(made)
        if event.clocks.filter(met_at=None).exists():
            clocks.meet_by_review(event=event, grant=grant)
    return made


def check_may_judge(event: AdverseEvent, by: Actor) -> None:
    """Whoever may know the group leaves the judgement to an investigator who does not, where there is one."""
    participant = event.participant
    if is_blind(participant, by.id):
        return
    judges = working_for(participant, roles_with(Permission.JUDGE_EVENT)) - {by.id}
    if judges - {each.learner for each in unblindings_of(participant)}:
        raise Conflict(
            "causality.not_blind",
            _(
                "It is recorded that you may know this participant's group. "
                "Another investigator, who does not know it, judges this event."
            ),
        )


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
    return [*problems, *_expectedness(event, expected_as)]


def _expectedness(event: AdverseEvent, expected_as: str) -> Iterator[Problem]:
    protocol = protocol_of(event.participant.trial)
    if not expected_as or expected_as in {each.code for each in expected_at(protocol, event.onset)}:
        return
    if expected_as in {each.code for each in protocol.expected_events}:
        sentence = _("This was put on the list after the event began, so the event was not expected. Choose no.")
        yield Problem("causality.listed_later", sentence, field="expected_as")
    else:
        sentence = _("Choose an event of the protocol's list, or none.")
        yield Problem("causality.expected", sentence, field="expected_as")
