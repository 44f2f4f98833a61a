"""By which way a message leaves: the protocol's channel where there is a gateway and a number, else e-mail."""

from datetime import date

import pytest
from django.core import mail

from participants.actions import contacts
from reminders import texting
from reminders.actions import sweep as sweeping
from reminders.models import Message
from tests.unit.reminders.steps import go_to, outbox_of, run, token_in
from tests.unit.reminders.world import World

State = Message.State
TEXTS: list[tuple[str, str]] = []


def keep(number: str, text: str) -> None:
    TEXTS.append((number, text))


@pytest.fixture
def gateway(settings):  # type: ignore[no-untyped-def]
    settings.SMS_SINK = f"{__name__}.keep"
    TEXTS.clear()
    return TEXTS


def until_the_third(trial_world: World, phone: str = "514 555 0123", email: str | None = None) -> None:
    """Somebody leaves two e-mails about a weekly rating unanswered; the protocol's third is a text message."""
    anna = trial_world.person(phone=phone, email=email)
    trial_world.randomize(anna, date(2026, 4, 27))
    for day in ("04", "05", "06"):
        go_to(f"2026-05-{day}T11:00")
        run()


def test_after_two_unanswered_mails_a_text_message_opens_the_same_questions(
    trial_world: World, gateway: list[tuple[str, str]]
) -> None:
    until_the_third(trial_world)
    assert [each.channel for each in outbox_of("weekly_pain")] == ["email", "email", "sms"]
    ((number, text),) = gateway
    assert number == "+15145550123"
    assert text.startswith("Some questions are still waiting for you: http")
    assert token_in(text)
    assert "\n" not in text
    assert outbox_of("weekly_pain")[-1].state == State.SENT


def test_who_has_no_number_gets_an_e_mail_and_the_row_says_so(
    trial_world: World, gateway: list[tuple[str, str]]
) -> None:
    until_the_third(trial_world, phone="")
    assert [each.channel for each in outbox_of("weekly_pain")] == ["email"] * 3
    assert gateway == []


def test_who_has_no_e_mail_address_gets_text_messages(trial_world: World, gateway: list[tuple[str, str]]) -> None:
    until_the_third(trial_world, email="")
    assert {each.channel for each in Message.objects.all()} == {"sms"}
    assert mail.outbox == []
    assert len(gateway) == Message.objects.count()


def test_without_a_gateway_everything_goes_by_e_mail(trial_world: World) -> None:
    until_the_third(trial_world)
    assert [each.channel for each in outbox_of("weekly_pain")] == ["email"] * 3


def test_a_number_corrected_before_sending_is_the_one_written_to(
    trial_world: World, gateway: list[tuple[str, str]]
) -> None:
    anna = trial_world.person(phone="514 555 0123", email="")
    sweeping.sweep(by=sweeping.REMINDERS, hand_over=lambda key: None)
    contacts.save(participant=anna, contact={"phone": "514 555 0999"}, by=trial_world.by, reason="Moved")
    run()
    assert [number for number, _text in gateway] == ["+15145550999"]


def test_a_number_that_cannot_be_one_comes_back_to_the_staff(trial_world: World, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SMS_SINK = f"{__name__}.keep"
    settings.SMS_COUNTRY_CODE = "15145"
    TEXTS.clear()
    trial_world.person(phone="514 555 0123 99", email="")
    run()
    message = Message.objects.get()
    assert (message.state, message.reason) == (State.BOUNCED, Message.Reason.ADDRESS)
    assert TEXTS == []


@pytest.mark.parametrize(
    ("typed", "country", "full"),
    [
        ("514 555 0123", "1", "+15145550123"),
        ("1 (514) 555-0123", "1", "+15145550123"),
        ("+33 6 12 34 56 78", "1", "+33612345678"),
        ("06 12 34 56 78", "33", "+33612345678"),
        ("0033 6 12 34 56 78", "1", "+33612345678"),
        ("123456", "1", None),
        ("+1234567890123456", "1", None),
    ],
)
def test_numbers_are_made_international(typed: str, country: str, full: str | None) -> None:
    assert texting.international(typed, country) == full
