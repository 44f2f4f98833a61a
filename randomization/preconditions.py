"""What must hold before somebody is randomized, each with its own sentence.

No sentence names a stratum, a score or how much of a list is left: enrolling people read them. So none says either
whether the participant's stratum has a place, which would tell the stratum once one is full: only the claim finds out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.actors import Actor, Grant
from core import clock
from core.dates import date_format
from core.problems import Conflict, Invalid, Problem
from instruments import catalogue
from outcomes import queries as outcomes
from participants import policies as participant_policies
from participants.models import IdentifierHash, Milestone, Participant
from participants.queries import consent_of, withdrawn_scopes
from randomization import queries
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation, Sequence, Stratum
from randomization.strata import key_of
from review.policies import is_locked
from trials.models import Trial
from trials.protocol.factors import Factor, Randomization
from trials.protocol.strata import level_of
from trials.queries import protocol_of


@dataclass(frozen=True)
class Precondition:
    """One thing that must hold. The sentence says what holds, or what to do first."""

    code: str
    sentence: str
    met: bool


class Readiness:
    """A participant on the way to randomization; reads each fact once. Needs the blindfold lifted."""

    def __init__(self, participant: Participant, grant: Grant) -> None:
        self.participant = participant
        self.grant = grant
        self.protocol = protocol_of(participant.trial)

    @property
    def plan(self) -> Randomization:
        """What the protocol says of randomizing; Problem if it randomizes nobody."""
        if self.protocol.randomization is None:
            raise Problem("allocation.not_randomized", _("Nobody is randomized in this trial."))
        return self.protocol.randomization

    @property
    def today(self) -> date:
        return clock.today(self.participant.site.time_zone)

    @cached_property
    def levels(self) -> dict[str, str] | None:
        """The level of every factor, {factor: level} in the protocol's order; None while one is unknown."""
        levels = {}
        for factor in self.protocol.strata:
            value = self._value_of(factor)
            if value is None:
                return None
            levels[factor.code] = level_of(self.protocol, factor.code, value)
        return levels

    @cached_property
    def has_list(self) -> bool:
        """Whether a list is active, and not revealed."""
        active = Sequence.objects.filter(trial=self.participant.trial_id, state=Sequence.State.ACTIVE)
        return active.filter(revealed_at=None).exists()

    @cached_property
    def strata(self) -> list[Stratum]:
        """Where this participant can get a place, segment after segment; none while a level is unknown."""
        return [] if self.levels is None else queries.strata_for(self.participant.trial, key_of(self.levels))

    @cached_property
    def is_randomized(self) -> bool:
        return is_randomized(self.participant)

    @cached_property
    def submissions(self) -> dict[tuple[str, str], datetime]:
        """When each form that is needed first was submitted, by (visit, instrument)."""
        needed = ((form.visit, form.instrument) for form in self.plan.before.forms)
        return outcomes.first_submissions(self.participant, needed)

    def _value_of(self, factor: Factor) -> int | float | str | bool | None:
        try:
            return outcomes.concealed_value(self.participant, factor.code, self.grant, self.protocol)
        except Problem as problem:
            if problem.code != "randomization.baseline_incomplete":
                raise
            return None


def preconditions(participant: Participant, *, by: Actor) -> list[Precondition]:
    """Everything that must hold, in the order people would settle it. Raises Refused unless they may randomize."""
    opening = unblinded(by=by, trial=participant.trial, purpose=Purpose.ALLOCATE, participant=participant)
    with opening as grant:
        ready = Readiness(participant, grant)
        return [Precondition(code, *check(ready)) for code, check in CHECKS.items()]


def check_ready(ready: Readiness) -> None:
    """Raises Invalid with the sentence of everything that does not hold, Conflict if randomized already."""
    if ready.is_randomized:
        raise already_randomized()
    outcomes = ((code, *check(ready)) for code, check in CHECKS.items())
    problems = [Problem(f"allocation.{code}", sentence) for code, sentence, met in outcomes if not met]
    if problems:
        raise Invalid(problems)


def is_randomized(participant: Participant) -> bool:
    return Allocation.objects.filter(participant=participant).exists()


def already_randomized() -> Conflict:
    """The problem of randomizing twice. Names nobody: who randomized may tell the arm."""
    return Conflict("allocation.twice", _("This participant is randomized already. Nothing was changed."))


Outcome = tuple[str, bool]


def _not_randomized(ready: Readiness) -> Outcome:
    if ready.is_randomized:
        return already_randomized().sentence, False
    return _("Not randomized yet."), True


