"""Stops of randomization with their incidents, as those may read them who may see arms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from randomization import queries
from randomization.blindfold import Purpose, unblinded
from randomization.models import Freeze
from web.components import Action, SummaryRow
from web.pages import TrialRequest, page
from web.statisticians.designing import STATISTICIANS
from web.statisticians.tabs import room_tabs
from web.statisticians.words import names_of, when, who_and_when


@page(*STATISTICIANS)
def stops(request: TrialRequest) -> HttpResponse:
    """Every stop: why, by whom, how it was resolved."""
    with unblinded(by=request.actor, trial=request.trial, purpose=Purpose.SEQUENCE):
        held = queries.freezes_of(request.trial)
    names = names_of(key for each in held for key in (each.frozen_by, each.lifted_by))
    frozen = any(each.lifted_at is None for each in held)
    label = _("Resume randomization") if frozen else _("Stop randomization")
    context = {
        "tabs": room_tabs(request.trial, "stops"),
        "stops": [(when(each.frozen_at), rows_of(each, names)) for each in reversed(held)],
        "frozen": frozen,
        "action": Action(label, reverse("coordinators:stop", args=[request.trial.code])),
    }
    return render(request, "statisticians/stops.html", context)


def rows_of(held: Freeze, names: dict[str, str]) -> list[SummaryRow]:
    """One incident record."""
    rows = [
        SummaryRow(_("Stopped by"), names.get(held.frozen_by, "")),
        SummaryRow(_("What happened"), held.incident),
    ]
    if held.lifted_at is None:
        return [*rows, SummaryRow(_("Resolved"), _("not yet: nobody can be randomized"))]
    return [
        *rows,
        SummaryRow(_("How it was resolved"), held.resolution),
        who_and_when(_("Resumed"), names.get(held.lifted_by, ""), held.lifted_at),
    ]
