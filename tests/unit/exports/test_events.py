"""Adverse events leave as blinded people know them; words, sessions and opinions behind the wall only by arm."""

from accounts.models import User
from demo.cast import actor
from exports import blinded, unblinded
from participants.actions import withdrawal
from randomization.blindfold import Purpose
from randomization.blindfold import unblinded as opened
from safety.actions import causality
from safety.actions import events as below
from tests.unit.exports.conftest import Story
from tests.unit.exports.world import files_of, row_of, rows_of
from tests.unit.safety.facts import facts, status
from therapy.actions import events
from therapy.models import Assignment

WORDS = "Pulled at the MedX."


def tell(story: Story) -> None:
    """A therapist reports, the coordinator follows up, the investigator and the safety physician judge."""
    world, person = story.world, story.treated
    with opened(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        key = Assignment.objects.get(participant=person, until=None).therapist_id
    by = actor(User.objects.get(pk=key))
    event = events.report(participant=person, facts=facts(onset="2026-03"), text=WORDS, session=1, by=by).event
    below.follow_up(event=event, status=status(severity="severe"), text="By phone.", by=world.elise)
    known = {"intervention": "possible", "procedures": "unrelated"}
    causality.judge(event=event, expected_as="stiffness", by=world.helen, **known)
    events.give_second_opinion(event=event, text="Too heavy.", by=world.leila, **{**known, "intervention": "definite"})


def test_the_blinded_export_has_codes_days_and_the_first_opinion(story: Story) -> None:
    tell(story)
    files = files_of(blinded.export(trial=story.world.trial, by=story.world.noor))
    row = row_of(files, "adverse_events", story.treated.number)
    assert (row["term"], row["onset"], row["aware_on"]) == ("strain", "2026-03", "2026-03-02")
    assert (row["severity"], row["serious"], row["ended"]) == ("severe", "0", "2026-03-02")
    assert (row["intervention"], row["expected_as"], row["list_version"]) == ("possible", "stiffness", "1")
    assert [(each["kind"], each["text"]) for each in rows_of(files, "event_reports")] == [
        ("first", ""),
        ("follow_up", "By phone."),
    ]
    whole = b"".join(files.values())
    for secret in (WORDS, "Too heavy.", "definite,"):
        assert secret.encode() not in whole
    assert not {"event_notes.csv", "second_opinions.csv"} & set(files)


def test_the_export_by_arm_has_what_stands_behind_the_wall(story: Story) -> None:
    tell(story)
    purpose = "The analysis of safety"
    files = files_of(unblinded.export(trial=story.world.trial, by=story.world.samuel, purpose=purpose))
    note = row_of(files, "event_notes", story.treated.number)
    assert (note["event"], note["report"], note["session"], note["text"]) == ("1", "1", "1", WORDS)
    opinion = row_of(files, "second_opinions", story.treated.number)
    assert (opinion["intervention"], opinion["text"]) == ("definite", "Too heavy.")


def test_who_withdrew_their_data_has_no_events_in_it(story: Story) -> None:
    tell(story)
    world = story.world
    day = {"day": story.treated.screened_on, "reason_code": "time"}
    withdrawal.withdraw(participant=story.treated, scopes=["data"], by=world.elise, **day)
    files = files_of(blinded.export(trial=world.trial, by=world.noor))
    assert rows_of(files, "adverse_events") == []
    assert rows_of(files, "event_reports") == []
