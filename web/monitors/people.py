"""Who works in the trial as what: giving roles and ending them."""

from collections.abc import Iterable
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.dates import date_format
from core.problems import Problem
from trials.access import not_found
from trials.actions import memberships
from trials.models import Membership
from web.components import Crumb, Table, TableCell
from web.forms import Form, ReasonField
from web.monitors.role_form import RoleForm
from web.pages import TrialRequest, page


class EndForm(Form):
    """Why a role ends."""

    reason = ReasonField(
        label=gettext_lazy("Why does this role end?"), help_text=gettext_lazy("It is kept in the audit trail.")
    )


@page(Permission.GRANT_ROLES, methods=("GET", "POST"))
def people(request: TrialRequest) -> HttpResponse:
    """Everybody with their roles; give one more."""
    if request.method != "POST":
        return show(request, RoleForm(request.trial))
    form = RoleForm(request.trial, request.POST)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        held = form.give(by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status if problem.status == 409 else 422)
    messages.success(request, _("%(name)s has the role now.") % {"name": held.user.name})
    return redirect("monitors:people", trial=request.trial.code)


@page(Permission.GRANT_ROLES, methods=("GET", "POST"))
def end(request: TrialRequest, membership: UUID) -> HttpResponse:
    """End a role, with the reason."""
    rows = Membership.objects.select_related("user", "trial", "site")
    held = rows.filter(pk=membership, trial=request.trial, ended_at=None).first()
    if held is None:
        raise not_found()
    form = EndForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show_end(request, held, form, 422 if form.is_bound else 200)
    try:
        memberships.end(membership=held, reason=form.cleaned_data["reason"], by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show_end(request, held, form, problem.status)
    messages.success(request, _("The role of %(name)s has ended.") % {"name": held.user.name})
    return redirect("monitors:people", trial=request.trial.code)


def show(request: TrialRequest, form: RoleForm, status: int = 200) -> HttpResponse:
    """The people, and the form."""
    rows: Iterable[Membership] = Membership.objects.filter(trial=request.trial).select_related("user", "site")
    rows = sorted(rows, key=lambda each: (normalize("NFKD", each.user.name).casefold(), each.granted_at, str(each.pk)))
    context = {
        "form": form,
        "current": current_table(request, [each for each in rows if each.ended_at is None]),
        "ended": ended_table([each for each in rows if each.ended_at is not None]),
    }
    return render(request, "monitors/people.html", context, status=status)


def show_end(request: TrialRequest, held: Membership, form: EndForm, status: int) -> HttpResponse:
    """Whose role ends, and why."""
    context = {
        "form": form,
        "membership": held,
        "crumbs": [Crumb(_("People and roles"), reverse("monitors:people", args=[request.trial.code]))],
    }
    return render(request, "monitors/people_end.html", context, status=status)


def current_table(request: TrialRequest, rows: Iterable[Membership]) -> Table:
    """Who holds which role now."""
    cells = [
        [
            *_who(each),
            TableCell(_day(each.granted_at)),
            TableCell(_("End"), url=reverse("monitors:people_end", args=[request.trial.code, each.pk])),
        ]
        for each in rows
    ]
    return Table(_("Roles now"), [_("Name"), _("Role"), _("Site"), _("Since"), _("Change")], cells)


def ended_table(rows: Iterable[Membership]) -> Table:
    """Roles that ended."""
    cells = [[*_who(each), TableCell(_day(each.ended_at))] for each in rows]
    return Table(_("Roles that ended"), [_("Name"), _("Role"), _("Site"), _("Until")], cells)


def _who(held: Membership) -> list[TableCell]:
    site = held.site.name if held.site else _("All sites")
    return [TableCell(held.user.name), TableCell(held.definition.label), TableCell(site)]


def _day(moment: Any) -> str:
    return date_format(moment, "j F Y") if moment else ""
