"""Pages of the demo only: entering as one of the cast, and the post that was not sent."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from demo.cast import CAST, user_of
from demo.outbox import read_outbox
from trials.access import not_found


@login_not_required
@require_POST
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Log in as a member of the cast without a password; the rest is as at any sign-in."""
    if key not in {person.key for person in CAST}:
        raise not_found()
    get_adapter().login(request, user_of(key))
    return redirect("home")


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, with links that can be opened."""
    return render(request, "demo/outbox.html", {"mails": read_outbox(limit=60)})
