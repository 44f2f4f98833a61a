"""The steps of the story that need a form, a list or a session log: each a short use of the real verbs."""

from datetime import datetime
from typing import Any

from audit.actors import Actor, ActorKind, Origin
from core import clock
from demo.answers import answer
from demo.characters import TO_SIGN, Character
from demo.company import Company
from instruments import catalogue
from outcomes.actions import enrolment, responses, signing
from outcomes.models import Form, Visit
from outcomes.queries.responses import due_forms_of
from outcomes.queries.signing import content_of, own_responses, signature_waits
from participants.actions import appointments, screening
from participants.blindness import is_blind
from participants.models import Appointment, Participant
from participants.queries import protocol_for
from therapy import queries as therapy
from therapy.actions import assignments, first_session, sessions

WAITING = (Form.State.OPEN, Form.State.STARTED)
IMPROVEMENT_A_WEEK = 0.018
FIRST_LOADS = {"kg": 12.0, "lb": 25.0, "nm": 70.0}


def consent(company: Company, character: Character, participant: Participant) -> None:
    """The coordinator explains the document in force and records each clause."""
    protocol = protocol_for(participant)
    document = protocol.consent.document_for(participant.language)
    if document is None:
        return
    enrolment.record_consent(
        participant=participant,
        version=document.version,
        language=participant.language,
        clauses={
            clause.code: not clause.optional or character.chance.random() < 0.8 for clause in protocol.consent.clauses
        },
        explained_by=company.people["elise"],
        signed_at=clock.now(),
        by=company.by("elise"),
    )


def book(company: Company, participant: Participant, purpose: str, starts_at: datetime, place: str) -> None:
    """The coordinator books a time and a place that tell no arm."""
    person = company.people["amelie"] if purpose == "assessment" else None
    if person is not None and not is_blind(participant, str(person.pk)):
        person = None
    enrolment.book_appointment(
        participant=participant,
        purpose=purpose,
        starts_at=starts_at,
        place=place,
        person=person,
        confirmed_overlap=True,
        by=company.by("elise"),
    )


def came(company: Company, participant: Participant, purpose: str) -> None:
    """The coordinator notes that the participant came."""
    booked = Appointment.objects.filter(participant=participant, purpose=purpose, state=Appointment.State.BOOKED)
    for appointment in booked.filter(starts_at__lte=clock.now()):
        appointments.mark_kept(appointment=appointment, by=company.by("elise"))


def answer_own(character: Character, participant: Participant, visit: str) -> None:
    """The participant answers what is due of a visit, from their own phone."""
    by = Actor(ActorKind.PARTICIPANT, str(participant.pk), participant.number, Origin.WEB)
    today = clock.today(participant.site.time_zone)
    for planned in participant.visits.filter(code=visit, opens_on__lte=today, closes_on__gte=today):
        for form in due_forms_of(participant, planned):
            fill(character, form, by)


def rate_week(character: Character, participant: Participant, week: int) -> None:
    """The weekly pain rating; things get a little better each week."""
    character.body.trouble = max(0.08, character.body.trouble - IMPROVEMENT_A_WEEK)
    answer_own(character, participant, "weekly_pain")


def assess(company: Company, character: Character, participant: Participant, visit: str) -> None:
    """The assessor measures, submits the forms of a visit, and signs them."""
    came(company, participant, "assessment")
    if not is_blind(participant, company.by("amelie").id):
        return  # a colleague measures instead, once there is one
    for form in Form.objects.filter(
        participant=participant, visit__code=visit, filled_by="assessor", state__in=WAITING
    ):
        fill(character, form, company.by("amelie"))
    if character.awaits(TO_SIGN, visit):
        return
    for planned in participant.visits.select_related("trial", "participant__site").filter(code=visit):
        sign(company, planned)


