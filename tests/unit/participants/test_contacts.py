"""Identifiers: ciphertext under the participant's own key, read by few, and every reading noted."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from audit import chain
from audit.actors import Actor, ActorKind, Origin
from audit.models import Change, Entry
from core import blindfold, clock, encryption
from core.encryption import WrongKey
from core.problems import Conflict, Invalid, Problem, Refused
from participants import identifiers
from participants.actions import contacts
from participants.details import Details, comparable, read_details
from participants.encrypted import read, seal
from participants.models import Contact, ContactAttempt, IdentifierHash, IdentifierKey, Participant
from participants.queries import (
    attempts_of,
    contact_of,
    delivery_address,
    participants_named,
    participants_reached_at,
)
from tests.cast import Cast, actor, person, screen_eligible
from trials.access import system_grant
from trials.actions import memberships
from trials.models import Trial

SYSTEM = Actor(ActorKind.SYSTEM, "sweep", "Reminders", Origin.TASK)


def save(participant: Participant, cast: Cast, contact: dict[str, Any], **changes: Any) -> Contact:
    return contacts.save(participant=participant, contact=contact, by=actor(cast.elise), **changes)


def everything_stored() -> str:
    """Every value of every table, as a dump of the database would show it."""
    found: list[str] = []
    with blindfold.lifted(), connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("participants_", "audit_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [str(bytes(v) if isinstance(v, memoryview) else v) for row in cursor.fetchall() for v in row]
    return "\n".join(found)


def test_identifiers_are_nowhere_in_the_database_in_clear(eligible: Participant, cast: Cast) -> None:
    details = contact_of(eligible, actor(cast.elise))
    assert details == Details(**person(0))
    dump = everything_stored()
    assert eligible.number in dump
    for secret in ("Camille", "Bouchard", "person0", "5145550000", str(person(0)["date_of_birth"])):
        assert secret not in dump


def test_a_wrong_key_raises_and_never_shows_ciphertext(
    eligible: Participant, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption.Keyring, "key", lambda self, purpose: b"x" * 32)
    with pytest.raises(WrongKey):
        contact_of(eligible, actor(cast.elise))


def test_ciphertext_moved_to_another_row_or_field_cannot_be_read(trial: Trial, cast: Cast) -> None:
    contact = screen_eligible(trial, cast).contact
    key = identifiers.key_of(contact.participant)
    with pytest.raises(WrongKey):
        read(contact.email, key=key, record=contact, field="name")
    with pytest.raises(WrongKey):
        read(contact.email, key=key, record=Contact(), field="email")


def test_an_empty_text_is_not_nothing(eligible: Participant, cast: Cast) -> None:
    save(eligible, cast, {"address": "", "phone": None})
    details = contact_of(eligible, actor(cast.elise))
    assert (details.address, details.phone) == ("", None)


def test_plain_text_cannot_reach_a_sealed_column() -> None:
    with pytest.raises(TypeError, match="ciphertext"):
        Contact(name="Camille").clean_fields(exclude=["participant"])
    assert seal(None, key=b"k" * 32, record=Contact(), field="name") is None


def test_erasing_the_key_makes_the_person_unreadable_and_leaves_the_chain_valid(
    eligible: Participant, cast: Cast, trial: Trial
) -> None:
    IdentifierKey.objects.filter(participant=eligible).delete()
    with pytest.raises(Problem, match="erased"):
        contact_of(eligible, actor(cast.elise))
    with pytest.raises(Problem, match="erased"):
        save(eligible, cast, {"phone": "5145559999"})
    assert chain.verify(str(trial.pk)) is None
    assert not Change.objects.filter(field="wrapped").exists()


def test_reading_is_noted_once_a_day_for_each_person(eligible: Participant, cast: Cast) -> None:
    def readings() -> int:
        return Entry.objects.filter(verb="contact.read", subject_id=str(eligible.pk)).count()

    for _again in range(3):
        contact_of(eligible, actor(cast.elise))
    assert readings() == 1
    clock.advance(timedelta(days=1))
    contact_of(eligible, actor(cast.elise))
    assert readings() == 2


def test_only_those_who_may_see_contact_details_do(eligible: Participant, cast: Cast) -> None:
    for other in (cast.amelie, cast.marc, cast.helen, cast.tomas, cast.noor, cast.samuel):
        with pytest.raises(Refused):
            contact_of(eligible, actor(other))
        with pytest.raises(Refused):
            participants_named(eligible.trial, "Camille Bouchard", actor(other))


def test_somebody_is_found_by_the_exact_name_however_typed(eligible: Participant, cast: Cast) -> None:
    assert participants_named(eligible.trial, "bouchard, CAMILLE", actor(cast.elise)) == [eligible]
    assert participants_named(eligible.trial, "Camille", actor(cast.elise)) == []
    assert Entry.objects.filter(verb="contact.read", subject_id=str(eligible.pk)).count() == 1


@pytest.mark.parametrize("known", ["email", "phone"])
def test_who_is_found_by_address_or_phone_is_noted_as_read(eligible: Participant, cast: Cast, known: str) -> None:
    def readings() -> int:
        return Entry.objects.filter(verb="contact.read", subject_id=str(eligible.pk)).count()

    ways = Details(**{known: person(0)[known]})
    for other in (cast.amelie, cast.marc, cast.helen, cast.tomas, cast.noor, cast.samuel):
        with pytest.raises(Refused):
            participants_reached_at(eligible.trial, ways, actor(other))
    stranger = Details(**{known: person(1)[known]})
    assert participants_reached_at(eligible.trial, stranger, actor(cast.elise)) == []
    assert readings() == 0
    assert participants_reached_at(eligible.trial, ways, actor(cast.elise)) == [eligible]
    assert readings() == 1


def test_only_what_differs_is_sealed_anew_and_hashes_follow(eligible: Participant, cast: Cast) -> None:
    before = Contact.objects.get()
    save(eligible, cast, {**person(0), "email": "new@example.org"})
    after = Contact.objects.get()
    assert (before.name, before.phone) == (after.name, after.phone)
    assert before.email != after.email
    hashes = identifiers.hashes_of(eligible.trial_id, Details(email="new@example.org"))
    assert IdentifierHash.objects.get(kind="email").value == hashes["email"]


def test_saving_somebody_elses_address_is_warned_of(trial: Trial, cast: Cast, eligible: Participant) -> None:
    other = screen_eligible(trial, cast)
    with pytest.raises(Conflict, match=eligible.number):
        save(other, cast, {"email": "Person0@example.org"})
    save(other, cast, {"email": "person0@example.org"}, confirmed_not_duplicate=True, reason="A couple")


def test_mistyped_details_are_told_all_at_once(eligible: Participant, cast: Cast) -> None:
    wrong = {
        "email": "nobody",
        "phone": "12",
        "date_of_birth": "2031-01-01",
        "name": "x" * 300,
        "preferred_channel": "owl",
        "shoe": "44",
        "address": "1 rue X\x00",
    }
    with pytest.raises(Invalid) as caught:
        save(eligible, cast, wrong)
    assert {problem.field for problem in caught.value.problems} == set(wrong)


def test_messages_find_the_address_of_their_channel(eligible: Participant, cast: Cast, trial: Trial) -> None:
    grant = system_grant(trial, SYSTEM)
    assert delivery_address(eligible, "email", grant) == "person0@example.org"
    save(eligible, cast, {"phone": ""})
    assert delivery_address(eligible, "sms", grant) is None


def test_an_attempt_is_logged_with_codes_and_a_sealed_note(eligible: Participant, cast: Cast) -> None:
    attempt = contacts.log_attempt(
        participant=eligible,
        channel="phone",
        outcome="no_answer",
        note="Her son Zacharie answered",
        by=actor(cast.elise),
    )
    held = ContactAttempt.objects.get(pk=attempt.pk)
    assert (held.by_unblinded, held.at) == (False, clock.now())
    assert read(held.note, key=identifiers.key_of(eligible), record=held, field="note") == "Her son Zacharie answered"
    assert "Zacharie" not in everything_stored()
    for change in ({"channel": "owl"}, {"outcome": "maybe"}, {"at": clock.now() + timedelta(hours=1)}):
        with pytest.raises(Problem):
            contacts.log_attempt(
                **{"participant": eligible, "channel": "phone", "outcome": "reached", "by": actor(cast.elise), **change}
            )


def test_comparable_details_ignore_how_they_are_typed() -> None:
    one = Details(name="Noémie Côté", email="N@Example.org", phone="+1 514 555-0101", date_of_birth=date(1990, 1, 2))
    two = Details(name="COTE, noemie", email="n@example.org", phone="(514) 5550101", date_of_birth=date(1990, 1, 2))
    assert comparable(one) == comparable(two)
    assert comparable(Details(name="", email="", phone="")) == {}


def test_details_are_read_as_typed() -> None:
    found = read_details({"name": "  Léa   Roy ", "date_of_birth": "1990-05-03", "phone": None}, date(2026, 3, 2))
    assert found == {"name": "Léa Roy", "date_of_birth": date(1990, 5, 3), "phone": None}


def test_a_note_of_somebody_who_may_know_the_arm_is_shown_to_nobody_blinded(
    eligible: Participant, cast: Cast, trial: Trial
) -> None:
    unblinded = User.objects.create_user("unblinded@example.org", "Una Blinn")
    role = Role.UNBLINDED_COORDINATOR
    memberships.grant(user=unblinded, trial=trial, role=role, by=actor(cast.noor))
    known: dict[str, Any] = {"participant": eligible, "channel": "phone", "outcome": "reached"}
    contacts.log_attempt(**known, note="Likes the new group", by=actor(unblinded))
    clock.advance(timedelta(minutes=5))
    contacts.log_attempt(**known, note="Call at noon", by=actor(cast.elise))
    assert [note for _attempt, note in attempts_of(eligible, actor(cast.elise))] == ["Call at noon", None]
    assert [n for _a, n in attempts_of(eligible, actor(unblinded))] == ["Call at noon", "Likes the new group"]
    with pytest.raises(Refused):
        attempts_of(eligible, actor(cast.amelie))
