"""The language of a page: the browser's own choice, else the account's, else what the browser asks for."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from accounts.models import User
from tests import cast as house

PASSWORD = "a long enough passphrase"


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def elise(db: None) -> User:
    """Somebody who works in French."""
    user = house.cast_of(house.make_trial()).elise
    user.language = "fr"
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(browser: Client, user: User) -> str:
    answer = browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True)
    assert ("/", 302) in answer.redirect_chain
    return answer.content.decode()


def switch(browser: Client, language: str) -> None:
    assert browser.post("/language/", {"language": language, "next": "/"}).status_code == 302


def language_of(html: str) -> str:
    found = re.search(r'<html lang="(\w+)"', html)
    assert found
    return found[1]


def test_who_signs_in_reads_the_language_of_the_account(elise: User) -> None:
    browser = Client(headers={"accept-language": "en"})
    assert language_of(browser.get("/accounts/login/").content.decode()) == "en"
    html = sign_in(browser, elise)
    assert language_of(html) == "fr"
    assert "Élise Tremblay" in html
    assert "Successfully signed in" not in html
    assert language_of(browser.get("/", follow=True).content.decode()) == "fr"


def test_a_choice_made_in_this_browser_wins(elise: User) -> None:
    browser = Client(headers={"accept-language": "fr"})
    switch(browser, "en")
    assert language_of(sign_in(browser, elise)) == "en"
    elise.refresh_from_db()
    assert elise.language == "fr"


def test_the_switch_is_kept_with_the_account(elise: User) -> None:
    first = Client()
    sign_in(first, elise)
    switch(first, "en")
    assert language_of(first.get("/", follow=True).content.decode()) == "en"
    elise.refresh_from_db()
    assert elise.language == "en"
    assert language_of(sign_in(Client(headers={"accept-language": "fr"}), elise)) == "en"


def test_a_language_that_is_not_offered_is_not_kept(elise: User) -> None:
    browser = Client()
    sign_in(browser, elise)
    switch(browser, "de")
    elise.refresh_from_db()
    assert elise.language == "fr"
    assert language_of(browser.get("/", follow=True).content.decode()) == "fr"


def test_after_signing_out_the_browser_is_asked_again(elise: User) -> None:
    browser = Client(headers={"accept-language": "en"})
    sign_in(browser, elise)
    browser.post("/accounts/logout/")
    assert language_of(browser.get("/accounts/login/").content.decode()) == "en"


def test_a_visitor_switches_without_an_account(elise: User) -> None:
    browser = Client(headers={"accept-language": "en"})
    switch(browser, "fr")
    assert language_of(browser.get("/accounts/login/").content.decode()) == "fr"


@pytest.mark.parametrize(("language", "word"), [("fr", "mot de passe"), ("en", "password")])
def test_mail_to_staff_is_in_the_language_of_the_account(elise: User, language: str, word: str) -> None:
    elise.language = language
    elise.save()
    asked_in = {"fr": "en", "en": "fr"}[language]
    Client(headers={"accept-language": asked_in}).post("/accounts/password/reset/", {"email": elise.email})
    (letter,) = mail.outbox
    assert letter.to == [elise.email]
    assert word in letter.body.lower()


def test_nobody_elses_language_changes(elise: User) -> None:
    browser = Client()
    sign_in(browser, elise)
    switch(browser, "en")
    assert not User.objects.exclude(pk=elise.pk).exclude(language="en").exists()
