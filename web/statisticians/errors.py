"""Errors about allocations, as recorded. They change no slot and no allocation."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import ROLES, Role
from randomization import queries
from randomization.blindfold import Purpose, unblinded
from randomization.models import Erratum
from randomization.queries import ErratumFact
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Action, SummaryRow
from web.pages import TrialRequest, page
from web.statisticians.designing import STATISTICIANS
from web.statisticians.tabs import room_tabs
from web.statisticians.words import factor_names, level_names, names_of, when


@page(*STATISTICIANS)
def errors(request: TrialRequest) -> HttpResponse:
    """Every error, the newest first."""
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.SEQUENCE):
        held = queries.errata(request.trial)
    names, protocol = names_of(each.by for each in held), protocol_of(request.trial)
    context = {
        "tabs": room_tabs(request.trial, "errors"),
        "action": Action(_("Record an error"), reverse("coordinators:allocation_error", args=[request.trial.code])),
        "errata": [
            (each.study_number, Erratum.Kind(each.kind).label, rows_of(each, names, protocol))
            for each in reversed(held)
        ],
    }
    return render(request, "statisticians/errors.html", context)


def rows_of(fact: ErratumFact, names: dict[str, str], protocol: Protocol) -> list[SummaryRow]:
    """One error: what it says, why, and who recorded it."""
    facts = {"name": names.get(fact.by, ""), "role": _role(fact.role), "when": when(fact.at)}
    return [
        *_details(fact, protocol),
        SummaryRow(_("Explanation"), fact.explanation),
        SummaryRow(_("Recorded"), _("%(name)s, %(role)s, %(when)s") % facts),
    ]


def _details(fact: ErratumFact, protocol: Protocol) -> list[SummaryRow]:
    said = fact.details
    match fact.kind:
        case Erratum.Kind.WRONG_STRATUM:
            levels, factor = level_names(protocol), said["factor"]
            name = factor_names(protocol).get(factor, factor)
            used, corrected = (levels.get((factor, said[each]), said[each]) for each in ("used", "corrected"))
            facts = {"factor": name, "used": used, "corrected": corrected}
            words = _("%(factor)s: %(used)s was used, %(corrected)s is right")
            return [SummaryRow(_("Stratum"), words % facts)]
        case Erratum.Kind.DUPLICATE:
            return [SummaryRow(_("The same person as"), said["of"])]
        case Erratum.Kind.WRONG_TREATMENT:
            return [SummaryRow(_("Treatment given"), said["given"])]
    return []


def _role(role: str) -> Any:
    return ROLES[Role(role)].label if role in set(Role) else role
