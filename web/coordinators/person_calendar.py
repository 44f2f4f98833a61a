"""The calendar of one participant: every visit with its window, every appointment; as a page and as a file."""

from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from core import clock
from core.dates import date_format
from outcomes.icalendar import calendar
from outcomes.models import Form, Visit
from outcomes.queries.calendar import Entry, in_order
from participants.models import Appointment, Participant
from participants.queries import appointments_of
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Table, TableCell
from web.coordinators.saving import about, person_of
from web.pages import TrialRequest, page
from web.shared.calendars import as_file, event_of
from web.shared.record_words import day_in_words, link, moment_in_words, name_of_visit, place_name, purpose_name


@page(Permission.BOOK)
def person_calendar(request: TrialRequest, number: str) -> HttpResponse:
    """What was, is and comes, in order of days."""
    participant = person_of(request, number)
    protocol = protocol_of(request.trial)
    standing = _standing(participant)
    rows = [_row(participant, entry, protocol, standing) for entry in entries_of(participant)]
    head = [_("When"), _("What"), _("Where, or until when"), _("State")]
    context = about(
        request,
        participant,
        title=_("Calendar"),
        table=Table(_("Visits and appointments"), head, rows),
        file=link("coordinators:person_calendar_file", trial=request.trial.code, number=participant.number),
    )
    return render(request, "coordinators/person_calendar.html", context)


@page(Permission.BOOK)
def person_calendar_file(request: TrialRequest, number: str) -> HttpResponse:
    """What still comes, for a program that reads calendars: a number, times and places, and no word of what for."""
    participant = person_of(request, number)
    protocol, today = protocol_of(request.trial), clock.today(participant.site.time_zone)
    coming = [each for each in entries_of(participant) if _last_day(each) >= today and _stands(each)]
    events = [event_of(request, request.trial, protocol, each) for each in coming]
    return as_file(calendar(events, name=participant.number, at=clock.now()), "calendar.ics")


def entries_of(participant: Participant) -> list[Entry]:
    """Visits of which blinded people fill something, on their planned day, and all appointments."""
    forms = _known_forms(participant).values("visit")
    visits = Visit.objects.filter(pk__in=forms).order_by("order", "number", "pk")
    found = [Entry(participant, each.target_on, visit=each) for each in visits]
    found += [Entry(participant, each.starts_at, appointment=each) for each in appointments_of(participant)]
    return in_order(found)


def _known_forms(participant: Participant) -> QuerySet[Form]:
    known = ~Q(secrecy=Form.Secrecy.UNBLINDING) & ~Q(state=Form.State.CANCELLED)
    return Form.objects.filter(known, participant=participant).order_by()


def _standing(participant: Participant) -> dict[UUID, str]:
    """How much of each visit is in, in words."""
    complete = Count("pk", filter=Q(state=Form.State.COMPLETE))
    counted = _known_forms(participant).values_list("visit").annotate(done=complete, of=Count("pk"))
    return {
        visit: ngettext("%(done)d of %(count)d form is in", "%(done)d of %(count)d forms are in", count)
        % {"done": done, "count": count}
        for visit, done, count in counted
    }


def _row(participant: Participant, entry: Entry, protocol: Protocol, standing: dict[UUID, str]) -> list[TableCell]:
    if entry.appointment:
        held = entry.appointment
        return [
            TableCell(moment_in_words(held.starts_at, participant.site.time_zone)),
            TableCell(purpose_name(protocol, held.purpose)),
            TableCell(place_name(protocol, participant.site.code, held.place)),
            TableCell(str(held.get_state_display())),
        ]
    assert entry.visit is not None  # noqa: S101 -- an entry is one of the two
    return [
        TableCell(day_in_words(entry.day)),
        TableCell(name_of_visit(protocol, entry.visit)),
        TableCell(_between(entry.visit.opens_on, entry.visit.closes_on)),
        TableCell(standing.get(entry.visit.pk, "")),
    ]


def _between(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "j F Y")
    return _("%(first)s to %(last)s") % {"first": date_format(first, "j F"), "last": date_format(last, "j F Y")}


def _last_day(entry: Entry) -> date:
    return entry.visit.closes_on if entry.visit else entry.day


def _stands(entry: Entry) -> bool:
    return entry.appointment is None or entry.appointment.state == Appointment.State.BOOKED
