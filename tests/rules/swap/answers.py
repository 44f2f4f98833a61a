"""What came back, as bytes that can be compared: only named tokens are masked, archives are opened."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

from django.http.response import HttpResponseBase

from tests.rules.swap.worlds import World

CSRF = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*|("X-CSRFToken": ?")[^"]*')
SIGNED_AT = re.compile(r":[0-9A-Za-z]{6}:[0-9A-Za-z_-]{43}$")
"""Time and signature at the end of a signed cookie; what is signed counts."""
REAL_TIME = "Expires"
"""The one header that tells the machine's time: of account pages, which expire at once."""
SECRET_COOKIES = {"csrftoken", "session"}
"""Cookies whose value is a random token; of all others the value counts."""


@dataclass(frozen=True)
class Answer:
    """Status, headers, cookies and body of one answer, the mails it sent, and the lines it logged."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes
    post: tuple[tuple[Any, ...], ...] = ()
    log: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The whole answer as text, line by line."""
        head = [str(self.status), *(f"{name}: {value}" for name, value in self.headers), *self.cookies]
        body = self.body.decode("utf-8", errors="backslashreplace").splitlines()
        return [*head, "", *body, *map(str, self.post), *self.log]


def read(
    response: HttpResponseBase, world: World, post: Sequence[tuple[Any, ...]] = (), log: Sequence[str] = ()
) -> Answer:
    """An answer with its tokens masked."""
    body = _opened(whole_body(response))
    headers = [(name, _masked(value.encode(), world).decode()) for name, value in response.items() if name != REAL_TIME]
    return Answer(
        response.status_code,
        tuple(sorted(headers)),
        tuple(sorted(_cookie(name, held) for name, held in response.cookies.items())),
        _masked(body, world),
        tuple(post),
        tuple(log),
    )


def whole_body(response: Any) -> bytes:
    """The body, streamed or not.

    Read to its end the test client closes the response by itself; closed by hand it would close the connection too.
    """
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return bytes(body)


def _opened(body: bytes) -> bytes:
    """An archive as the names and contents of its members."""
    if not body.startswith(b"PK\x03\x04"):
        return body
    with ZipFile(io.BytesIO(body)) as archive:
        return b"\n".join(b"== " + each.filename.encode() + b"\n" + archive.read(each) for each in archive.infolist())


def _masked(body: bytes, world: World) -> bytes:
    body = CSRF.sub(rb"\1\2<token>", body)
    for commitment in world.commitments:
        body = body.replace(commitment.encode(), b"<commitment>")
    return body


def _cookie(name: str, held: Any) -> str:
    value = "<token>" if name in SECRET_COOKIES else SIGNED_AT.sub("", held.value)
    return f"{name}={value}; " + "; ".join(f"{key}={held[key]}" for key in sorted(held) if key != "expires")
