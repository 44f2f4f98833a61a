"""What a blinded reader sees of the trail, and what not."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

import pytest

from accounts.roles import ROLES
from audit.actors import Actor, ActorKind, Grant, Origin
from audit.acts import act
from audit.classes import FieldClass
from audit.models import Change, Entry
from audit.queries import OPEN_VERBS, Audience, entries_for, older_than, shown, shown_in_chunks
from core import clock
from participants.models import Participant
from tests import cast as people
from web.monitors.trail import VERBS
from web.shared.trail_readers import blinded_audience

AUDIENCE = blinded_audience(None)
"""As the pages have it."""
BLIND = Audience(frozenset({"therapist", "statistician"}), frozenset({"therapy"}))
SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


@pytest.fixture
def participant(db: None) -> Iterator[Participant]:
    with clock.moved_to(people.MONDAY):
        trial = people.make_trial()
        yield people.screen_eligible(trial, people.cast_of(trial))


def note(participant: Participant, verb: str, role: str, **options: Any) -> None:
    """An act of somebody in a role that changes nothing."""
    kind = ActorKind.SYSTEM if role == "system" else ActorKind.PERSON
    actor = Actor(kind, options.pop("id", str(uuid5(SPACE, role))), options.pop("name", "Marc Roy"), Origin.WEB)
    grant = Grant(actor, role, participant.trial_id, options.pop("site", participant.site_id))
    notes = options.pop("notes", {})
    with act(verb, grant=grant, subject=participant, **options) as a:
        a.note(**notes)


def verbs(participant: Participant, audience: Audience = BLIND, **wanted: Any) -> list[str]:
    return [each.verb for each in entries_for(audience, participant.trial_id, **wanted)]


def test_what_unblinds_is_not_there(participant: Participant) -> None:
    note(participant, "session.record", "therapist", secrecy=FieldClass.UNBLINDING)
    assert "session.record" not in verbs(participant)


def test_other_acts_of_unblinded_roles_and_of_the_session_log_are_not_there(participant: Participant) -> None:
    note(participant, "appointment.book", "therapist")
    note(participant, "milestone.hand_down", "system", id="therapy", name="Session log")
    note(participant, "message.send", "system", id="sweep", name="Reminders")
    found = verbs(participant)
    assert "message.send" in found
    assert {"appointment.book", "milestone.hand_down"}.isdisjoint(found)


def test_randomizing_is_told_without_who_did_it(participant: Participant) -> None:
    note(participant, "participant.randomize", "therapist", reason="Marc says hello")
    entry = shown(list(entries_for(BLIND, participant.trial_id, verb="participant.randomize")), BLIND)[0]
    assert (entry.who, entry.reason, entry.role, entry.subject) == ("", "", "therapist", participant.number)


UNBLINDING = sorted(role.value for role, definition in ROLES.items() if definition.unblinding)
WORDS = "She came from the machines"


@pytest.mark.parametrize("role", UNBLINDING)
def test_nothing_that_somebody_unblinded_typed_is_told(participant: Participant, role: str) -> None:
    """Whatever they do: in an act that everybody may know of, in any other, in one with notes."""
    for verb in [*sorted(VERBS), "something.new"]:
        note(participant, verb, role, reason=WORDS, notes={"why": WORDS})
    told = shown(list(entries_for(AUDIENCE, participant.trial_id)), AUDIENCE)
    theirs = [each for each in told if each.role == role]
    assert {each.verb for each in theirs} == OPEN_VERBS
    assert WORDS not in repr(told)
    assert all((each.who, each.facts) == ("", {}) for each in theirs)


def test_identifying_values_are_masked_and_others_shown(participant: Participant) -> None:
    entry = shown(list(entries_for(BLIND, participant.trial_id, verb="participants.screen")), BLIND)[0]
    fields = {change.field: change for change in entry.changes}
    assert fields["name"].masked
    assert fields["name"].new is None
    assert fields["preferred_channel"].new == "email"
    whole = repr(shown(list(entries_for(BLIND, participant.trial_id)), BLIND))
    assert "person0@example.org" not in whole
    assert "Camille Bouchard" not in whole


def test_concealed_values_are_masked(participant: Participant) -> None:
    note(participant, "response.submit", "coordinator")
    entry = Entry.objects.get(verb="response.submit")
    secret = {"field_class": FieldClass.CONCEALED, "new": "sealed:AAAA", "table": "outcomes_response", "record_id": "x"}
    Change.objects.create(entry_id=entry.pk, order=0, field="answers.lsiq_1", **secret)
    change = shown([entry], BLIND)[0].changes[0]
    assert (change.masked, change.old, change.new) == (True, None, None)


def test_keys_of_other_records_are_left_out(participant: Participant) -> None:
    entry = shown(list(entries_for(BLIND, participant.trial_id, verb="participants.screen")), BLIND)[0]
    assert "trial" not in {change.field for change in entry.changes}
    assert str(participant.site_id) not in repr(entry)


def test_no_hash_and_no_place_in_the_chain(participant: Participant) -> None:
    entry = shown(list(entries_for(BLIND, participant.trial_id)), BLIND)[0]
    assert not {"hash", "number", "previous_hash", "chain", "id"} & set(vars(entry))


def test_filters_and_sites(participant: Participant) -> None:
    note(participant, "task.close", "coordinator")
    assert verbs(participant, verb="task.close") == ["task.close"]
    assert "task.close" in verbs(participant, subject_id=participant.pk)
    assert "membership.grant" not in verbs(participant, subject_id=participant.pk)
    assert verbs(participant, since=clock.now(), before=clock.now()) == []
    elsewhere = Audience(BLIND.unblinded_roles, sites=(uuid5(SPACE, "elsewhere"),))
    assert verbs(participant, elsewhere) == []
    here = Audience(BLIND.unblinded_roles, sites=(participant.site_id,))
    assert "task.close" in verbs(participant, here)
    assert "protocol.load" not in verbs(participant, here)


def test_pages_go_on_from_an_entry(participant: Participant) -> None:
    found = entries_for(BLIND, participant.trial_id)
    every = list(found)
    assert list(older_than(found, every[1].pk)) == every[2:]
    assert [each.verb for each in shown_in_chunks(found, BLIND)] == [each.verb for each in every]
