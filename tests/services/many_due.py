"""``python -m tests.services.many_due PEOPLE EACH [phone]``: people with appointments tomorrow, to be recalled now.

Prints as JSON which message is about which appointment: {appointment: [address, time as it is written]}. With
``phone`` nobody has an e-mail address.
"""

import json
import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import django

FIRST_HOUR = 8


def main(people: int, each: int, *, by_phone: bool) -> None:
    from django.utils.formats import time_format

    from core import clock
    from participants.actions import appointments
    from tests import cast
    from tests.services.today import noon_zone, text_of_today

    trial = cast.make_trial(text_of_today())
    known = cast.cast_of(trial)
    zone = ZoneInfo(noon_zone())
    tomorrow = clock.now().astimezone(zone).date() + timedelta(days=1)
    booked: dict[str, tuple[str, str]] = {}
    for person in range(people):
        contact = cast.person(person) | ({"email": None} if by_phone else {})
        participant = cast.consented(trial, known, contact=contact)
        address = f"+1514555{person:04d}" if by_phone else f"person{person}@example.org"
        for nth in range(each):
            starts_at = datetime.combine(tomorrow, time(FIRST_HOUR + nth), zone)
            appointment = appointments.book(
                participant=participant,
                purpose="assessment",
                starts_at=starts_at,
                place="reception",
                minutes=30,
                by=cast.actor(known.elise),
            )
            booked[str(appointment.pk)] = address, time_format(starts_at.time(), "TIME_FORMAT")
    print(json.dumps(booked))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), by_phone="phone" in sys.argv)
