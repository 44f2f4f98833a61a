"""What is too large is refused by its announced length: no byte of it is read, by no door."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import tokens
from core import clock
from tests import cast as people
from trials.models import Trial

MULTIPART = "multipart/form-data; boundary=x"
TOO_LARGE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
SENTENCE = "This is more than a form can take."


class Untouched:
    """A body that must not be read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


class Small:
    """A body that is read, and shorter than it was said to be."""

    def __init__(self) -> None:
        self.was_read = False

    def read(self, *_size: int) -> bytes:
        self.was_read = True
        return b""

    readline = read


@pytest.fixture
def trial(db: None) -> Any:
    with clock.moved_to(people.MONDAY):
        yield people.make_trial()


def send(client: Client, path: str, length: int | str, body: Any, kind: str = MULTIPART, **headers: str) -> Any:
    extra: dict[str, Any] = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind, "wsgi.input": body}
    return client.generic("POST", path, headers=headers, **extra)


def strict(trial: Trial, who: str | None) -> Client:
    """A client whose forms need their token, as in life."""
    client = Client(enforce_csrf_checks=True)
    if who is not None:
        client.force_login(getattr(people.cast_of(trial), who))
    return client


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (None, "/accounts/login/"),
        (None, "/accounts/password/reset/"),
        (None, "/q/some-key/"),
        (None, reverse("coordinators:home", args=["STRONG-BACK"])),
        ("elise", reverse("monitors:packs", args=["STRONG-BACK"])),
        ("noor", reverse("monitors:packs", args=["STRONG-BACK"])),
        ("samuel", reverse("statisticians:reveal", args=["STRONG-BACK"])),
    ],
)
def test_pages_refuse_it_before_login_token_and_role_are_asked(trial: Trial, who: str | None, path: str) -> None:
    answer = send(strict(trial, who), path, 60_000_000, Untouched())
    assert answer.status_code == 413
    assert SENTENCE in answer.content.decode()


def test_the_limit_is_told_in_the_readers_language(trial: Trial) -> None:
    answer = send(strict(trial, None), "/accounts/login/", TOO_LARGE, Untouched(), **{"Accept-Language": "fr"})
    assert answer.status_code == 413
    assert "un fichier plus petit" in answer.content.decode()


def test_up_to_the_limit_a_body_is_read(trial: Trial) -> None:
    body = Small()
    assert send(Client(), "/accounts/login/", settings.DATA_UPLOAD_MAX_MEMORY_SIZE, body).status_code != 413
    assert body.was_read


@pytest.mark.parametrize(("length", "is_read"), [(6_900_000, True), (7_100_000, False)])
def test_pages_that_take_tables_take_more(trial: Trial, length: int, is_read: bool) -> None:
    path = reverse("statisticians:design", kwargs={"trial": trial.code, "method": "uploaded_table"})
    client, body = Client(), Small()
    client.force_login(people.cast_of(trial).samuel)
    assert (send(client, path, length, body).status_code == 413) is not is_read
    assert body.was_read is is_read


@pytest.mark.parametrize("kind", ["application/json", MULTIPART])
def test_the_api_reads_none_of_it(trial: Trial, kind: str) -> None:
    elise = people.cast_of(trial).elise
    key = tokens.issue(user=elise, purpose="tests", days=1, by=people.actor(elise))[1]
    path = f"/api/v1/trials/{trial.code}/participants/"
    for headers in ({"Authorization": f"Bearer {key}"}, {}):
        answer = send(Client(), path, TOO_LARGE, Untouched(), kind, **headers)
        assert answer.status_code == ((413 if kind == "application/json" else 415) if headers else 401)
        assert set(answer.json()) == {"code", "message", "fields"}


@pytest.mark.parametrize("length", ["", "many", "-1"])
def test_a_body_without_an_announced_length_is_not_read(trial: Trial, length: str) -> None:
    answer = send(strict(trial, None), "/accounts/login/", length, Untouched(), **{"Transfer-Encoding": "chunked"})
    assert answer.status_code == 403
