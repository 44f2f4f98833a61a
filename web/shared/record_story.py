"""The timeline of a participant in words: what happened, then what is booked."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from outcomes.models import Form
from participants.codes import WithdrawalScope
from participants.models import Appointment, Decision, Milestone, Participant, Screening
from participants.timeline import Event, timeline
from trials.protocol import Protocol
from web.components import TimelineEvent
from web.shared.record_matrix import VisitPanel
from web.shared.record_rights import Rights
from web.shared.record_words import (
    criteria_in_words,
    day_in_words,
    language_name,
    moment_in_words,
    place_name,
    purpose_name,
    stage_name,
    visit_name,
)

Words = tuple[str, str]
"""Title and detail of an event."""


def story(participant: Participant, rights: Rights, panel: VisitPanel) -> list[TimelineEvent]:
    """What happened, oldest first, and the appointments ahead. Attempts to call are for those who call."""
    events = timeline(participant, _strictest(rights, panel.protocol))
    if Permission.LOG_CONTACT not in rights:
        events = [event for event in events if event.kind != "contact_attempt"]
    events = sorted([*events, *_visits_done(panel)], key=lambda event: (event.at, event.kind))
    return [_in_words(event, participant, panel.protocol) for event in events]


def _strictest(rights: Rights, protocol: Protocol) -> str:
    """Of several roles the one that sees least of sessions."""
    roles = sorted(rights.roles, key=lambda role: (not protocol.blinding.hides(role, "sessions"), role))  # type: ignore[arg-type]
    return roles[0] if roles else ""


def _visits_done(panel: VisitPanel) -> list[Event]:
    found = []
    for row in panel.single:
        done = panel.complete_of(row.visit.code)
        wanted = [cell.form for cell in row.cells.values() if cell.form.state != Form.State.CANCELLED]
        if done:
            facts = {"visit": row.visit.code, "done": len(done), "of": len(wanted)}
            found.append(Event(max(form.completed_at for form in done if form.completed_at), "visit", "", facts))
    return found


def _in_words(event: Event, participant: Participant, protocol: Protocol) -> TimelineEvent:
    title, detail = WORDS[event.kind](event, protocol, participant)
    zone = participant.site.time_zone
    ahead = event.kind == "appointment" and event.code == Appointment.State.BOOKED and event.at > clock.now()
    if event.kind in ("appointment", "contact_attempt"):
        when = moment_in_words(event.at, zone)
    else:
        when = day_in_words(event.facts.get("day") or clock.day_of(event.at, zone))
    return TimelineEvent(title, f"{when}. {detail}" if detail else when, next=ahead)


def _screening(event: Event, protocol: Protocol, participant: Participant) -> Words:
    outcome = Screening.Outcome(event.code).label
    detail = "; ".join(criteria_in_words(protocol, event.facts["reasons"])) or event.facts["declined"]
    return _("Screened: %(outcome)s") % {"outcome": str(outcome).lower()}, detail


def _decision(event: Event, protocol: Protocol, participant: Participant) -> Words:
    outcome = str(Decision.Outcome(event.code).label).lower()
    facts = {"stage": stage_name(protocol, event.facts["stage"]), "outcome": outcome}
    return _("%(stage)s: %(outcome)s") % facts, "; ".join(criteria_in_words(protocol, event.facts["reasons"]))


def _consent(event: Event, protocol: Protocol, participant: Participant) -> Words:
    facts = {"version": event.code, "language": language_name(event.facts["language"])}
    return _("Consent, version %(version)s, in %(language)s") % facts, ""


def _appointment(event: Event, protocol: Protocol, participant: Participant) -> Words:
    purpose = purpose_name(protocol, event.facts["purpose"])
    state = str(Appointment.State(event.code).label).lower()
    place = place_name(protocol, participant.site.code, event.facts["place"])
    return _("%(purpose)s: %(state)s") % {"purpose": purpose, "state": state}, place


def _milestone(event: Event, protocol: Protocol, participant: Participant) -> Words:
    label = str(Milestone.Kind(event.code).label)
    return (f"{label} ({event.facts['number']})" if event.facts["number"] else label), ""


def _withdrawal(event: Event, protocol: Protocol, participant: Participant) -> Words:
    scopes = [str(WithdrawalScope(scope).label).lower() for scope in event.facts["scopes"]]
    return _("Withdrew from: %(scopes)s") % {"scopes": ", ".join(scopes)}, str(event.facts["reason"])


def _attempt(event: Event, protocol: Protocol, participant: Participant) -> Words:
    return f"{event.facts['channel']}: {str(event.facts['outcome']).lower()}", ""


def _visit(event: Event, protocol: Protocol, participant: Participant) -> Words:
    facts = {**event.facts, "visit": visit_name(protocol, event.facts["visit"])}
    if facts["done"] == facts["of"]:
        return _("%(visit)s: complete") % facts, ""
    return _("%(visit)s: %(done)d of %(of)d forms complete") % facts, ""


WORDS: Mapping[str, Callable[[Event, Protocol, Participant], Words]] = {
    "screening": _screening,
    "decision": _decision,
    "consent": _consent,
    "appointment": _appointment,
    "milestone": _milestone,
    "withdrawal": _withdrawal,
    "contact_attempt": _attempt,
    "visit": _visit,
}
