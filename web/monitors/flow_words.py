"""The flow of participants in words that agree with their number, in French as in English."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import npgettext_lazy

from outcomes.models import Form
from participants.codes import DeclineReason, WithdrawalReason
from trials.protocol import Protocol
from web.components import FlowStep
from web.monitors.recruitment import Flow, primary_visit
from web.shared.record_words import criteria_in_words, instrument_name, visit_name

BOXES: Mapping[str, Any] = {
    "assessed": npgettext_lazy("of participants", "assessed for eligibility", "assessed for eligibility"),
    "consented": npgettext_lazy("of participants", "consented", "consented"),
    "randomized": npgettext_lazy("of participants", "randomized", "randomized"),
}
LEFT: Mapping[str, Any] = {
    "not_eligible": npgettext_lazy("of participants", "%(count)d not eligible", "%(count)d not eligible", "count"),
    "declined": npgettext_lazy("of participants", "%(count)d declined", "%(count)d declined", "count"),
    "left_before": npgettext_lazy(
        "of participants", "%(count)d withdrew before randomization", "%(count)d withdrew before randomization", "count"
    ),
    "in_progress": npgettext_lazy(
        "of participants", "%(count)d still on the way", "%(count)d still on the way", "count"
    ),
    "withdrawn": npgettext_lazy(
        "of participants", "%(count)d withdrew in part or wholly", "%(count)d withdrew in part or wholly", "count"
    ),
}
PRIMARY: Mapping[str, Any] = {
    Form.State.OPEN: npgettext_lazy("of forms", "%(count)d still open", "%(count)d still open", "count"),
    Form.State.STARTED: npgettext_lazy("of forms", "%(count)d started", "%(count)d started", "count"),
    Form.State.MISSED: npgettext_lazy("of forms", "%(count)d missed", "%(count)d missed", "count"),
    Form.State.CANCELLED: npgettext_lazy("of forms", "%(count)d not needed", "%(count)d not needed", "count"),
}
GAVE = npgettext_lazy(
    "of participants",
    "gave the primary outcome (%(form)s, %(visit)s)",
    "gave the primary outcome (%(form)s, %(visit)s)",
    "count",
)


def steps(flow: Flow, protocol: Protocol) -> list[FlowStep]:
    """The boxes of the flow, with why people left."""
    criteria = {code: " ".join(criteria_in_words(protocol, [code])) for code in flow.not_eligible_reasons}
    left = [
        *_group("not_eligible", flow.not_eligible, flow.not_eligible_reasons, criteria),
        *_group("declined", flow.declined, flow.declined_reasons, _words(DeclineReason)),
        *_group("left_before", flow.left_before),
        *_group("in_progress", flow.in_progress),
    ]
    after = _group("withdrawn", flow.withdrawn, flow.withdrawn_reasons, _words(WithdrawalReason))
    return [
        FlowStep(flow.assessed, BOXES["assessed"] % flow.assessed, left),
        FlowStep(flow.consented, BOXES["consented"] % flow.consented),
        FlowStep(flow.randomized, BOXES["randomized"] % flow.randomized, after),
        *_primary_step(flow, protocol),
    ]


def _primary_step(flow: Flow, protocol: Protocol) -> list[FlowStep]:
    last = primary_visit(protocol)
    if last is None:
        return []
    reasons = [words % {"count": flow.primary[state]} for state, words in PRIMARY.items() if flow.primary[state]]
    given = flow.primary[Form.State.COMPLETE]
    facts = {"form": instrument_name(last[1]), "visit": visit_name(protocol, last[0]), "count": given}
    return [FlowStep(given, GAVE % facts, reasons)]


def _group(
    kind: str, count: int, reasons: Counter[str] | None = None, words: Mapping[str, Any] | None = None
) -> list[str]:
    """A reason for leaving with its number, and below it the reasons in full."""
    if not count:
        return []
    group = LEFT[kind] % {"count": count}
    if not reasons:
        return [group]
    detail = "; ".join(
        _("%(reason)s: %(count)d") % {"reason": (words or {}).get(code) or _("no reason recorded"), "count": number}
        for code, number in sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    )
    return [_("%(group)s (%(detail)s)") % {"group": group, "detail": detail}]


def _words(choices: Iterable[Any]) -> dict[str, Any]:
    return {each.value: each.label for each in choices}
