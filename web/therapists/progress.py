"""One participant's progress: how much was done, and each exercise over time, with the numbers behind each line."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.numbers import to_places
from participants.queries import participant_by_number
from therapy.dose import label_of
from therapy.progress import Progress, progress_of
from therapy.volume import Day, by_muscle, by_week, course_of
from trials.protocol.programmes import Exercise
from web.charts import LineChart, Series
from web.components import Crumb, SummaryRow, Table, TableCell
from web.pages import TrialRequest, page
from web.therapists.participants import home_crumb
from web.therapists.words import UNITS, load_in_words, number_in_words, shown


@page(Permission.LOG_SESSION)
def progress(request: TrialRequest, number: str) -> HttpResponse:
    """Adherence by stated rules, pain, and the load and volume of one exercise or all in a table."""
    found = participant_by_number(request.trial, number, request.sites)
    told = progress_of(found, request.actor)
    there = reverse("therapists:participant", args=[request.trial.code, found.number])
    chosen = told.exercises.get(request.GET.get("exercise", "")) or next(iter(told.exercises.values()), None)
    context = {
        "crumbs": [home_crumb(request), Crumb(found.number, there)],
        "title": _("Progress of %(number)s") % {"number": found.number},
        "lead": shown(told.programme.label),
        "rows": adherence_rows(told),
        "pain": pain_chart(told),
        "exercises": [(code, label_of(each), chosen and code == chosen.code) for code, each in told.exercises.items()],
        "charts": exercise_charts(told, chosen) if chosen else [],
        "tables": [each for each in (decisions_table(told), weeks_table(told), muscles_table(told)) if each.rows],
        "back": there,
    }
    return render(request, "therapists/progress.html", context)


def adherence_rows(told: Progress) -> list[SummaryRow]:
    """How much of the programme was done, each with its rule."""
    found = told.adherence
    minutes = _("%(minutes)s min in %(count)s sessions") % {"minutes": found.minutes, "count": found.timed}
    first = None if found.days_to_first is None else str(found.days_to_first)
    return [
        SummaryRow(_("Attended, of all sessions of the programme"), of_planned(found.attended, found.planned)),
        SummaryRow(_("Done in full, of all sessions of the programme"), of_planned(found.done, found.planned)),
        SummaryRow(_("Attended within the weeks of the programme"), of_planned(found.within_window, found.planned)),
        SummaryRow(_("Weeks with all sessions"), of_planned(found.full_weeks, len(found.weeks))),
        SummaryRow(_("Time"), minutes),
        SummaryRow(_("Days from randomization to the first session"), first),
    ]


def of_planned(count: int, planned: int) -> str:
    facts = {"count": count, "planned": planned, "percent": to_places(100 * count / planned, 1)}
    return _("%(count)s of %(planned)s (%(percent)s %%)") % facts


def pain_chart(told: Progress) -> LineChart | None:
    """Pain before, during and after every session held; None before the first."""
    held = [session for session, _day in told.sessions if session.attended]
    if not held:
        return None
    names = ((_("before"), "pain_before"), (_("worst"), "pain_during"), (_("after"), "pain_after"))
    series = [Series(name, [getattr(session, field) for session in held]) for name, field in names]
    rated = [session.pain_before for session in held if session.pain_before is not None]
    facts = {"first": rated[0] if rated else "–", "last": rated[-1] if rated else "–"}
    says = _("Pain before the session: %(first)s at first, %(last)s at last, of 10.") % facts
    return LineChart(_("Pain in the sessions"), says, _("Session"), [str(each.number) for each in held], series)


def exercise_charts(told: Progress, exercise: Exercise) -> list[LineChart]:
    """The heaviest load and the amount of one exercise over the sessions."""
    days = course_of(told.rows)[exercise.code]
    name, unit = label_of(exercise), str(UNITS[exercise.load_unit])
    charts = []
    if any(day.top_load is not None for day in days):
        title = _("%(exercise)s: heaviest load, %(unit)s") % {"exercise": name, "unit": unit}
        charts.append(chart_of(title, _("load"), days, [day.top_load for day in days]))
    loads = [day.amount.load for day in days]
    if any(load is not None for load in loads):
        title = _("%(exercise)s: volume, sets × reps × load, %(unit)s") % {"exercise": name, "unit": unit}
        return [*charts, chart_of(title, _("volume"), days, loads)]
    if exercise.reps is not None:
        title = _("%(exercise)s: repetitions in all") % {"exercise": name}
        return [*charts, chart_of(title, _("reps"), days, [day.amount.reps for day in days])]
    title = _("%(exercise)s: seconds in all") % {"exercise": name}
    return [*charts, chart_of(title, _("seconds"), days, [day.amount.seconds for day in days])]


def chart_of(title: str, name: str, days: list[Day], values: list[float | None]) -> LineChart:
    """One line with its first, highest and last value in words."""
    given = [value for value in values if value is not None] or [0]
    ends = (given[0], max(given), given[-1])
    facts = dict(zip(("first", "most", "last"), (number_in_words(end) for end in ends), strict=True))
    says = _("%(first)s at first, %(most)s at most, %(last)s at last.") % facts
    return LineChart(title, says, _("Session"), [str(day.session) for day in days], [Series(name, values)])


def decisions_table(told: Progress) -> Table:
    """What the rule suggested each time, what was decided and why."""
    known = told.exercises
    rows = [
        [
            TableCell(str(row.session.number)),
            TableCell(label_of(known[row.exercise])),
            TableCell(load_in_words(row.suggested or 0, known[row.exercise].load_unit)),
            TableCell(row.get_decision_display()),
            TableCell(row.get_why_code_display() or "–"),
        ]
        for row in told.decisions
        if row.exercise in known
    ]
    head = [_("Session"), _("Exercise"), _("Suggested by the rule"), _("Decision"), _("Why not taken")]
    return Table(_("Decisions on progression"), head, rows)


def weeks_table(told: Progress) -> Table:
    """Sessions attended and volume in each week of the programme."""
    volumes = by_week(told.rows, told.randomized_on)
    rows = [
        [
            TableCell(str(week)),
            TableCell(str(count), number=True),
            TableCell(amounts_in_words(volumes.get(week, {}))),
        ]
        for week, count in enumerate(told.adherence.weeks, start=1)
        if count or week in volumes
    ]
    return Table(_("By week"), [_("Week"), _("Sessions attended"), _("Volume")], rows)


def muscles_table(told: Progress) -> Table:
    """Sets and volume of each muscle group; an exercise counts in full for each of its groups."""
    rows = []
    for muscle, found in by_muscle(told.rows).items():
        volume = {unit: value for unit, value in found.items() if unit != "sets"}
        cells = [TableCell(muscle.replace("_", " ")), TableCell(number_in_words(found["sets"]), number=True)]
        rows.append([*cells, TableCell(amounts_in_words(volume))])
    return Table(_("By muscle group"), [_("Muscle group"), _("Sets"), _("Volume")], rows)


def amounts_in_words(volumes: dict[str, float]) -> str:
    """Volumes in their units, never added to one another."""
    return "; ".join(load_in_words(round(value, 2), unit) for unit, value in volumes.items()) or "–"
