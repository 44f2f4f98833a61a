"""The way in: to the one trial a person works in, and there to the home of their role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from trials.access import memberships_of
from trials.models import Trial
from web.actors import actor_of
from web.pages import enter


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Straight into the trial if there is one, else the list of trials."""
    trials = list(
        Trial.objects.filter(memberships__user_id=actor_of(request).id, memberships__ended_at=None)
        .distinct()
        .order_by("code")
    )
    if len(trials) == 1:
        return redirect("trial_home", trial=trials[0].code)
    actor = actor_of(request)
    rows = [(trial, [m.definition.label for m in memberships_of(actor, trial)]) for trial in trials]
    return render(request, "shared/home.html", {"rows": rows})


@require_safe
def trial_home(request: HttpRequest, trial: str) -> HttpResponse:
    """To the first page of the person's navigation: their worklist."""
    enter(request, trial)
    nav = request.nav  # type: ignore[attr-defined]
    return redirect(nav[0].url) if nav else render(request, "shared/nothing.html")
