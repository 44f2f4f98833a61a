"""Extending the list: more places as its next segment, which another person activates."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.problems import Conflict, Problem
from randomization import policies
from randomization.actions import sequences
from randomization.design import LONGEST_LIST, Design, UploadedTable
from trials.queries import protocol_of
from web.forms import Form, NumberField
from web.pages import TrialRequest, page
from web.statisticians.designing import STATISTICIANS, crumbs
from web.statisticians.foresight import places_table
from web.statisticians.room import Room, enter_room
from web.statisticians.table_form import LARGEST_SENT, TableForm
from web.statisticians.words import design_rows


class SlotsForm(Form):
    """How many places there are then. Nothing else of a design can change."""

    slots_per_stratum = NumberField(
        label=gettext_lazy("Places in each stratum, after the extension"),
        help_text=gettext_lazy("The new total. For minimization, the most participants in all."),
        low=1,
        high=LONGEST_LIST,
    )


@page(*STATISTICIANS, methods=("GET", "POST"), largest=LARGEST_SENT)
def extend(request: TrialRequest) -> HttpResponse:
    """Say how long the list is to be, or bring new rows; see the places; prepare the segment."""
    room = enter_room(request.trial, request.actor)
    if request.method != "POST":
        return show(request, room, form_for(request, room, bound=False))
    form = form_for(request, room, bound=True)
    if not form.is_valid():
        return show(request, room, form, 422)
    try:
        return receive(request, room, form)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, room, form, problem.status if problem.status == 409 else 422)


def form_for(request: TrialRequest, room: Room, *, bound: bool) -> Form:
    """A table is extended by a table, any other list by a number."""
    data, files = (request.POST, request.FILES) if bound else (None, None)
    if isinstance(room.design, UploadedTable):
        form = TableForm(protocol_of(request.trial), data, files)
        del form.fields["effect"]
        return form
    return SlotsForm(data)


def receive(request: TrialRequest, room: Room, form: Form) -> HttpResponse:
    """Show the places, or prepare the segment."""
    if not room.segments:
        raise Conflict("sequence.none", _("There is no active list yet. Prepare one first."))
    table = form.read() if isinstance(form, TableForm) else None
    slots = None if table else form.cleaned_data["slots_per_stratum"]
    if request.POST.get("do") == "prepare":
        sequences.extend(trial=request.trial, slots=slots, table=table, by=request.actor)
        messages.success(request, _("The extension is sealed. Another statistician can activate it now."))
        return redirect("statisticians:sequence", trial=request.trial.code)
    designs = [each.design for each in room.segments]
    return show(request, room, form, tried=policies.extended(request.trial, designs, slots, table))


def show(
    request: TrialRequest, room: Room, form: forms.Form, status: int = 200, tried: Design | None = None
) -> HttpResponse:
    """The form with the list as it is, and the places there would be."""
    protocol = protocol_of(request.trial)
    designs = [each.design for each in room.segments]
    context = {
        "form": form,
        "crumbs": crumbs(request),
        "room": room,
        "design_rows": design_rows(room.design, protocol) if room.design else [],
        "now": places_table(protocol, *designs) if designs else None,
        "then": places_table(protocol, *designs, tried) if tried else None,
        "from_table": isinstance(form, TableForm),
    }
    return render(request, "statisticians/extend.html", context, status=status)
