"""Calendars: the coming weeks on a page, a file for a program that reads calendars, a participant's own appointment."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from audit.actors import Actor
from core import clock
from core.problems import NotFound
from outcomes.icalendar import CONTENT_TYPE, Event, calendar
from outcomes.queries.calendar import WHOLE, Entry, Span, calendar_of, in_order
from outcomes.schedule import window_in_words
from participants.models import Appointment
from reminders import appointment_links
from trials.access import may, memberships_of, not_found, sites_of
from trials.actions import calendar_links
from trials.models import Trial
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Table, TableCell
from web.pages import TrialRequest, page
from web.shared.record_words import day_in_words, link, moment_in_words, name_of_visit, place_name, purpose_name

NEAR = Span(back=0, ahead=28, most=201)
"""What the page shows: of very many entries the first."""


@page(*calendar_links.READING, methods=("GET", "POST"))
def calendar_page(request: TrialRequest) -> HttpResponse:
    """The coming four weeks, and the link for a program. POST takes `do`: link or off."""
    if request.method == "POST" and request.POST.get("do") == "off":
        calendar_links.revoke(trial=request.trial, by=request.actor)
        messages.success(request, _("The calendar link is switched off."))
        return redirect("calendar", trial=request.trial.code)
    address = ""
    if request.method == "POST":
        token = calendar_links.issue(trial=request.trial, by=request.actor)
        address = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
    entries = entries_of(request.trial, request.actor, NEAR)
    context = {
        "table": entries_table(request, entries[: NEAR.most - 1]),
        "cut": len(entries) >= NEAR.most,
        "held": calendar_links.link_of(trial=request.trial, by=request.actor),
        "address": address,
    }
    return render(request, "shared/calendar.html", context)


def entries_table(request: TrialRequest, entries: Sequence[Entry]) -> Table:
    """One row for an appointment or a visit."""
    protocol = protocol_of(request.trial)
    rows = []
    for entry in entries:
        zone, site = entry.participant.site.time_zone, entry.participant.site.code
        if entry.appointment:
            when = moment_in_words(entry.appointment.starts_at, zone)
            what = purpose_name(protocol, entry.appointment.purpose)
            where = place_name(protocol, site, entry.appointment.place)
        else:
            when, where = day_in_words(entry.day), window_of(entry)
            what = name_of_visit(protocol, entry.visit) if entry.visit else ""
        number = entry.participant.number
        url = link("record", trial=request.trial.code, number=number)
        rows.append([TableCell(when), TableCell(number, url=url), TableCell(what), TableCell(where)])
    head = [_("When"), _("Participant"), _("What"), _("Where, or until when")]
    return Table(_("The next four weeks"), head, rows)


def entries_of(trial: Trial, by: Actor, span: Span = WHOLE) -> list[Entry]:
    """What stands in somebody's calendar now, by the roles they hold now and where they hold them."""
    found: dict[object, Entry] = {}
    for permission in calendar_links.READING:
        if not may(by, permission, trial=trial):
            continue
        sites = sites_of(by, permission, trial)
        roles = {each.role for each in memberships_of(by, trial) if permission in each.definition.permissions}
        books = permission == Permission.BOOK
        for entry in calendar_of(sites, roles, books=books, key=by.id, now=clock.now(), span=span):
            found.setdefault(entry.key, entry)
    return in_order(found.values())


def window_of(entry: Entry) -> str:
    """The window of a visit, in words."""
    if entry.visit is None:
        return ""
    today = clock.today(entry.participant.site.time_zone)
    return window_in_words(entry.visit.opens_on, entry.visit.closes_on, today)


@login_not_required
@require_safe
def feed(request: HttpRequest, feed: str) -> HttpResponse:
    """The calendar of whoever a link belongs to, for their program. The same 404 for every link that opens nothing."""
    try:
        trial, by = calendar_links.open(feed)
    except NotFound:
        return HttpResponse(status=404)
    protocol = protocol_of(trial)
    events = [event_of(request, trial, protocol, entry) for entry in entries_of(trial, by)]
    return as_file(calendar(events, name=trial.code, at=clock.now()), "calendar.ics")


def event_of(request: HttpRequest, trial: Trial, protocol: Protocol, entry: Entry) -> Event:
    """An entry as a program outside sees it: a number, a time, a place; what it is for stands in the record."""
    number = entry.participant.number
    record = request.build_absolute_uri(reverse("record", kwargs={"trial": trial.code, "number": number}))
    uid = f"{entry.key}@{host_of(request)}"
    if entry.appointment:
        held = entry.appointment
        place = place_name(protocol, entry.participant.site.code, held.place)
        summary = _("%(number)s, appointment") % {"number": number}
        return Event(uid, summary, held.starts_at, held.ends_at, held.revision, location=place, url=record)
    summary = _("%(number)s, visit") % {"number": number}
    # How often a visit's row was written may follow from the arm: it counts no changes.
    return Event(uid, summary, entry.day, description=window_of(entry), url=record)


def host_of(request: HttpRequest) -> str:
    """This installation, as keys of calendar entries name it."""
    return request.get_host().partition(":")[0]


@login_not_required
@require_safe
def own_appointment(request: HttpRequest, signed: str) -> HttpResponse:
    """A participant's own appointment as a file, while it lies ahead; it names neither them nor the trial."""
    return as_file(appointment_file(request, appointment_links.appointment_of(signed)), "appointment.ics")


@page(Permission.BOOK)
def appointment_of(request: TrialRequest, number: str, appointment: UUID) -> HttpResponse:
    """The same file for whoever books, to be handed on."""
    rows = Appointment.objects.select_related("participant__site", "participant__trial")
    held = rows.filter(
        pk=appointment, participant__number=number, participant__site__in=[site.pk for site in request.sites]
    ).first()
    if held is None:
        raise not_found()
    return as_file(appointment_file(request, held), "appointment.ics")


def appointment_file(request: HttpRequest, held: Appointment) -> bytes:
    """One appointment in the participant's language."""
    participant = held.participant
    with translation.override(participant.language):
        place = place_name(protocol_of(participant.trial), participant.site.code, held.place)
        event = Event(
            f"{held.pk}@{host_of(request)}", _("Appointment"), held.starts_at, held.ends_at, held.revision, place
        )
        return calendar([event], name="", at=clock.now())


def as_file(content: bytes, name: str) -> HttpResponse:
    """A calendar file that nothing on the way keeps."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
