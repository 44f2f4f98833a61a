"""Adverse events, by those who may know arms: codes are handed down, texts stay behind the wall."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Invalid, Problem
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from review.policies import check_not_locked
from safety.actions import events
from safety.codes import Relatedness
from safety.facts import Facts, Status, check_text
from safety.models import AdverseEvent, EventReport
from therapy.care import treating
from therapy.models import EventNote, SecondOpinion, Session
from trials.access import authorize, may


def report(
    *, participant: Participant, facts: Facts, by: Actor, text: str = "", session: int | None = None
) -> EventReport:
    """Report an event: a therapist of somebody they treat, other unblinded roles of anybody at their sites.

    ``session`` is the recorded session it began in or after; only therapists name one.
    """
    check_text(text)
    with opened(participant, by) as grant:
        check_session(participant, session, by)
        with act("event.note", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a:
            made = events.record(participant=participant, facts=facts, grant=grant)
            a.create(EventNote(report=made, session=session, text=text.strip(), at=clock.now(), by=by.id))
    return made


def follow_up(*, event: AdverseEvent, status: Status, by: Actor, text: str = "") -> EventReport:
    """Append what was learned since."""
    check_text(text)
    participant, secrecy = event.participant, FieldClass.UNBLINDING
    with (
        opened(participant, by) as grant,
        act("event.note", grant=grant, subject=participant, secrecy=secrecy) as a,
    ):
        made = events.add_report(event=event, status=status, grant=grant, told=bool(text.strip()))
        a.create(EventNote(report=made, text=text.strip(), at=clock.now(), by=by.id))
    return made


def give_second_opinion(
    *, event: AdverseEvent, intervention: str, procedures: str, text: str, by: Actor
) -> SecondOpinion:
    """Record what a safety physician thinks, with the reasons; the investigator's opinion stays as it is."""
    participant = event.participant
    grant = authorize(by, Permission.REVIEW_EVENT, trial=participant.trial, site=participant.site)
    check_not_locked(participant.trial)
    check_text(text)
    problems = []
    if intervention not in Relatedness.values:
        problems.append(
            Problem("opinion.intervention", _("Say whether the programme caused it."), field="intervention")
        )
    if procedures not in Relatedness.values:
        problems.append(
            Problem("opinion.procedures", _("Say whether a measurement or another step caused it."), field="procedures")
        )
    if not text.strip():
        problems.append(Problem("opinion.text", _("Say why you think so."), field="text"))
    if problems:
        raise Invalid(problems)
    with (
        unblinded(by=by, trial=participant.trial, purpose=Purpose.VIEW, participant=participant),
        act("event.second_opinion", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a,
    ):
        made = SecondOpinion(event=event, intervention=intervention, procedures=procedures, text=text.strip())
        made.judged_at, made.judged_by = a.at, by.id
        return a.create(made)


@contextmanager
def opened(participant: Participant, by: Actor) -> Iterator[Grant]:
    """An opening to write in: for whoever treats the participant, or holds the permission at the site."""
    if may(by, Permission.LOG_SESSION, trial=participant.trial):
        with treating(participant, by) as care:
            yield care.grant
    else:
        with unblinded(by=by, trial=participant.trial, purpose=Purpose.EVENT, participant=participant) as grant:
            yield grant


def check_session(participant: Participant, session: int | None, by: Actor) -> None:
    """Refuse a session that is not recorded, and any from those who treat nobody. Needs the blindfold lifted."""
    if session is None:
        return
    recorded = Session.objects.filter(participant=participant, number=session)
    if not may(by, Permission.LOG_SESSION, trial=participant.trial) or not recorded.exists():
        raise Problem("event.session", _("Choose a session that is recorded, or leave it open."), field="session")
