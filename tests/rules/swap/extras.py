"""What happens behind the wall: sessions that differ by arm, handing over, covering, correcting a session."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Origin
from core import clock
from demo import lives, work
from demo.answers import Body
from demo.characters import Character
from demo.clockwork import Life
from demo.company import Company
from instruments import catalogue
from outcomes.actions import corrections as answers
from outcomes.actions import drafts, enrolment, guesses
from outcomes.codes import TASK_INCOMPLETE
from outcomes.models import Form, Response, Visit
from outcomes.queries.guesses import guess_waits
from participants.actions import tasks, unblinding, withdrawal
from participants.models import Appointment, Milestone, Participant
from randomization.actions import unblindings
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation
from randomization.queries import arms_of, commitments_of
from therapy.actions import assignments, corrections, sessions
from therapy.models import Assignment, Session
from trials.access import authorize
from trials.models import Trial
from trials.queries import protocol_of

MORE_THERAPISTS = (("luc", "Luc Girard", "athletic_therapist"), ("nadia", "Nadia Karim", "kinesiologist"))
"""A second one for each arm."""
STEP_AFTER_RANDOMIZATION = timedelta(days=5, hours=3)
IN_TURN = {"marc": "luc", "priya": "nadia", "luc": "marc", "nadia": "priya"}


GENERAL = "priya"
"""Who treats the arm that trains differently."""
GENERALS = (GENERAL, "nadia")
FACTOR = "lsiq"
"""The form whose score makes the strata."""
NOW = datetime(2026, 9, 16, 15, 0, tzinfo=UTC)
"""A Wednesday, eleven in the morning in Montreal: when both worlds are looked at."""
BEGUN = 4
"""Questions that somebody has answered so far."""
NOT_YET_LOGGED = timedelta(days=6)
_train = work.train


def train(company: Company, character: Character, participant: Participant, number: int, therapist: str) -> None:
    """Sessions differ by arm: in one, the fifth is missed, and those of the last days are not logged yet."""
    if therapist == GENERAL and clock.now() > NOW - NOT_YET_LOGGED:
        return
    if therapist == GENERAL and number == 5:
        by, illness = company.by(therapist), {"status": "missed", "reason_code": "illness"}
        sessions.record(participant=participant, number=number, held_at=clock.now(), by=by, **illness)
        return
    _train(company, character, participant, number, therapist)


def beside(told: Life, company: Company, called: date, what: str) -> Iterator[datetime]:
    """A life in which, some days after randomization, one thing more happens."""
    done = False
    for moment in told:
        since = None if done else _randomized_at(company, called)
        if since is not None and moment > (due := since + STEP_AFTER_RANDOMIZATION):
            done = True
            yield due
            MORE[what](company, _who_called(company, called).get())
        yield moment


def _randomized_at(company: Company, called: date) -> datetime | None:
    held = Milestone.objects.filter(participant__in=_who_called(company, called), kind=Milestone.Kind.RANDOMIZED)
    return held.values_list("at", flat=True).first()


def _who_called(company: Company, day: date) -> QuerySet[Participant]:
    return company.trial.participants.select_related("trial", "site").filter(screened_on=day)


def hand_over(company: Company, participant: Participant) -> None:
    """To a colleague and back."""
    key = treats(company, participant)
    for giver, taker in ((key, IN_TURN[key]), (IN_TURN[key], key)):
        clock.advance(timedelta(minutes=1))
        assignments.hand_over(
            participant=participant, to=company.people[taker], reason="Holidays.", by=company.by(giver)
        )


def cover(company: Company, participant: Participant) -> None:
    """A colleague for a week."""
    key, today = treats(company, participant), clock.today(participant.site.time_zone)
    assignments.cover(
        participant=participant,
        therapist=company.people[IN_TURN[key]],
        starts_on=today,
        ends_on=today + timedelta(days=7),
        by=company.by(key),
    )


def correct(company: Company, participant: Participant) -> None:
    """The first session was longer than noted."""
    key = treats(company, participant)
    corrections.correct(participant=participant, number=1, reason="Misread the watch.", minutes=58, by=company.by(key))


def ask_for_correction(company: Company) -> None:
    """A participant wants one of their answers taken back."""
    randomized = company.trial.participants.filter(state=Participant.State.RANDOMIZED).order_by("number")[0]
    held = Response.objects.select_related("form__participant", "participant").filter(participant=randomized)
    response = held.filter(originator=Response.Originator.PARTICIPANT).order_by("submitted_at", "id")[0]
    by = Actor(ActorKind.PARTICIPANT, str(randomized.pk), randomized.number, Origin.WEB)
    answers.request(response=response, item=next(iter(response.answers)), missing="skipped", why="pressed_wrong", by=by)


def leave_something_to_do(company: Company) -> None:
    """A task for the coordinator."""
    somebody = company.trial.participants.select_related("trial", "site").order_by("number")[0]
    grant = authorize(company.by("elise"), Permission.LOG_CONTACT, trial=somebody.trial, site=somebody.site)
    tasks.raise_task(participant=somebody, kind=TASK_INCOMPLETE, due_on=NOW.date(), grant=grant)


def treats(company: Company, participant: Participant) -> str:
    """The key of whoever treats somebody."""
    with unblinded(by=company.by("samuel"), trial=company.trial, purpose=Purpose.SEQUENCE):
        held = Assignment.objects.get(participant=participant, until=None).therapist_id
    return User.objects.get(pk=held).email.partition("@")[0]


def leave(company: Company, participant: Participant) -> None:
    """The participant gives up the programme."""
    lives.leave(company, participant)


def say_too_much(company: Company, participant: Participant) -> None:
    """The participant tells the assessor their arm, and the assessor says which."""
    unblinding.record(
        participant=participant, how="participant", arm=arm_of(company, participant), by=company.by("amelie")
    )


def open_in_an_emergency(company: Company, participant: Participant) -> None:
    """The safety physician needs the arm."""
    unblindings.unblind(
        participant=participant, reason="care", explanation="Fainted, in hospital.", by=company.by("leila")
    )


def fall_ill(company: Company, participant: Participant) -> None:
    """Only the contact is over: follow-up goes on without messages."""
    withdrawal.withdraw(
        participant=participant,
        scopes=["contact"],
        reason_code="symptoms",
        day=_today(participant),
        by=company.by("elise"),
    )


def _leaves_early(company: Company, participant: Participant, consented: datetime) -> list[lives.Step]:
    return [(consented + timedelta(days=1), lambda: leave(company, participant))]


def _does_not_come(company: Company, participant: Participant, consented: datetime) -> list[lives.Step]:
    at = consented + timedelta(days=6)

    def note() -> None:
        booked = Appointment.objects.get(participant=participant, state=Appointment.State.BOOKED)
        enrolment.mark_no_show(appointment=booked, by=company.by("elise"))

    return [_booked(company, participant, at), (at + timedelta(hours=1), note)]


def _cancels(company: Company, participant: Participant, consented: datetime) -> list[lives.Step]:
    at = consented + timedelta(days=6)

    def cancel() -> None:
        booked = Appointment.objects.get(participant=participant, state=Appointment.State.BOOKED)
        enrolment.cancel_appointment(appointment=booked, reason_code="participant", by=company.by("elise"))

    return [_booked(company, participant, at), (at - timedelta(hours=20), cancel)]


def _moves(company: Company, participant: Participant, consented: datetime) -> list[lives.Step]:
    at = consented + timedelta(days=6)

    def move() -> None:
        booked = Appointment.objects.get(participant=participant, state=Appointment.State.BOOKED)
        later = at + timedelta(days=1)
        enrolment.move_appointment(
            appointment=booked, reason_code="participant", starts_at=later, by=company.by("elise")
        )

    return [_booked(company, participant, at), (at - timedelta(hours=20), move)]


def _begins(company: Company, participant: Participant, consented: datetime) -> list[lives.Step]:
    """They answer the first questions of the form whose score makes the stratum, and put the phone away."""

    def begin() -> None:
        by = Actor(ActorKind.PARTICIPANT, str(participant.pk), participant.number, Origin.WEB)
        form = Form.objects.get(participant=participant, instrument=FACTOR)
        body = Body(trouble=0.4, strength=1, instability=0.75, chance=Random(FACTOR))
        given = work.answer(catalogue.load(FACTOR), body, _today(participant))
        for item in list(given)[:BEGUN]:
            drafts.save_item(form=form, item=item, value=given[item], by=by)

    return [(consented + timedelta(days=1), begin)]


def _booked(company: Company, participant: Participant, at: datetime) -> lives.Step:
    return at - timedelta(days=4), lambda: work.book(company, participant, "assessment", at, "reception")


def guess(company: Company) -> None:
    """The assessor guesses, and is right."""
    by = company.by("amelie")
    visits = Visit.objects.select_related("participant__site", "trial").filter(trial=company.trial, code="week16")
    for visit in visits.order_by("participant__number"):
        if guess_waits(visit, by):
            guesses.give(visit=visit, arm=arm_of(company, visit.participant), certainty="somewhat", by=by)
            return


MORE: dict[str, Callable[[Company, Participant], None]] = {
    "hands_over": hand_over,
    "covers": cover,
    "corrects": correct,
}
LATER: dict[str, Callable[[Company, Participant], None]] = {
    "leaves": leave,
    "says_too_much": say_too_much,
    "emergency": open_in_an_emergency,
    "no_contact": fall_ill,
}
"""What happens to somebody randomized."""
EARLY: dict[str, Callable[[Company, Participant, datetime], list[lives.Step]]] = {
    "leaves_early": _leaves_early,
    "does_not_come": _does_not_come,
    "cancels": _cancels,
    "moves": _moves,
    "begins": _begins,
}
"""What happens to somebody who consented, and no more."""


def _today(participant: Participant) -> date:
    return clock.today(participant.site.time_zone)


def arm_of(company: Company, participant: Participant) -> str:
    """Somebody's arm."""
    with unblinded(by=company.by("samuel"), trial=company.trial, purpose=Purpose.SEQUENCE):
        return arms_of([participant.pk])[participant.pk]