def _recruiting(ready: Readiness) -> Outcome:
    trial = Trial.objects.get(pk=ready.participant.trial_id)
    if trial.state == Trial.State.RECRUITING and not is_locked(trial):
        return _("The trial recruits."), True
    return _("The trial does not recruit. Ask the data manager to open it."), False


def _taking_part(ready: Readiness) -> Outcome:
    withdrew = ready.participant.state == Participant.State.WITHDRAWN
    if withdrew or withdrawn_scopes(ready.participant) & {"intervention", "data"}:
        return _("The participant has withdrawn. They cannot be randomized."), False
    return _("The participant has not withdrawn."), True


def _contact(ready: Readiness) -> Outcome:
    """Somebody without name and date of birth was never compared with those who take part already."""
    if ready.participant.identifier_hashes.filter(kind=IdentifierHash.Kind.PERSON).exists():
        return _("Name and date of birth are recorded."), True
    sentence = _(
        "Name and date of birth are not recorded, so the same person may be here twice. Ask the coordinator to "
        "enter them first."
    )
    return sentence, False


def _consent(ready: Readiness) -> Outcome:
    consent = consent_of(ready.participant)
    if not ready.plan.before.consent:
        return _("Consent is not asked for."), True
    if consent is None:
        return _("There is no consent. Record it first."), False
    newest = ready.protocol.consent.document_for(consent.language)
    if newest is not None and newest.version != consent.version:
        return _("The consent document has a newer version. Record consent to it first."), False
    return _("Consent is in force."), True


def _eligible(ready: Readiness) -> Outcome:
    stages = ready.plan.before.eligibility
    missing = participant_policies.missing_decisions(ready.participant, ready.protocol, stages)
    if missing:
        return " ".join(problem.sentence for problem in missing), False
    return _("Eligible at every stage."), True


def _forms(ready: Readiness) -> Outcome:
    missing = [
        _title(form.instrument)
        for form in ready.plan.before.forms
        if (form.visit, form.instrument) not in ready.submissions
    ]
    if missing:
        return _("These forms are not complete: %(forms)s. Complete them first.") % {"forms": ", ".join(missing)}, False
    if ready.levels is None:
        return _("The forms do not give all that the list needs. Ask the coordinator to complete them."), False
    return _("All forms needed are complete."), True


def _title(instrument: str) -> str:
    titles = catalogue.load(instrument).title
    return titles.get((get_language() or "en").split("-")[0]) or next(iter(titles.values()))


def _recent(ready: Readiness) -> Outcome:
    most = ready.plan.before.baseline_at_most_days_old
    if most is None:
        return _("The baseline may have any age."), True
    oldest = ready.today - timedelta(days=most)
    days = [day for day in _form_days(ready) if day < oldest]
    if days:
        facts = {"day": date_format(min(days), "j F Y"), "most": most}
        return _("The baseline of %(day)s is older than %(most)d days. Repeat it first.") % facts, False
    return _("The baseline is recent enough."), True


def _form_days(ready: Readiness) -> list[date]:
    zone = ready.participant.site.time_zone
    return [clock.day_of(at, zone) for at in ready.submissions.values()]


def _first_session(ready: Readiness) -> Outcome:
    if ready.plan.anchor != "first_session_booked":
        return _("No first session needs to be booked."), True
    booked = Milestone.objects.filter(participant=ready.participant, kind=Milestone.Kind.FIRST_SESSION_BOOKED)
    day = booked.values_list("day", flat=True).first()
    if day is None:
        return _("The first session is not booked. Book it first."), False
    facts = {"day": date_format(day, "j F Y")}
    if day > ready.today:
        return _("The first session is booked for %(day)s. Randomize on that day, not before.") % facts, False
    return _("The first session was booked for %(day)s.") % facts, True


def _list(ready: Readiness) -> Outcome:
    if not ready.has_list:
        return _("There is no active list. Ask the statistician."), False
    return _("The list is active."), True


def _not_frozen(ready: Readiness) -> Outcome:
    if queries.frozen_since(ready.participant.trial):
        return frozen().sentence, False
    return _("Randomization is not stopped."), True


def frozen() -> Conflict:
    """The problem of allocating while allocation is frozen. Says nothing of the incident."""
    return Conflict(
        "allocation.frozen", _("Randomization is stopped for now. Nothing was changed. Ask the data manager.")
    )


CHECKS: Mapping[str, Callable[[Readiness], Outcome]] = {
    "not_randomized": _not_randomized,
    "recruiting": _recruiting,
    "taking_part": _taking_part,
    "contact": _contact,
    "consent": _consent,
    "eligible": _eligible,
    "forms": _forms,
    "recent": _recent,
    "first_session": _first_session,
    "list": _list,
    "not_frozen": _not_frozen,
}
