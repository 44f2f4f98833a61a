"""Calendar files as RFC 5545 writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from outcomes.icalendar import LONGEST_LINE, Event, calendar, escaped, folded, moment

AT = datetime(2026, 5, 4, 14, 0, tzinfo=UTC)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_an_appointment_is_written_whole() -> None:
    event = Event("k@host", "MTL-AB12, appointment", AT, AT.replace(hour=15), 2, "Main reception", url="https://host/x")
    assert unfolded(calendar([event], name="TRIAL", at=AT)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Armslength//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:TRIAL",
        "BEGIN:VEVENT",
        "UID:k@host",
        "DTSTAMP:20260504T140000Z",
        "DTSTART:20260504T140000Z",
        "DTEND:20260504T150000Z",
        "SEQUENCE:2",
        "SUMMARY:MTL-AB12\\, appointment",
        "LOCATION:Main reception",
        "URL:https://host/x",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_whole_day_ends_where_the_next_begins_and_takes_nobodys_time() -> None:
    lines = unfolded(calendar([Event("k@host", "Visit", date(2026, 12, 31))], name="", at=AT))
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "TRANSP:TRANSPARENT" in lines


def test_both_sides_of_a_change_of_clocks_are_the_right_moment() -> None:
    montreal = ZoneInfo("America/Toronto")
    assert moment(datetime(2026, 3, 7, 10, 0, tzinfo=montreal)) == "20260307T150000Z"
    assert moment(datetime(2026, 3, 8, 10, 0, tzinfo=montreal)) == "20260308T140000Z"
    assert moment(datetime(2026, 11, 1, 1, 30, fold=0, tzinfo=montreal)) == "20261101T053000Z"
    assert moment(datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=montreal)) == "20261101T063000Z"


def test_no_text_can_end_its_line() -> None:
    assert escaped("a;b,c\\d\r\nEND:VEVENT\x00") == "a\\;b\\,c\\\\d\\nEND:VEVENT"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_lines_are_folded_at_75_octets_inside_no_character_and_read_back_the_same(text: str) -> None:
    content = folded(text)
    assert content.endswith(b"\r\n")
    parts = content[:-2].split(b"\r\n")
    assert all(len(part) <= LONGEST_LINE for part in parts)
    for part in parts:
        part.decode()
    assert content[:-2].decode().replace("\r\n ", "") == text
