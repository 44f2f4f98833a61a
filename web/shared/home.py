"""The way in: to the one trial a person works in, and there to the home of their role."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import keeping
from trials.access import memberships_of, not_found
from trials.models import Trial
from web.actors import actor_of
from web.keeping.aside import address_of
from web.pages import enter


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Straight into the trial if there is one, else the list of trials; before that, whatever was typed and not sent.

    POST forgets one of those entries.
    """
    if request.method == "POST":
        return _forget(request)
    actor = actor_of(request)
    if actor.viewing is not None:
        return redirect("trial_home", trial=get_object_or_404(Trial, pk=actor.viewing.trial_id).code)
    waiting = keeping.newest_of(request.user)  # type: ignore[arg-type]
    if waiting and "on" not in request.GET:
        kept = [(each, address_of(each)) for each in waiting]
        return render(request, "shared/kept_list.html", {"rows": kept})
    trials = list(
        Trial.objects.filter(memberships__user_id=actor.id, memberships__ended_at=None).distinct().order_by("code")
    )
    if len(trials) == 1:
        return redirect("trial_home", trial=trials[0].code)
    rows = [(trial, [m.definition.label for m in memberships_of(actor, trial)]) for trial in trials]
    return render(request, "shared/home.html", {"rows": rows})


def _forget(request: HttpRequest) -> HttpResponse:
    try:
        keeping.forget(request.user, UUID(request.POST.get("forget", "")))  # type: ignore[arg-type]
    except ValueError:
        raise not_found() from None
    return redirect("home")


@require_safe
def trial_home(request: HttpRequest, trial: str) -> HttpResponse:
    """To the first page of the person's navigation: their worklist."""
    enter(request, trial)
    nav = request.nav  # type: ignore[attr-defined]
    return redirect(nav[0].url) if nav else render(request, "shared/nothing.html")