def commitments() -> list[str]:
    """What was published of each list."""
    return [each.sha256 for trial in Trial.objects.order_by("code") for each in commitments_of(trial)]


def arms(company: Company) -> dict[str, tuple[str, int]]:
    """Arm and number of recorded sessions of everybody randomized, by study number."""
    with unblinded(by=company.by("samuel"), trial=company.trial, purpose=Purpose.SEQUENCE):
        held = arms_of(company.trial.participants.values_list("pk", flat=True))
        counts = Counter(Session.objects.values_list("participant_id", flat=True))
        numbers = dict(company.trial.participants.values_list("pk", "number"))
        return {numbers[key]: (arm, counts[key]) for key, arm in held.items()}


def strata(company: Company) -> dict[str, str]:
    """The stratum as used of everybody randomized, by study number."""
    with unblinded(by=company.by("samuel"), trial=company.trial, purpose=Purpose.SEQUENCE):
        held = Allocation.objects.filter(participant__trial=company.trial)
        return dict(held.values_list("participant__number", "stratum__key"))


def concealed_from(trial: Trial) -> set[str]:
    """From whom the protocol conceals the factor of the strata."""
    factors = [each for each in protocol_of(trial).strata if each.code == FACTOR]
    return {str(role) for factor in factors for role in factor.concealed_from}


def forms_of_the_factor(trial: Trial) -> set[str]:
    """The keys of the forms whose score makes the stratum."""
    return {str(key) for key in Form.objects.filter(trial=trial, instrument=FACTOR).values_list("pk", flat=True)}