def sign(company: Company, planned: Visit) -> None:
    """The assessor reads what she measured, and signs it."""
    by = company.by("amelie")
    if signature_waits(planned, by):
        signing.sign(visit=planned, seen=content_of(own_responses(planned, by.id)), by=by)


def enter_results(
    company: Company, character: Character, participant: Participant, visit: str, instrument: str
) -> None:
    """The coordinator enters results that came back from elsewhere."""
    waiting = Form.objects.filter(participant=participant, visit__code=visit, instrument=instrument, state__in=WAITING)
    for form in waiting:
        fill(character, form, company.by("elise"))


def fill(character: Character, form: Form, by: Actor) -> None:
    """Answer every item of a form and submit it; unlikely values stand, as read."""
    day = clock.today(form.site.time_zone)
    answers = answer(catalogue.load(form.instrument), character.body, day)
    responses.submit(form=form, answers=answers, missing={}, confirmed=list(answers), by=by)


def randomize(company: Company, character: Character, participant: Participant, answers: dict[str, Any]) -> str:
    """At the first session the therapist reconfirms, randomizes, and treats or hands on; returns who treats."""
    came(company, participant, "session")
    key, other = ("marc", "priya") if character.index % 2 else ("priya", "marc")
    screening.decide(participant=participant, stage="randomization", answers=answers, by=company.by(key))
    participant.refresh_from_db()
    first = first_session.randomize_at_first_session(participant=participant, by=company.by(key))
    if first.assigned:
        return key
    assignments.take(participant=participant, by=company.by(other))
    return other


def train(company: Company, character: Character, participant: Participant, number: int, therapist: str) -> None:
    """One session, logged by whoever treats: mostly done, now and then missed or shortened."""
    by = company.by(therapist)
    planned = therapy.next_session(participant, by)
    if planned is None or planned.number != number:
        return
    luck = character.chance.random() if number > 1 else 1.0
    held: dict[str, Any] = {"participant": participant, "number": number, "held_at": clock.now(), "by": by}
    if luck < 0.06:
        reason = character.chance.choice(["illness", "time", "holiday"])
        sessions.record(status="missed", reason_code=reason, **held)
        return
    shortened = luck < 0.1
    before = round(10 * character.body.trouble)
    sessions.record(
        status="shortened" if shortened else "done",
        reason_code="time" if shortened else "",
        minutes=40 if shortened else character.chance.choice([55, 60, 60]),
        pain_before=before,
        pain_during=min(10, before + character.chance.choice([0, 0, 1])),
        pain_after=max(0, before - character.chance.choice([-1, 0, 1, 2])),
        effort=character.chance.choice([5, 6, 6, 7, 8]),
        exercises=[performed(character, each) for each in planned.exercises],
        **held,
    )


def performed(character: Character, planned: Any) -> dict[str, Any]:
    """One exercise as done: as planned, a repetition more, or with the load the rule suggests."""
    exercise = planned.exercise
    sets = [dict(each) for each in planned.sets]
    if planned.last_on is None and exercise.load_unit in FIRST_LOADS:
        load = FIRST_LOADS[exercise.load_unit] + 2.5 * character.chance.randint(0, 6)
        return {"exercise": exercise.code, "status": "changed", "sets": [each | {"load": load} for each in sets]}
    if planned.suggested_load is not None:
        if character.chance.random() < 0.2:
            why = character.chance.choice(["technique", "effort", "pain", "equipment"])
            return {"exercise": exercise.code, "status": "as_planned", "why_code": why}
        least = exercise.reps.min
        raised = [each | {"load": planned.suggested_load, "reps": least} for each in sets]
        return {"exercise": exercise.code, "status": "changed", "sets": raised}
    if exercise.reps is not None and character.chance.random() < 0.4:
        more = [each | {"reps": min(each.get("reps", exercise.reps.min) + 1, exercise.reps.max)} for each in sets]
        return {"exercise": exercise.code, "status": "changed", "sets": more}
    return {"exercise": exercise.code, "status": "as_planned"}
