"""The open report to the committee that watches over the trial: all arms together, nothing that tells one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.dates import date_format
from outcomes.queries import completeness
from participants.blindness import counts_of_unblindings
from participants.codes import LearnedHow
from participants.models import Unblinding
from reminders.models import Message
from safety.queries import SMALLEST_CELL, tallies
from safety.short_queries import deviation_tallies
from trials.models import Site
from trials.protocol import Protocol
from trials.queries import protocol_of, protocol_version
from web.charts import LineChart, Series
from web.components import SummaryRow, Table, TableCell
from web.event_tables import deviation_table, event_table
from web.monitors.flow_words import steps
from web.monitors.progress import chart as recruitment_chart
from web.monitors.recruitment import curve_of, flow_of
from web.pages import TrialRequest, page
from web.shared.record_words import visit_name
from web.shared.report_tables import (
    Groups,
    baseline_table,
    came_in,
    completeness_table,
    retention,
    retention_table,
)
from web.shared.report_values import randomized_at


@page(Permission.VIEW_PROGRESS)
def open_report(request: TrialRequest) -> HttpResponse:
    """Recruitment, flow, baseline, retention, completeness, reminders and lost blinds, to be read or printed."""
    protocol, sites = protocol_of(request.trial), request.sites
    today = clock.today(request.trial.time_zone)
    together = _("All arms together")
    groups: Groups = {together: randomized_at(sites)}
    audience = {membership.role for membership in request.memberships}
    flow = flow_of(sites, protocol)
    context = {
        "facts": facts_of(request, today),
        "chart": recruitment_chart(curve_of(sites, protocol, today), protocol, flow.randomized),
        "steps": steps(flow, protocol),
        "baseline": baseline_table(groups, protocol, audience),
        "retention_chart": retention_chart(groups, protocol, today),
        "retention": retention_table(groups, protocol, today),
        "completeness": completeness_table(groups, protocol, today, list(completeness(sites, audience, today))),
        "reminders": reminders_table(sites),
        "unblindings": unblindings_table(sites),
        "events": event_table({together: tallies(sites=sites)}, smallest=SMALLEST_CELL),
        "deviations": deviation_table({together: deviation_tallies(sites=sites)}, smallest=SMALLEST_CELL),
    }
    return render(request, "monitors/open_report.html", context)


def facts_of(request: TrialRequest, today: date) -> list[SummaryRow]:
    """Of what, of when."""
    return [
        SummaryRow(_("Trial"), request.trial.title),
        SummaryRow(_("Sites"), ", ".join(site.name for site in request.sites)),
        SummaryRow(_("Protocol version"), str(protocol_version(request.trial).number)),
        SummaryRow(_("Data as of"), date_format(today, "j F Y")),
    ]


def retention_chart(groups: Groups, protocol: Protocol, today: date) -> LineChart:
    """The share that gave the primary outcome, visit by visit; a gap where it is due from nobody yet."""
    found = retention(groups, protocol, today)
    shares = [_percent(*came_in(states[0])) for states in found.values()]
    last = next(
        ((visit, each) for visit, each in zip(reversed(found), reversed(shares), strict=True) if each is not None), None
    )
    says = _("The primary outcome is due from nobody yet.")
    if last is not None:
        facts = {"visit": visit_name(protocol, last[0]), "percent": last[1]}
        says = _("At the latest visit that is due, %(visit)s, %(percent)d %% gave the primary outcome.") % facts
    return LineChart(
        title=_("Retention"),
        says=says,
        axis=_("Visit"),
        labels=[visit_name(protocol, visit) for visit in found],
        series=[Series(_("given, in %"), shares)],
    )


def _percent(complete: int, due: int) -> float | None:
    return round(100 * complete / due) if due else None


def reminders_table(sites: Sequence[Site]) -> Table:
    """How many messages are in each state."""
    rows = Message.objects.filter(site__in=[site.pk for site in sites]).order_by().values_list("state")
    counts: Mapping[str, int] = dict(rows.annotate(Count("pk")))
    return _counts(_("Messages to participants"), _("State"), [(str(s.label), counts.get(s, 0)) for s in Message.State])


def unblindings_table(sites: Sequence[Site]) -> Table:
    """How often somebody blinded came to know an arm, by the way it happened; not which."""
    counts = counts_of_unblindings(sites)
    lost: list[tuple[str, Any]] = [(str(how.label), counts[Unblinding.Kind.ACCIDENTAL, how]) for how in LearnedHow]
    emergencies = sum(count for (kind, _how), count in counts.items() if kind == Unblinding.Kind.EMERGENCY)
    return _counts(_("Unblindings"), _("How"), [*lost, (_("In an emergency"), emergencies)])


def _counts(caption: str, head: str, counts: Sequence[tuple[str, int]]) -> Table:
    rows = [[TableCell(name), TableCell(str(count), number=True)] for name, count in counts]
    return Table(caption, [head, _("Number")], rows)
