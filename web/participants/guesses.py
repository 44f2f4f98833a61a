"""The participant's guess, where the protocol asks: after everything of the visit is sent, once."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from outcomes.actions import links
from outcomes.models import Link
from outcomes.queries import guess_waits
from trials.queries import protocol_of
from web import guess_form
from web.participants.doors import LinkRequest, by_link


@by_link("GET", "HEAD", "POST")
def guess(request: LinkRequest, token: str) -> HttpResponse:
    """Guess, or say why not; then thanks."""
    visit, by = request.link.visit, links.actor_of(request.link)
    if not waits(request.link):
        return redirect("participants:thanks", token=token)
    skipping = request.POST.get("step") == "skip"
    data = request.POST if request.method == "POST" else None
    label = _("Which programme do you believe you are in?")
    asked = guess_form.GuessForm(protocol_of(visit.trial), label, None if skipping else data)
    skip = guess_form.SkipForm(data if skipping else None)
    if data is not None and guess_form.keep(visit, by, asked, skip, skipping=skipping):
        return redirect("participants:thanks", token=token)
    status = 200 if data is None else 422
    return render(request, "participants/guess.html", {"token": token, "form": asked, "skip": skip}, status=status)


def waits(link: Link) -> bool:
    """Whether the participant of a link is to guess now."""
    return guess_waits(link.visit, links.actor_of(link))
