"""``python -m tests.services.today COUNT``: that many people consent today in STRONG-BACK, by the real verbs."""

import sys
from datetime import timedelta

import django


def noon_zone() -> str:
    """A time zone in which it is about noon now, so that it is neither quiet nor before the morning anywhere."""
    from core import clock

    west = clock.now().hour - 12
    return f"Etc/GMT{west:+d}" if west else "Etc/GMT"


def text_of_today() -> str:
    """The shipped protocol, enrolling from a year ago until in a year."""
    from core import clock
    from tests import cast

    today, year = clock.now().date(), timedelta(days=365)
    text = cast.STRONG_BACK.read_text(encoding="utf-8").replace("America/Toronto", noon_zone())
    for old, new in (("2025-12-01", today - year), ("2028-04-01", today + year), ("2028-08-01", today + 2 * year)):
        assert old in text
        text = text.replace(old, new.isoformat())
    assert "2025-09-18" in text
    return text.replace("2025-09-18", (today - year).isoformat())


def main(count: int) -> None:
    from outcomes.actions import visits
    from reminders.actions.sweep import REMINDERS
    from tests import cast
    from trials.access import system_grant
    from trials.models import Trial

    trial = Trial.objects.first() or cast.make_trial(text_of_today())
    for _person in range(count):
        participant = cast.consented(trial, cast.cast_of(trial))
        visits.lay_out(participant=participant, grant=system_grant(trial, REMINDERS))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
