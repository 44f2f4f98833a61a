"""Reads of participants. Identifiers have their own module-level reads here, each with its own permission."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from audit.actors import Actor, Grant
from audit.acts import act
from audit.models import Entry
from core import clock
from participants import encrypted, identifiers, numbers
from participants.codes import DEATH_TO_RECORD, SESSION, WithdrawalScope
from participants.details import Details
from participants.models import Appointment, Consent, Contact, ContactAttempt, Milestone, Participant, Screening, Task
from participants.timeline import Event as Event
from participants.timeline import timeline as timeline
from trials.access import authorize, not_found, refused, sites_of
from trials.models import Site, Trial
from trials.protocol import Protocol
from trials.queries import protocol_of

LONGEST_SEARCH = 40


def participant_by_number(trial: Trial, number: str, sites: Iterable[Site]) -> Participant:
    """The participant of a study number at one of the sites, or NotFound."""
    found = Participant.objects.select_related("trial", "site").filter(trial=trial, site__in=[s.pk for s in sites])
    participant = found.filter(number=numbers.normalize(number)[:LONGEST_SEARCH]).first()
    if participant is None:
        raise not_found()
    return participant


def participants_of(
    sites: Iterable[Site], states: Sequence[str] | None = None, search: str = ""
) -> QuerySet[Participant]:
    """Participants of some sites by number; ``search`` is part of a study number. To be paged by the caller."""
    found = Participant.objects.select_related("site").filter(site__in=[s.pk for s in sites])
    if states is not None:
        found = found.filter(state__in=states)
    if search.strip():
        found = found.filter(number__contains=numbers.normalize(search)[:LONGEST_SEARCH])
    return found.order_by("number")


def participants_named(trial: Trial, name: str, by: Actor) -> list[Participant]:
    """Participants of exactly this name (accents, case and order do not matter), where the person may see names.

    Whom it finds is identified by it, so each finding is noted like a reading.
    """
    value = identifiers.name_hash(trial, name)
    here = participants_of(sites_of(by, Permission.VIEW_CONTACT, trial))
    return _noted(list(here.filter(identifier_hashes__kind="name", identifier_hashes__value=value)), trial, by)


def participants_reached_at(trial: Trial, ways: Details, by: Actor) -> list[Participant]:
    """Participants with exactly this e-mail address or phone number; found and noted as by name."""
    here = participants_of(sites_of(by, Permission.VIEW_CONTACT, trial))
    keys = [each.pk for each in identifiers.same_person(trial, ways)]
    return _noted(list(here.filter(pk__in=keys)), trial, by)


def _noted(found: list[Participant], trial: Trial, by: Actor) -> list[Participant]:
    """Whoever was found by what identifies them, noted as read."""
    for participant in found:
        grant = authorize(by, Permission.VIEW_CONTACT, trial=trial, site=participant.site)
        _note_reading(participant, grant)
    return found


def counts_by_state(sites: Iterable[Site]) -> Counter[str]:
    """How many participants are in each state."""
    rows = Participant.objects.filter(site__in=[s.pk for s in sites]).values_list("state").annotate(Count("pk"))
    return Counter(dict(rows))


def latest_screening(participant: Participant) -> Screening | None:
    """The screening that counts: the one nobody was screened again after."""
    return participant.screenings.filter(next=None).first()


def standing(participant: Participant, protocol: Protocol | None = None) -> dict[str, str]:
    """The latest outcome at each stage of eligibility; a new screening sets later stages back to undecided.

    Who has read the protocol in force gives it.
    """
    screening = latest_screening(participant)
    if screening is None:
        return {}
    stages = (protocol or protocol_for(participant)).eligibility.stages
    held = {stages[0].code: screening.outcome}
    held.update(screening.decisions.order_by("at", "pk").values_list("stage", "outcome"))
    return held


def protocol_for(participant: Participant) -> Protocol:
    """The protocol in force for a participant: the newest of the trial."""
    return protocol_of(participant.trial)


def answers_of(participant: Participant) -> dict[str, Any]:
    """Eligibility answers by question: of the latest screening, and over them those of later decisions."""
    screening = latest_screening(participant)
    if screening is None:
        return {}
    answers = dict(screening.answers)
    for decision in screening.decisions.order_by("at", "pk"):
        answers.update(decision.answers)
    return answers


def consent_of(participant: Participant) -> Consent | None:
    """The consent in force: the one signed last."""
    return participant.consents.order_by("-signed_at", "-recorded_at", "pk").first()


def milestones_of(participant: Participant) -> list[Milestone]:
    """The milestones that stand, by day."""
    return list(participant.milestones.exclude(day=None).order_by("day", "kind", "number"))


def withdrawn_from(participant: Participant, scope: str) -> bool:
    """Whether somebody withdrew from a scope. Who withdraws their data is not followed up either."""
    return scope in withdrawn_scopes(participant)


def withdrawn_scopes(participant: Participant) -> set[str]:
    """All that somebody withdrew from. Who withdraws their data is not followed up either."""
    scopes = {each for held in participant.withdrawals.values_list("scopes", flat=True) for each in held}
    return scopes | {WithdrawalScope.FOLLOW_UP.value} if WithdrawalScope.DATA in scopes else scopes


def contact_of(participant: Participant, by: Actor) -> Details:
    """Who the participant is and how to reach them. Noted in the trail once per person, participant and day.

    Raises Refused without VIEW_CONTACT, Problem if the identifiers were erased.
    """
    grant = authorize(by, Permission.VIEW_CONTACT, trial=participant.trial, site=participant.site)
    details = identifiers.open_contact(Contact.objects.filter(participant=participant).first())
    _note_reading(participant, grant)
    return details


def _note_reading(participant: Participant, grant: Grant) -> None:
    now = clock.now()
    noted = Entry.objects.filter(
        chain=str(participant.trial_id),
        subject_id=str(participant.pk),
        at__gte=now.replace(hour=0, minute=0, second=0, microsecond=0),
        at__lte=now,
        verb="contact.read",
        actor_id=grant.actor.id,
    )
    if not noted.exists():
        with act("contact.read", grant=grant, subject=participant):
            pass


def attempts_of(participant: Participant, by: Actor) -> list[tuple[ContactAttempt, str | None]]:
    """Attempts to reach somebody, newest first, each with its note; noted in the trail like any reading of identifiers.

    Notes of roles that may know the arm are None for everybody blinded.
    """
    grant = authorize(by, Permission.VIEW_CONTACT, trial=participant.trial, site=participant.site)
    attempts = list(participant.contact_attempts.order_by("-at", "pk"))
    sees_all = ROLES[Role(grant.role)].unblinding
    readable = [each for each in attempts if each.note is not None and (sees_all or not each.by_unblinded)]
    if not readable:
        return [(each, None) for each in attempts]
    key = identifiers.key_of(participant)
    notes = {each.pk: encrypted.read(each.note, key=key, record=each, field="note") for each in readable}
    _note_reading(participant, grant)
    return [(each, notes.get(each.pk)) for each in attempts]


def delivery_address(participant: Participant, channel: str, grant: Grant) -> str | None:
    """The e-mail address or phone number to send to, or None. For messages, which leave their own record."""
    if grant.trial_id != participant.trial_id:
        raise refused()
    details = identifiers.open_contact(Contact.objects.filter(participant=participant).first())
    return (details.email if channel == "email" else details.phone) or None


def appointments_of(participant: Participant) -> list[Appointment]:
    """All appointments of a participant, newest first."""
    return list(participant.appointments.select_related("person").order_by("-starts_at", "pk"))


def first_sessions_booked(sites: Iterable[Site]) -> QuerySet[Appointment]:
    """Booked sessions of people not yet randomized, the earliest first; they tell no arm. To be paged by the caller."""
    booked = Appointment.objects.select_related("participant", "participant__site").filter(
        participant__site__in=[site.pk for site in sites],
        participant__state=Participant.State.CONSENTED,
        purpose=SESSION,
        state=Appointment.State.BOOKED,
    )
    return booked.order_by("starts_at", "participant__number", "pk")


def open_tasks(sites: Iterable[Site], role: str = Role.COORDINATOR) -> QuerySet[Task]:
    """What is still to be done by a role at some sites, the most urgent first. To be paged by the caller."""
    found = Task.objects.select_related("participant", "participant__site")
    found = found.filter(done_at=None, role=role, participant__site__in=[s.pk for s in sites])
    return found.order_by("due_on", "participant__number", "kind", "pk")


def death_waits(participant: Participant) -> bool:
    """Whether a death was reported that nobody has recorded yet."""
    return Task.objects.filter(participant=participant, kind=DEATH_TO_RECORD, done_at=None).exists()
