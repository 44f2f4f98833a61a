"""The copy of a consent: sent once, by the way that was wished, by a link for nothing else."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from audit.models import Change, Entry
from core import clock
from core.problems import Conflict, NotFound, Problem, Refused
from participants.actions import contacts, withdrawal
from participants.consent_copy import copy_of
from participants.models import Consent, Participant
from reminders.actions import consent_copies
from reminders.copy_links import OPENS_FOR
from reminders.models import Message
from reminders.queries import messages_of
from review.actions import locks
from tests import cast
from tests.unit.reminders.steps import run, send
from tests.unit.reminders.world import World

HEALTH = re.compile(r"pain|back|strong|health|disab|therap|exercis|trial|study|arm\b|consent|research", re.IGNORECASE)


def consented(world: World, email: str = "anna@example.org", language: str = "en", **contact: object) -> Consent:
    known = {"name": "Anna", "email": email, "phone": "5145550199", **contact}
    participant = cast.screen_eligible(world.trial, cast.cast_of(world.trial), language=language, contact=known)
    return cast.consent(participant)


def sent(world: World, **changes: str) -> tuple[Consent, str]:
    """A consent whose copy was sent, and the token of its link."""
    consent = consented(world, **changes)
    assert send(consent_copies.send(consent=consent, by=world.by).pk) is not None
    found = re.search(r"/q/(\S+)/copy/", mail.outbox[-1].body)
    assert found
    return consent, found[1]


def test_it_goes_by_mail_once_without_a_word_of_health_and_opens_the_copy(trial_world: World) -> None:
    consent, token = sent(trial_world)
    letter = mail.outbox[0]
    assert letter.to == ["anna@example.org"]
    assert not HEALTH.search(letter.subject + letter.body)
    assert consent.participant.number not in letter.body
    assert consent_copies.open_copy(token) == consent
    with pytest.raises(Conflict) as again:
        consent_copies.send(consent=consent, by=trial_world.by)
    assert again.value.code == "copy.sent"
    run()
    assert [each.subject for each in mail.outbox].count(letter.subject) == 1


def test_in_the_language_of_the_consent_with_each_answer_and_the_words_signed(trial_world: World) -> None:
    consent, _token = sent(trial_world, language="fr")
    assert "Bonjour" in mail.outbox[0].body
    copy = copy_of(consent)
    assert (copy.version, copy.language) == ("1.0", "fr")
    assert copy.title.startswith("Formulaire")
    assert [answer.agreed for answer in copy.answers] == [True] * 4
    assert copy.answers[1].wording.startswith("On peut m'inviter")
    assert copy.explained_by == "Élise Tremblay"
    assert "équipes de recherche" in copy.statement


def test_only_where_mail_is_wished(trial_world: World) -> None:
    wishes = {"": True, "email": True, "phone": False, "post": False}
    for index, (wish, expected) in enumerate(wishes.items()):
        consent = consented(trial_world, f"p{index}@example.org", preferred_channel=wish, phone=f"514555{index:04d}")
        assert (consent_copies.send_if_wished(consent=consent, by=trial_world.by) is not None) == expected, wish
    nowhere = consented(trial_world, "", phone="5145550177")
    assert consent_copies.send_if_wished(consent=nowhere, by=trial_world.by) is None
    with pytest.raises(Problem) as refused:
        consent_copies.send(consent=nowhere, by=trial_world.by)
    assert refused.value.code == "copy.no_address"


def test_the_trail_tells_of_it_and_knows_neither_address_nor_link(trial_world: World) -> None:
    consent, token = sent(trial_world)
    consent_copies.open_copy(token)
    consent_copies.open_copy(token)
    verbs = Entry.objects.filter(subject_id=str(consent.participant_id)).values_list("verb", flat=True)
    assert [verb for verb in verbs.order_by("number") if verb.startswith("message.")] == [
        "message.plan",
        "message.send",
        "message.result",
        "message.open",
    ]
    told = " ".join(str(each) for each in Change.objects.values_list("new", flat=True))
    assert token not in told
    assert "anna@example.org" not in told
    message = messages_of(consent.participant)[0]
    assert (message.state, message.opened_at, message.rule) == ("sent", clock.now(), "consent_copy")


def code_of(token: str) -> str:
    with pytest.raises(NotFound) as caught:
        consent_copies.open_copy(token)
    return caught.value.code


def test_the_link_ends_after_days_with_a_letter_changed_or_with_its_address(trial_world: World) -> None:
    consent, token = sent(trial_world)
    for wrong in ("", "x", token[:-1] + ("A" if token[-1] != "A" else "B"), "." + token, token * 100, "é.1.2:3"):
        assert code_of(wrong) == "link.unknown"
    with clock.moved_to(clock.now() + OPENS_FOR):
        assert code_of(token) == "link.expired"
    with clock.moved_to(clock.now() + OPENS_FOR - timedelta(seconds=1)):
        assert consent_copies.open_copy(token) == consent
    contacts.save(participant=consent.participant, contact={"email": "anne@example.org"}, by=trial_world.by)
    assert code_of(token) == "link.unknown"


def test_a_copy_that_reached_nobody_may_be_sent_again(trial_world: World) -> None:
    consent = consented(trial_world)
    first = consent_copies.send(consent=consent, by=trial_world.by)
    contacts.save(participant=consent.participant, contact={"email": None}, by=trial_world.by)
    send(first.pk)
    first.refresh_from_db()
    assert (first.state, first.reason) == ("stopped", "no_address")
    contacts.save(participant=consent.participant, contact={"email": "anne@example.org"}, by=trial_world.by)
    second = consent_copies.send(consent=consent, by=trial_world.by)
    assert second.number == 2
    send(second.pk)
    assert mail.outbox[-1].to == ["anne@example.org"]


def test_not_to_whoever_asked_not_to_be_contacted_nor_from_a_locked_trial(trial_world: World) -> None:
    leaving, staying = consented(trial_world), consented(trial_world, "otto@example.org", phone="5145550144")
    planned = consent_copies.send(consent=leaving, by=trial_world.by)
    day = clock.today(trial_world.site.time_zone)
    withdrawal.withdraw(
        participant=leaving.participant, scopes=["contact"], reason_code="time", day=day, by=trial_world.by
    )
    send(planned.pk)
    planned.refresh_from_db()
    assert (planned.state, planned.reason) == ("stopped", "withdrawn")
    with pytest.raises(Conflict):
        consent_copies.send(consent=leaving, by=trial_world.by)
    assert mail.outbox == []
    noor = cast.actor(cast.cast_of(trial_world.trial).noor)
    locks.lock_trial(trial=trial_world.trial, reason="The end", by=noor)
    with pytest.raises(Conflict):
        consent_copies.send(consent=staying, by=trial_world.by)


def test_in_a_locked_trial_a_copy_is_read_and_nothing_written(trial_world: World) -> None:
    consent, token = sent(trial_world)
    locks.lock_trial(trial=trial_world.trial, reason="The end", by=cast.actor(cast.cast_of(trial_world.trial).noor))
    before = Entry.objects.count()
    assert consent_copies.open_copy(token) == consent
    assert Entry.objects.count() == before
    assert Message.objects.get().opened_at is None


def test_only_who_records_consents_sends_their_copies(trial_world: World) -> None:
    consent = consented(trial_world)
    with pytest.raises(Refused):
        consent_copies.send(consent=consent, by=cast.actor(cast.cast_of(trial_world.trial).amelie))
    assert Participant.objects.get() == consent.participant
