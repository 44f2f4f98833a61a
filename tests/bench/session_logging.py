"""What it costs to log a session: the page laid out, and a session done as planned saved through it."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from core import clock
from tests.bench import report
from tests.bench.world import World
from therapy import queries
from therapy.queries import Case

TIMES = 9
THERAPISTS = ("marc", "priya")


def measure(world: World) -> None:
    """The median of opening and of saving, in seconds, with the load of one exercise as it stood."""
    opened, saved = [], []
    for key, case in _waiting(world):
        client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
        client.force_login(world.company.people[key])
        number = case.treated.participant.number
        path = reverse("therapists:session", args=[world.company.trial.code, number, case.next_number])
        pages: list[Any] = []
        opened.append(report.seconds_of(lambda c=client, p=path, to=pages: to.append(c.get(p))))  # type: ignore[misc]
        data = _as_planned(pages[0].content.decode(), case.zone)
        saved.append(report.seconds_of(lambda c=client, p=path, d=data, to=pages: to.append(c.post(p, d))))  # type: ignore[misc]
        if pages[1].status_code != 302:
            report.not_run(f"session of {number}", f"{path} answered {pages[1].status_code}")
            saved.pop()
    if saved:
        report.line("a session", "open", "save", "seconds")
        both = report.median_of(opened), report.median_of(saved)
        report.line("done as planned", *(report.milliseconds(each) for each in both), f"{sum(both):.2f}")


def _waiting(world: World) -> list[tuple[str, Case]]:
    """Whose next session can be logged."""
    trial = world.company.trial
    found = [(key, case) for key in THERAPISTS for case in queries.caseload_of(world.by(key), trial)]
    return [(key, case) for key, case in found if case.next_number is not None and not case.withdrew][:TIMES]


def _as_planned(html: str, zone: str) -> dict[str, str]:
    """The page as a browser sends it: every exercise as planned, two ratings, held now."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "radio" not in tag and "checkbox" not in tag and name[1] != "csrfmiddlewaretoken":
            data[name[1]] = value[1] if value else ""
    for name in re.findall(r'name="([a-z0-9_]+-status)"', html):
        data[name] = "as_planned"
    for name in re.findall(r'<select name="([a-z0-9_]+-why)"', html):
        data[name] = "other"
    now = localtime(clock.now(), ZoneInfo(zone))
    moment = {"held_on_day": f"{now:%d}", "held_on_month": f"{now:%m}", "held_on_year": f"{now:%Y}"}
    rated = {"pain_before": "4", "pain_after": "3", "events_noted": "no", "status": "done"}
    return {**data, **moment, **rated, "held_time": f"{now:%H:%M}", "close_confirmed": "on", "step": "save"}
