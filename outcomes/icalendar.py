"""Writes calendar files (RFC 5545). Pure.

Moments are written in UTC, so that no time zone has to be described and none is wrong when clocks change; whole days
are dates without a zone. Lines end with CR LF and are folded at 75 octets, never inside a character.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Armslength//Calendar//EN"


@dataclass(frozen=True)
class Event:
    """One entry: a time (``starts`` and ``ends`` are moments), or a whole day (``starts`` is a date).

    ``uid`` stays that of the thing for good, ``sequence`` counts its changes.
    """

    uid: str
    summary: str
    starts: datetime | date
    ends: datetime | None = None
    sequence: int = 0
    location: str = ""
    description: str = ""
    url: str = ""


def calendar(events: Iterable[Event], *, name: str, at: datetime) -> bytes:
    """A calendar file as it stands at a moment."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *([f"X-WR-CALNAME:{escaped(name)}"] if name else []),
    ]
    for event in events:
        lines += _lines(event, at)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _lines(event: Event, at: datetime) -> list[str]:
    told = [("LOCATION", event.location), ("DESCRIPTION", event.description)]
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{moment(at)}",
        *_when(event),
        f"SEQUENCE:{event.sequence}",
        f"SUMMARY:{escaped(event.summary)}",
        *(f"{key}:{escaped(text)}" for key, text in told if text),
        *([f"URL:{event.url}"] if event.url else []),
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _when(event: Event) -> list[str]:
    if isinstance(event.starts, datetime):
        ends = event.ends or event.starts
        return [f"DTSTART:{moment(event.starts)}", f"DTEND:{moment(ends)}"]
    after = event.starts + timedelta(days=1)
    return [
        f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        "TRANSP:TRANSPARENT",
    ]


def moment(at: datetime) -> str:
    """A moment in UTC: 20260504T140000Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Text as a value: backslash, comma, semicolon and line breaks are written out; other controls go."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in plain if letter >= " " and letter != "\x7f")


def folded(line: str) -> bytes:
    """A line with its end, broken so that none is longer than 75 octets; what follows a break begins with a space."""
    parts, part, room = [], b"", LONGEST_LINE
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", LONGEST_LINE - 1
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
