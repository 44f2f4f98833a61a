"""Choosing a blinded role to view as, and stopping. Meanwhile pages are read, and nothing is sent."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from audit.actors import Viewing
from core.problems import Problem
from trials import viewing
from trials.actions import views
from trials.models import Trial
from web import viewing as login
from web.forms import ChoiceField, Form
from web.pages import TrialRequest, page


class ViewForm(Form):
    """As which role, and where that role would work."""

    def __init__(self, trial: Trial, offered: Sequence[Viewing], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {site.code: site for site in trial.sites.order_by("code")}
        roles = dict.fromkeys(Role(each.role) for each in offered)
        keys = {each.site_id for each in offered}
        sites = [(code, site.name) for code, site in self.sites.items() if site.pk in keys]
        everywhere = [("all", _("All sites"))] if None in keys else []
        self.fields["role"] = ChoiceField(label=_("Role"), choices=[(each.value, ROLES[each].label) for each in roles])
        self.fields["site"] = ChoiceField(
            label=_("Site"), help_text=_("Where somebody with this role would work."), choices=[*sites, *everywhere]
        )


@page(Permission.VIEW_AS, methods=("GET", "POST"))
def view_as(request: TrialRequest) -> HttpResponse:
    """Choose a role and a site; from then on every page is that role's."""
    form = ViewForm(request.trial, viewing.offered(request.memberships, request.trial), request.POST or None)
    if request.method != "POST":
        return render(request, "shared/view_as.html", {"form": form})
    if not form.is_valid():
        return render(request, "shared/view_as.html", {"form": form}, status=422)
    entered = form.cleaned_data
    try:
        site = form.sites.get(entered["site"])
        chosen = views.begin(trial=request.trial, role=Role(entered["role"]), site=site, by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return render(request, "shared/view_as.html", {"form": form}, status=422)
    login.keep(request, chosen)
    return redirect("trial_home", trial=request.trial.code)


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Back to one's own work."""
    login.forget(request)
    return redirect("home")
