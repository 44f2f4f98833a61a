"""Events of those who may know arms: codes go down, words, names and sessions stay behind the wall."""

import pytest
from django.db import DatabaseError, connection

from core.problems import Invalid, NotFound, Problem, Refused
from participants.models import Participant
from participants.queries import open_tasks
from randomization.blindfold import Purpose, unblinded
from safety.models import AdverseEvent, EventReport
from tests.unit.randomization_db.world import World
from tests.unit.safety.facts import SERIOUS, facts, status
from therapy.actions import events
from therapy.events import notes_of, opinions_of
from therapy.models import EventNote, SecondOpinion

WORDS = "Pulled a muscle on the MedX machine."


def read(world: World, event: AdverseEvent) -> EventNote:
    with unblinded(by=world.leila, trial=world.trial, purpose=Purpose.VIEW, participant=event.participant):
        return notes_of(event)[1]


def test_a_therapist_reports_and_leaves_neither_name_nor_words_below(world: World, marcs: Participant) -> None:
    made = events.report(participant=marcs, facts=facts(onset="2026-03"), text=WORDS, by=world.marc)
    held = AdverseEvent.objects.get()
    assert (held.term, held.reported_by) == ("strain", "")
    assert (made.text, made.by) == ("", "")
    note = read(world, held)
    assert (note.text, note.by) == (WORDS, world.marc.id)


def test_a_therapist_of_others_is_told_they_are_not_there(world: World, waiting: Participant) -> None:
    with pytest.raises(NotFound):
        events.report(participant=waiting, facts=facts(), by=world.marc)
    assert not AdverseEvent.objects.exists()


def test_a_session_is_named_only_if_it_is_recorded(world: World, marcs: Participant) -> None:
    with pytest.raises(Problem, match="session that is recorded"):
        events.report(participant=marcs, facts=facts(), by=world.marc, session=3)
    assert not AdverseEvent.objects.exists()


def test_a_refused_event_leaves_no_note(world: World, marcs: Participant) -> None:
    with pytest.raises(Invalid):
        events.report(participant=marcs, facts=facts(serious=True), text=WORDS, by=world.marc)
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        assert not EventNote.objects.exists()


def test_clocks_start_for_what_a_therapist_reports(world: World, marcs: Participant) -> None:
    events.report(participant=marcs, facts=facts(**SERIOUS), by=world.marc)
    assert AdverseEvent.objects.get().clocks.count() == 2


def test_a_death_that_a_therapist_reports_is_the_coordinators_task(world: World, marcs: Participant) -> None:
    died = {"serious": True, "criteria": ("death",), "outcome": "fatal", "action": "stopped"}
    events.report(participant=marcs, facts=facts(**died), text=WORDS, by=world.marc)
    assert [(task.kind, task.about) for task in open_tasks([marcs.site])] == [("died", "")]


def test_therapists_and_physicians_follow_up(world: World, marcs: Participant) -> None:
    event = events.report(participant=marcs, facts=facts(), by=world.marc).event
    events.follow_up(event=event, status=status(), text="Better.", by=world.marc)
    events.follow_up(event=event, status=status(severity="moderate"), by=world.leila)
    assert [each.number for each in EventReport.objects.order_by("number")] == [1, 2, 3]
    assert not any(each.text or each.by for each in EventReport.objects.all())


@pytest.mark.parametrize("field", ["text", "session", "by"])
def test_nobody_reads_the_note_without_an_opening(world: World, marcs: Participant, field: str) -> None:
    events.report(participant=marcs, facts=facts(), text=WORDS, by=world.marc)
    with pytest.raises(DatabaseError):
        list(EventNote.objects.values_list(field, flat=True))


def test_a_second_opinion_stands_behind_the_wall(world: World, marcs: Participant) -> None:
    event = events.report(participant=marcs, facts=facts(), by=world.marc).event
    known = {"event": event, "intervention": "definite", "procedures": "unrelated"}
    with pytest.raises(Invalid, match="why you think so"):
        events.give_second_opinion(**known, text=" ", by=world.leila)
    events.give_second_opinion(**known, text="Load too high.", by=world.leila)
    for other in (world.marc, world.helen, world.elise):
        with pytest.raises(Refused):
            events.give_second_opinion(**known, text="Mine.", by=other)
    assert not event.causalities.exists()
    with unblinded(by=world.leila, trial=world.trial, purpose=Purpose.VIEW, participant=marcs):
        assert [each.text for each in opinions_of(event)] == ["Load too high."]
    with pytest.raises(DatabaseError):
        list(SecondOpinion.objects.values_list("intervention"))


def test_the_trail_names_nobody_behind_the_wall(world: World, marcs: Participant) -> None:
    events.report(participant=marcs, facts=facts(), text=WORDS, by=world.marc)
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor_name, actor_id FROM audit_entry WHERE verb LIKE 'event.%%'")
        rows = cursor.fetchall()
    assert len(rows) == 2
    assert not any(world.marc.name in str(row) or world.marc.id in str(row) for row in rows)
