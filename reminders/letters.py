"""What messages say: no health words, no arm, no trial name, in the person's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from audit.actors import Grant
from core import clock
from outcomes.actions import links
from outcomes.models import Link, Visit
from participants.models import Appointment, Consent, Participant
from reminders import appointment_links, copy_links, opt_out_links
from reminders.models import Message
from trials.protocol import Protocol
from trials.protocol.design import Place


@dataclass(frozen=True)
class Letter:
    """Subject, body and headers of a mail; ``text`` is the same as a text message. ``link`` opens the questions."""

    subject: str
    body: str
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    link: Link | None = None


def compose(message: Message, protocol: Protocol, grant: Grant) -> Letter:
    """The text of a message, as of now. For a visit it issues a fresh link: call it inside an act."""
    participant = message.participant
    no_more = {"no_more": opt_out_links.link_for(message)}
    with translation.override(participant.language):
        if message.consent is not None:
            link = copy_links.link_for(message, participant)
            return _render("consent", _about_consent(message.consent, protocol) | {"link": link} | no_more)
        if message.appointment is not None:
            return _render("appointment", _about_appointment(message.appointment, participant, protocol) | no_more)
        assert message.visit is not None  # noqa: S101 -- a message is about one of the two
        issued, token = links.issue(participant=participant, visit=message.visit, grant=grant)
        about = _about_visit(message, message.visit, protocol) | {"link": link_address(token)}
        return replace(_render("questions", about | no_more), link=issued)


PARTS = ("subject", "body", "sms")


def link_address(token: str) -> str:
    """The address that opens a participant's questions."""
    return settings.BASE_URL.rstrip("/") + reverse("participants:open", kwargs={"token": token})


def _render(name: str, context: dict[str, object]) -> Letter:
    subject, body, text = (render_to_string(f"messages/{name}_{part}.txt", context) for part in PARTS)
    # RFC 8058: mail programs offer the same button, and press it by a POST.
    headers = {
        "List-Unsubscribe": f"<{context['no_more']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return Letter(" ".join(subject.split()), body.strip() + "\n", " ".join(text.split()), headers)


def _about_visit(message: Message, visit: Visit, protocol: Protocol) -> dict[str, object]:
    forms = [form for form in protocol.forms_of(visit.code) if form.filled_by == "participant"]
    today = clock.today(message.site.time_zone)
    return {
        "first": message.number == 1,
        "minutes": sum(form.minutes or 0 for form in forms),
        "closes_on": visit.closes_on if today <= visit.closes_on else None,
        "phone": _phone(protocol, message.participant),
    }


def _about_consent(consent: Consent, protocol: Protocol) -> dict[str, object]:
    zone = consent.participant.site.time_zone
    return {
        "signed_on": consent.day,
        "until": clock.day_of(copy_links.expiry(), zone),
        "phone": _phone(protocol, consent.participant),
    }


def _about_appointment(appointment: Appointment, participant: Participant, protocol: Protocol) -> dict[str, object]:
    place = _place(protocol, participant, appointment.place)
    return {
        "starts": appointment.starts_at.astimezone(ZoneInfo(participant.site.time_zone)),
        "place": place.label.in_language(participant.language) if place else "",
        "address": place.address if place and place.address else "",
        "file": appointment_links.link_for(appointment),
        "phone": _phone(protocol, participant),
    }


def _place(protocol: Protocol, participant: Participant, code: str) -> Place | None:
    return next((place for place in protocol.site(participant.site.code).places if place.code == code), None)


def _phone(protocol: Protocol, participant: Participant) -> str:
    """Whom to call. Names and mail addresses of study teams tend to tell the trial, and so its subject."""
    person = protocol.site(participant.site.code).contact
    return (person.phone or "") if person else ""
