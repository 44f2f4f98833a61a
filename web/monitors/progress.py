"""How the trial gets on: recruitment, flow, completeness. Pooled; nothing by arm."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from outcomes.models import Form
from outcomes.queries import completeness
from participants.codes import DeclineReason, WithdrawalReason
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.charts import LineChart, Series
from web.components import Figure, FlowStep, Table, TableCell
from web.monitors.recruitment import Curve, Flow, curve_of, flow_of, primary_visit
from web.pages import TrialRequest, page
from web.shared.record_words import criteria_in_words, instrument_name, visit_name


@page(Permission.VIEW_PROGRESS)
def progress(request: TrialRequest) -> HttpResponse:
    """Recruitment against the target, the flow of participants, and how complete the forms are."""
    protocol = protocol_of(request.trial)
    today = clock.today(request.trial.time_zone)
    flow = flow_of(request.sites, protocol)
    audience = {membership.role for membership in request.memberships}
    context = {
        "figures": [
            Figure(flow.randomized, _("randomized of %(target)d") % {"target": protocol.target}),
            Figure(flow.in_progress, _("on the way to randomization")),
            Figure(flow.assessed, _("assessed")),
        ],
        "chart": chart(curve_of(request.sites, protocol, today), protocol, flow.randomized),
        "steps": steps(flow, protocol),
        "completeness": completeness_table(completeness(request.sites, audience, today), protocol),
        "sites": request.sites,
    }
    return render(request, "monitors/progress.html", context)


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
        labels=[date_format(month, "M Y") for month in curve.months],
        series=[Series(_("randomized"), curve.actual), Series(_("planned"), curve.planned)],
    )


def steps(flow: Flow, protocol: Protocol) -> list[FlowStep]:
    """The boxes of the flow, with why people left."""
    criteria = {code: " ".join(criteria_in_words(protocol, [code])) for code in flow.not_eligible_reasons}
    left = [
        *_group(_("not eligible"), flow.not_eligible, flow.not_eligible_reasons, criteria),
        *_group(_("declined"), flow.declined, flow.declined_reasons, _words(DeclineReason)),
        *_group(_("withdrew before randomization"), flow.left_before, Counter(), {}),
    ]
    waiting = _group(_("still on the way"), flow.in_progress, Counter(), {})
    after = _group(_("withdrew in part or wholly"), flow.withdrawn, flow.withdrawn_reasons, _words(WithdrawalReason))
    return [
        FlowStep(flow.assessed, _("assessed for eligibility"), [*left, *waiting]),
        FlowStep(flow.consented, _("consented")),
        FlowStep(flow.randomized, _("randomized"), after),
        *_primary_step(flow, protocol),
    ]


def _primary_step(flow: Flow, protocol: Protocol) -> list[FlowStep]:
    last = primary_visit(protocol)
    if last is None:
        return []
    states = dict(Form.State.choices)
    others = [(state, count) for state, count in sorted(flow.primary.items()) if state != Form.State.COMPLETE]
    reasons = [_("%(count)d %(state)s") % {"count": count, "state": str(states[s]).lower()} for s, count in others]
    facts = {"form": instrument_name(last[1]), "visit": visit_name(protocol, last[0])}
    label = _("gave the primary outcome (%(form)s, %(visit)s)") % facts
    return [FlowStep(flow.primary[Form.State.COMPLETE], label, reasons)]


def _group(label: str, count: int, reasons: Counter[str], words: dict[str, Any]) -> list[str]:
    """A reason for leaving with its number, and below it the reasons in full."""
    if not count:
        return []
    detail = "; ".join(
        _("%(reason)s: %(count)d") % {"reason": words.get(code) or _("no reason recorded"), "count": number}
        for code, number in reasons.most_common()
    )
    facts = {"count": count, "label": label, "detail": detail}
    return [(_("%(count)d %(label)s (%(detail)s)") if detail else _("%(count)d %(label)s")) % facts]


def _words(choices: Iterable[Any]) -> dict[str, Any]:
    return {each.value: each.label for each in choices}


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
