"""Which message is due when: on the local calendar, never at night, never too often."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders import plan
from reminders.plan import Span
from trials.protocol.reminders import Reminder

ZONE = "America/Toronto"
NIGHT = {"start": "20:00", "end": "08:00"}


def rule(*send: dict, at_most: int = 3, quiet: dict | None = None, channels: tuple[str, ...] = ("email",)) -> Reminder:
    about = {"appointments": ["mri"]} if "before_appointment" in send[0] else {"visits": ["week16"]}
    return Reminder.model_validate(
        {
            "code": "rule",
            "to": "participant",
            "about": about,
            "send": list(send),
            "channels": list(channels),
            "at_most": at_most,
            "quiet_hours": quiet or NIGHT,
        }
    )


def window(opens: str, closes: str, zone: str = ZONE) -> Span:
    return Span(zone, opens_on=date.fromisoformat(opens), closes_on=date.fromisoformat(closes))


def at(local: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(moment: datetime, zone: str = ZONE) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def test_messages_stand_on_their_days_in_the_morning() -> None:
    three = rule({"after_opening": 0}, {"after_opening": 2}, {"before_closing": 1})
    found = plan.schedule(three, window("2026-05-03", "2026-05-10"))
    assert [(each.number, local(each.at)) for each in found] == [
        (1, "2026-05-03 09:00"),
        (2, "2026-05-05 09:00"),
        (3, "2026-05-09 09:00"),
    ]


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        ({"start": "20:00", "end": "08:00"}, "09:00"),
        ({"start": "20:00", "end": "10:30"}, "10:30"),
        ({"start": "08:00", "end": "12:00"}, "12:00"),
        ({"start": "08:30", "end": "06:00"}, "06:00"),
        ({"start": "12:00", "end": "14:00"}, "09:00"),
        ({"start": "22:00", "end": "09:00"}, "09:00"),
    ],
)
def test_a_quiet_morning_moves_the_message_to_the_end_of_the_quiet_hours(quiet: dict, expected: str) -> None:
    (only,) = plan.schedule(rule({"after_opening": 0}, quiet=quiet), window("2026-05-03", "2026-05-03"))
    assert local(only.at) == f"2026-05-03 {expected}"


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        ("2026-03-07", "2026-03-07T14:00"),  # the day before the clocks go forward in Toronto
        ("2026-03-08", "2026-03-08T13:00"),
        ("2026-10-31", "2026-10-31T13:00"),
        ("2026-11-01", "2026-11-01T14:00"),  # the day they go back
    ],
)
def test_nine_o_clock_stays_nine_o_clock_over_both_daylight_saving_changes(day: str, utc: str) -> None:
    (only,) = plan.schedule(rule({"after_opening": 0}), window(day, day))
    assert only.at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-03-08 01:00", "2026-03-08 03:30"),  # 02:30 does not exist that night
        ("2026-03-07 23:00", "2026-03-08 03:30"),
        ("2026-10-31 23:00", "2026-11-01 02:30"),
        ("2026-05-03 12:00", "2026-05-03 12:00"),
    ],
)
def test_quiet_hours_end_even_when_daylight_saving_skips_their_end(moment: str, until: str) -> None:
    quiet = rule({"after_opening": 0}, quiet={"start": "22:00", "end": "02:30"}).quiet_hours
    assert local(plan.quiet_until(quiet, at(moment), ZONE)) == until


def test_an_hour_that_passes_twice_is_quiet_twice() -> None:
    quiet = rule({"after_opening": 0}, quiet={"start": "22:00", "end": "01:30"}).quiet_hours
    second_quarter_past_one = datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
    assert plan.is_quiet(quiet, second_quarter_past_one, ZONE)
    assert plan.quiet_until(quiet, second_quarter_past_one, ZONE) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


TWICE = rule({"after_opening": 0}, {"after_opening": 2}, at_most=2, channels=("email", "sms"))
WEEK = window("2026-05-03", "2026-05-10")


@pytest.mark.parametrize(
    ("now", "used", "expected"),
    [
        ("2026-05-03 08:59", {}, None),
        ("2026-05-03 09:00", {}, (1, "email")),
        ("2026-05-03 21:00", {}, None),  # quiet
        ("2026-05-03 10:00", {1: "2026-05-03 09:00"}, None),
        ("2026-05-05 09:00", {1: "2026-05-03 09:00"}, (2, "sms")),
        ("2026-05-05 09:00", {1: "2026-05-05 08:30"}, None),  # never two on one day
        ("2026-05-09 09:00", {}, (2, "sms")),  # after a pause only the latest
        ("2026-05-09 09:00", {2: "2026-05-05 09:00"}, None),  # the first was overtaken
        ("2026-05-09 09:00", {1: "2026-05-03 09:00", 2: "2026-05-05 09:00"}, None),
        ("2026-05-10 19:59", {}, (2, "sms")),
        ("2026-05-11 09:00", {}, None),  # the window closed
    ],
)
def test_which_message_is_due_now(now: str, used: dict, expected: tuple[int, str] | None) -> None:
    found = plan.due(TWICE, WEEK, {number: at(when) for number, when in used.items()}, now=at(now))
    assert (found and (found.number, found.channel)) == expected


def test_days_outside_the_window_make_no_message_and_the_one_before_is_the_last() -> None:
    far = rule({"after_opening": 0}, {"after_opening": 9}, {"before_closing": 4})
    short = window("2026-05-03", "2026-05-05")
    assert [each.number for each in plan.schedule(far, short)] == [1]
    assert plan.is_last(far, short, 1)
    assert not plan.is_last(far, window("2026-05-03", "2026-05-20"), 1)


def test_after_closing_is_sent_while_late_answers_are_taken() -> None:
    after = rule({"before_closing": 0}, {"after_closing": 1})
    late = Span(ZONE, date(2026, 5, 3), date(2026, 5, 10), answers_until=date(2026, 5, 17))
    for now, expected in (("2026-05-11 09:00", 2), ("2026-05-17 19:59", 2), ("2026-05-18 09:00", None)):
        found = plan.due(after, late, {1: at("2026-05-10 09:00")}, now=at(now))
        assert (found and found.number) == expected
    assert plan.due(after, WEEK, {1: at("2026-05-10 09:00")}, now=at("2026-05-11 09:00")) is None


def test_before_an_appointment_on_the_local_day_and_never_once_it_began() -> None:
    before = rule({"before_appointment": 2}, {"before_appointment": 0})
    # Half past ten in the evening in Toronto is already the next day in UTC.
    visit = Span(ZONE, starts_at=at("2026-05-07 22:30"))
    assert [local(each.at) for each in plan.schedule(before, visit)] == ["2026-05-05 09:00", "2026-05-07 09:00"]
    early = Span(ZONE, starts_at=at("2026-05-07 08:30"))
    assert [each.number for each in plan.schedule(before, early)] == [1]
    assert plan.due(before, early, {}, now=at("2026-05-07 08:29")) is not None
    assert plan.due(before, early, {}, now=at("2026-05-07 08:30")) is None


def test_asked_again_when_the_window_has_moved() -> None:
    assert plan.may_still_leave(TWICE, WEEK, 2, now=at("2026-05-09 09:00"))
    assert not plan.may_still_leave(TWICE, window("2026-05-03", "2026-05-08"), 2, now=at("2026-05-09 09:00"))


clock_times = st.times().map(lambda each: each.strftime("%H:%M"))
quiets = st.tuples(clock_times, clock_times).filter(lambda pair: pair[0] != pair[1])
moments = st.sampled_from(["after_opening", "before_closing", "after_closing"])
sends = st.lists(st.tuples(moments, st.integers(0, 30)).map(lambda pair: {pair[0]: pair[1]}), min_size=1, max_size=6)
zones = st.sampled_from(["America/Toronto", "Europe/Brussels", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(sends, st.integers(1, 6), quiets, zones, days, st.integers(0, 30))
def test_swept_every_hour_nobody_hears_too_often_at_night_or_twice_a_day(
    send: list[dict], at_most: int, quiet: tuple[str, str], zone: str, opens: date, length: int
) -> None:
    reminder = rule(*send, at_most=at_most, quiet={"start": quiet[0], "end": quiet[1]})
    span = Span(
        zone, opens_on=opens, closes_on=opens + timedelta(days=length), answers_until=opens + timedelta(days=length + 7)
    )
    used: dict[int, datetime] = {}
    now = datetime.combine(opens, datetime.min.time(), UTC) - timedelta(days=1)
    for _hour in range(24 * 20):
        found = plan.due(reminder, span, used, now=now)
        if found:
            assert found.number not in used
            assert not plan.is_quiet(reminder.quiet_hours, now, zone)
            assert found.at <= now < found.until
            used[found.number] = now
        now += timedelta(hours=1)
    assert len(used) <= at_most
    on = [moment.astimezone(ZoneInfo(zone)).date() for moment in used.values()]
    assert len(on) == len(set(on))


minutes = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(quiets, zones, minutes)
def test_quiet_hours_always_end(quiet: tuple[str, str], zone: str, moment: datetime) -> None:
    hours = rule({"after_opening": 0}, quiet={"start": quiet[0], "end": quiet[1]}).quiet_hours
    until = plan.quiet_until(hours, moment, zone)
    assert until >= moment
    assert not plan.is_quiet(hours, until, zone)


EARLY_AND_LATE = rule({"after_opening": 0}, {"after_opening": 1}, {"before_closing": 1})


def elsewhere(zone: str) -> Span:
    return Span(ZONE, opens_on=date(2026, 5, 3), closes_on=date(2026, 5, 10), own_zone=zone)


@pytest.mark.parametrize(
    ("zone", "leaves"),
    [
        ("", "2026-05-03T13:00Z"),
        ("America/Vancouver", "2026-05-03T16:00Z"),
        ("Europe/Paris", "2026-05-03T07:00Z"),
        # When the site's day begins it is four in the afternoon there, and no longer morning.
        ("Pacific/Auckland", "2026-05-03T04:00Z"),
        # And six in the evening here.
        ("Pacific/Kiritimati", "2026-05-03T04:00Z"),
    ],
)
def test_a_message_leaves_in_the_receivers_morning_and_never_before_the_sites_day(zone: str, leaves: str) -> None:
    first = plan.schedule(EARLY_AND_LATE, elsewhere(zone))[0]
    assert first.at == datetime.fromisoformat(leaves)
    assert first.day == date(2026, 5, 3)


def test_it_is_quiet_by_the_receivers_clock_also_over_a_change_to_summer_time() -> None:
    # In Paris clocks go forward on 29 March 2026: nine o'clock comes an hour earlier in UTC.
    span = Span(ZONE, opens_on=date(2026, 3, 28), closes_on=date(2026, 4, 10), own_zone="Europe/Paris")
    moments = [each.at for each in plan.schedule(EARLY_AND_LATE, span)]
    assert moments[0] == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert moments[1] == datetime(2026, 3, 29, 7, tzinfo=UTC)
    night = datetime(2026, 3, 29, 18, 30, tzinfo=UTC)
    assert plan.due(EARLY_AND_LATE, span, {1: moments[0]}, now=night) is None
    assert plan.due(EARLY_AND_LATE, Span(ZONE, span.opens_on, span.closes_on), {1: moments[0]}, now=night) is not None
