"""A small trial with people in every state, by the real verbs, and the addresses a participant may open."""

from typing import Any
from urllib.parse import urlsplit

from core import clock
from instruments import catalogue
from outcomes.actions import corrections, links, responses
from outcomes.models import Form, Response, Visit
from participants.actions import contacts, withdrawal
from participants.models import Participant
from reminders import opt_out_links
from reminders.actions.sending import send
from reminders.actions.sweep import REMINDERS, sweep
from reminders.models import Message
from tests import cast as people
from tests.unit.outcomes.world import answered, form_of, participant_actor
from tests.unit.randomization_db.world import World
from therapy.actions import assignments, sessions
from therapy.actions.first_session import randomize_at_first_session
from therapy.queries import waiting_for_therapist
from trials.models import Trial

EXERCISES = ("segmentation", "simplification", "task_practice", "lumbar_extension")
"""Of the programme that Marc delivers."""
LARGEST_BLOCK = 6
"""So many allocations in one stratum come to both arms."""


def build(trial: Trial) -> dict[str, Any]:
    """People before, at and after randomization; the addresses of one who answers."""
    world = World(trial, people.cast_of(trial))
    world.activate()
    eligible = stop_early(world)
    asked = world.baseline(skipped=True)
    measure(world, world.baseline())
    world.book(world.baseline(), days=5)
    world.ready()
    treat(world)
    withdrawal.withdraw(
        participant=world.baseline(),
        scopes=["intervention"],
        reason_code="time",
        day=clock.now().date(),
        by=world.elise,
    )
    sweep(by=REMINDERS, hand_over=lambda key: send(message_id=key, by=REMINDERS))
    numbers = {"eligible": eligible.number, "consented": asked.number}
    return {"numbers": numbers, "questionnaire": addresses(world, asked)}


def stop_early(world: World) -> Participant:
    """One not eligible, one who declined, and one who is eligible and did not answer the phone."""
    spine = {"answers": people.ELIGIBLE | {"spinal_surgery": True}, "contact": None}
    people.screen_eligible(world.trial, world.cast, **spine)
    people.screen_eligible(world.trial, world.cast, contact=None, declined_reason="time")
    called = people.screen_eligible(world.trial, world.cast)
    contacts.log_attempt(participant=called, channel="phone", outcome="no_answer", by=world.elise)
    return called


def measure(world: World, participant: Participant) -> None:
    """One form of the assessor and one result are in, and one answer is to be corrected."""
    for instrument, by in (("hip_rom", world.amelie), ("mri", world.elise)):
        form = form_of(participant, "baseline", instrument)
        given = {"scan_date": "2026-03-02"} if instrument == "mri" else {}
        responses.submit(form=form, answers=answered(instrument, done=1, **given), by=by)
    response = Response.objects.get(form=form_of(participant, "baseline", "odi"))
    asking = participant_actor(participant)
    corrections.request(response=response, item="odi_1", value=2, why="pressed_wrong", by=asking)


def treat(world: World) -> None:
    """A whole block is randomized by Marc: those of his arm are in his care, of the others Priya takes one over."""
    mine: list[Participant] = []
    for _each in range(LARGEST_BLOCK):
        participant = world.ready()
        if randomize_at_first_session(participant=participant, by=world.marc).assigned:
            mine.append(participant)
    done = [{"exercise": code, "status": "as_planned"} for code in EXERCISES]
    sessions.record(participant=mine[0], number=1, status="done", held_at=clock.now(), exercises=done, by=world.marc)
    waiting = waiting_for_therapist(world.priya, world.trial)
    assignments.take(participant=waiting[0].participant, by=world.priya)


def addresses(world: World, participant: Participant) -> list[str]:
    """Of a participant's links: the start, each part, one question of every kind, no more messages, what is closed."""
    visit = Visit.objects.get(participant=participant, code="baseline")
    grant = links.send_grant(participant=participant, by=world.elise)
    _link, token = links.issue(participant=participant, visit=visit, grant=grant)
    no_more = opt_out_links.link_for(Message.objects.filter(participant=participant)[0])
    found, kinds = [f"/q/{token}/", f"/q/{token}/thanks/", f"/q/{token[:-3]}/", urlsplit(no_more).path], set()
    for form in Form.objects.filter(visit=visit, filled_by="participant").order_by("order"):
        found.append(f"/q/{token}/{form.pk}/")
        for place, item in enumerate(catalogue.load(form.instrument).items, start=1):
            if form.state != Form.State.COMPLETE and item.kind not in kinds:
                kinds.add(item.kind)
                found.append(f"/q/{token}/{form.pk}/{place}/")
    return found
