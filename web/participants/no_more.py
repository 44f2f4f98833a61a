"""No more messages, please: one page, one button, by the link in any message. Looking changes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.problems import Problem
from reminders import opt_out_links
from reminders.actions import opting_out
from web.participants.doors import chosen_language, turned_away


# The token is all that counts: no session and no cookie takes part, and mail programs press the button by themselves
# (RFC 8058), without a form of ours.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def no_more(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, then stop the messages. Says neither who somebody is nor what the messages are about."""
    try:
        participant = opt_out_links.message_of(token).participant
        with translation.override(chosen_language(request) or participant.language):
            done = opting_out.by_link(token) if request.method == "POST" else opting_out.current(participant)
            response = render(request, "participants/no_more.html", {"done": done})
    except Problem as problem:
        with translation.override(chosen_language(request) or translation.get_language()):
            response = turned_away(request, problem)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
