"""How the trial gets on: recruitment, flow, completeness. Pooled; nothing by arm."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from accounts.permissions import Permission
from core import clock
from core.dates import date_format
from outcomes.models import Form
from outcomes.queries import completeness
from participants.blindness import counts_of_unblindings
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.charts import LineChart, Series
from web.components import Figure, Table, TableCell
from web.event_words import overdue_notice
from web.monitors.flow_words import steps
from web.monitors.recruitment import Curve, curve_of, flow_of
from web.pages import TrialRequest, page
from web.shared.record_words import instrument_name, visit_name
from web.shared.unblinding_words import counts_table


@page(Permission.VIEW_PROGRESS)
def progress(request: TrialRequest) -> HttpResponse:
    """Recruitment against the target, the flow of participants, and how complete the forms are."""
    protocol = protocol_of(request.trial)
    today = clock.today(request.trial.time_zone)
    flow = flow_of(request.sites, protocol)
    audience = {membership.role for membership in request.memberships}
    context = {
        "overdue": overdue_notice(request.sites),
        "figures": [
            Figure(flow.randomized, randomized_of(flow.randomized, protocol.target)),
            Figure(flow.in_progress, _("on the way to randomization")),
            Figure(flow.assessed, npgettext("of participants", "assessed", "assessed", flow.assessed)),
        ],
        "chart": chart(curve_of(request.sites, protocol, today), protocol, flow.randomized),
        "steps": steps(flow, protocol),
        "completeness": completeness_table(completeness(request.sites, audience, today), protocol),
        "unblindings": counts_table(counts_of_unblindings(request.sites)),
        "sites": request.sites,
    }
    return render(request, "monitors/progress.html", context)


def randomized_of(count: int, target: int) -> str:
    """What stands below the number of those randomized."""
    words = npgettext("of participants", "randomized of %(target)d", "randomized of %(target)d", count)
    return words % {"target": target}


def chart(curve: Curve, protocol: Protocol, randomized: int) -> LineChart:
    """Randomized so far against the straight line to the target."""
    planned = next(
        (p for p, a in zip(reversed(curve.planned), reversed(curve.actual), strict=True) if a is not None), 0
    )
    says = _("%(randomized)d randomized; by the end of this month %(planned)d were planned, of %(target)d in all.")
    return LineChart(
        title=_("Recruitment"),
        says=says % {"randomized": randomized, "planned": round(planned or 0), "target": protocol.target},
        axis=_("Month"),
        labels=[date_format(month, pgettext("month and year", "M Y")) for month in curve.months],
        series=[Series(_("randomized"), curve.actual), Series(_("planned"), curve.planned)],
    )


def completeness_table(counts: dict[tuple[str, str], dict[str, int]], protocol: Protocol) -> Table:
    """Forms by visits: how many came in, of those that have opened and are needed."""
    cells = {key: _came_in(states) for key, states in counts.items()}
    visits = [
        visit.code
        for visit in protocol.visits
        if any(code == visit.code and text for (code, _form), text in cells.items())
    ]
    rows = [
        [TableCell(instrument_name(form)), *(TableCell(cells.get((visit, form), ""), number=True) for visit in visits)]
        for form in protocol.instruments
        if any(cells.get((visit, form)) for visit in visits)
    ]
    head = [_("Form"), *(visit_name(protocol, visit) for visit in visits)]
    return Table(_("Forms that came in, of those that have opened"), head, rows)


def _came_in(states: dict[str, int]) -> str:
    due = sum(count for state, count in states.items() if state != Form.State.CANCELLED)
    complete = states.get(Form.State.COMPLETE, 0)
    return _("%(complete)d of %(due)d") % {"complete": complete, "due": due} if due else ""
