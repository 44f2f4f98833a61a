"""Start, one part's introduction, the other language, and thanks."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from outcomes.models import Form
from trials.queries import protocol_of
from web.instrument_forms.sheets import sheet_of
from web.participants.doors import LinkRequest, by_link, keep_language
from web.participants.forms_of_link import (
    asked_first,
    check_in,
    contact_of_site,
    form_of,
    forms_of,
    last_day,
    minutes_of,
    next_day,
    parts_of,
    way_on,
)
from web.participants.past import past_of


@by_link("GET", "HEAD")
def start(request: LinkRequest, token: str) -> HttpResponse:
    """Who asks, what is due now and how long it takes; a check-in begins with its question at once."""
    parts = parts_of(request.link)
    short = check_in(parts)
    if short is not None:
        return redirect("participants:question", token=token, form=short.form.pk, place=1)
    due = asked_first(parts)
    context = {
        "token": token,
        "parts": parts,
        "first": due[0] if due else None,
        "minutes": sum(part.minutes for part in due),
        "is_begun": any(part.state != "due" for part in parts),
        "closes_on": last_day(request.link),
        "trial_title": protocol_of(request.link.trial).public_title.in_language(get_language() or "en"),
        "site": request.link.participant.site,
        "contact": contact_of_site(request.link),
        "next_day": next_day(request.link),
        "past": None if due else past_of(request.link),
    }
    return render(request, "participants/start.html", context)


@by_link("GET", "HEAD")
def introduce(request: LinkRequest, token: str, form: UUID) -> HttpResponse:
    """What one part is about; a part already begun goes on where it stopped."""
    part = form_of(request.link, form)
    if part.state == Form.State.COMPLETE:
        return render(request, "participants/sent.html", {"token": token, "is_late": "late" in request.GET})
    sheet = sheet_of(part)
    if sheet.is_begun or sheet.is_single:
        return redirect(way_on(token, sheet))
    forms = forms_of(request.link)
    context = {
        "token": token,
        "sheet": sheet,
        "minutes": minutes_of(part, protocol_of(part.trial)),
        "number": forms.index(part) + 1,
        "total": len(forms),
        "first_url": way_on(token, sheet),
    }
    return render(request, "participants/part.html", context)


@by_link("POST")
def choose_language(request: LinkRequest, token: str) -> HttpResponse:
    """The same page in the other language."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = ""
    response = redirect(target) if target else redirect("participants:open", token=token)
    keep_language(request, response, request.POST.get("language", ""))
    return response


@by_link("GET", "HEAD")
def thank(request: LinkRequest, token: str) -> HttpResponse:
    """All is sent: what happens next."""
    due = asked_first(parts_of(request.link))
    if due and due[0].is_required:
        return redirect("participants:open", token=token)
    context = {
        "token": token,
        "offered": due,
        "past": past_of(request.link),
        "next_day": next_day(request.link),
        "contact": contact_of_site(request.link),
    }
    return render(request, "participants/thanks.html", context)
