"""In which state something may be done to a participant. Each check raises the sentence people read."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import clock
from core.problems import Conflict, Problem
from participants.codes import SESSION
from participants.models import Appointment, Participant
from participants.queries import standing, withdrawn_from
from review.policies import check_not_locked
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.protocol.words import Text
from trials.refusals import not_found

S = Participant.State
BEFORE_RANDOMIZATION = (S.SCREENING, S.INELIGIBLE, S.DECLINED, S.ELIGIBLE, S.CONSENTED)
STANDING = (Appointment.State.BOOKED, Appointment.State.KEPT)
"""States of an appointment that was neither moved nor missed."""


def hold(participant: Participant) -> None:
    """Hold the participant until the act ends and see the state as it is now: two people at once take turns.

    Called first inside an act; what is checked afterwards cannot change before it is written.
    """
    held = Participant.objects.select_for_update(no_key=True)
    participant.refresh_from_db(from_queryset=held, fields=["state", "language", "group", "screened_on", "revision"])


def check_recruiting(trial: Trial) -> None:
    """Somebody can be screened only while the trial recruits."""
    check_not_locked(trial)
    if not Trial.objects.filter(pk=trial.pk, state=Trial.State.RECRUITING).exists():
        raise Conflict(
            "trial.not_recruiting", _("This trial does not recruit yet. The data manager opens it for recruitment.")
        )


def check_language(protocol: Protocol, site: Site, language: str) -> None:
    """The participant's language is one the site works in."""
    offered = protocol.site(site.code).languages or protocol.languages
    if language not in offered:
        raise Problem(
            "participant.language",
            _("Choose one of the languages of this site: %(languages)s."),
            field="language",
            params={"languages": ", ".join(offered)},
        )


def check_at_first_session(participant: Participant) -> None:
    """Who sees nobody but those they treat (therapists) finds, before allocation, those whose first session is booked;
    anybody else is not there.
    """
    booked = participant.appointments.filter(purpose=SESSION, state__in=STANDING)
    if participant.state not in BEFORE_RANDOMIZATION or not booked.exists():
        raise not_found()


def check_may_be_screened_again(participant: Participant) -> None:
    """Nobody is screened again once randomized or withdrawn."""
    check_not_withdrawn(participant)
    if participant.state not in BEFORE_RANDOMIZATION:
        raise Conflict("screening.randomized", _("This participant is randomized and cannot be screened again."))


def check_not_withdrawn(participant: Participant) -> None:
    """Nothing new is asked of somebody who withdrew."""
    if participant.state == S.WITHDRAWN:
        raise Conflict("participant.withdrawn", _("This participant has withdrawn; nothing more is recorded."))


def check_may_be_contacted(participant: Participant) -> None:
    """Somebody who asked not to be contacted is not."""
    if withdrawn_from(participant, "contact"):
        raise Conflict("participant.no_contact", _("This participant asked not to be contacted any more."))


def check_may_be_decided(participant: Participant) -> None:
    """Eligibility is decided again from the first screening until randomization."""
    check_not_withdrawn(participant)
    if participant.state == S.DECLINED:
        raise Conflict(
            "decision.declined", _("This person declined. Screen them again if they have changed their mind.")
        )
    if participant.state not in BEFORE_RANDOMIZATION:
        raise Conflict(
            "decision.randomized",
            _("This participant is randomized; eligibility is not decided again. Report an enrolment error instead."),
        )


def check_stage_in_order(participant: Participant, protocol: Protocol, stage: str) -> None:
    """A stage is decided when all stages before it found the person eligible."""
    codes = [each.code for each in protocol.eligibility.stages]
    if stage not in codes[1:]:
        raise Problem("decision.stage", _("The protocol has no such later stage."), field="stage")
    missing = missing_decisions(participant, protocol, codes[: codes.index(stage)])
    if missing:
        raise missing[0]


def missing_decisions(participant: Participant, protocol: Protocol, stages: Sequence[str]) -> list[Problem]:
    """One problem for each of the stages at which the participant is not, or not yet, found eligible."""
    held = standing(participant, protocol)
    problems: list[Problem] = []
    for stage in protocol.eligibility.stages:
        if stage.code not in stages or held.get(stage.code) == "eligible":
            continue
        if stage.code in held:
            sentence = _('Not eligible at the stage "%(stage)s".')
        else:
            sentence = _('Eligibility is not decided yet at the stage "%(stage)s". Decide it first.')
        problems.append(Problem("decision.missing", sentence, field="stage", params={"stage": _shown(stage.label)}))
    return problems


def _shown(words: Text) -> str:
    return words.in_language(get_language() or "en")


def check_may_consent(participant: Participant) -> None:
    """Consent is recorded for somebody found eligible; later versions while they take part."""
    check_not_withdrawn(participant)
    if participant.state not in (S.ELIGIBLE, S.CONSENTED, S.RANDOMIZED):
        raise Conflict(
            "consent.not_eligible", _("Consent is recorded once somebody is found eligible. Screen them first.")
        )


def check_consented(participant: Participant) -> None:
    """Whatever follows needs a consent."""
    if not participant.consents.exists():
        raise Conflict("participant.not_consented", _("There is no consent of this participant yet. Record it first."))


def check_not_in_future(moment: datetime, field: str) -> None:
    """What is recorded has happened."""
    if moment > clock.now():
        raise Problem("record.future", _("This moment is in the future. Enter when it happened."), field=field)
