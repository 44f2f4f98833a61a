"""A trial in words for the public: those of its protocol, in the reader's language as far as it has them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from trials.models import Trial
from trials.protocol import Protocol
from trials.protocol.design import Person
from trials.protocol.words import Text
from web.components import SummaryRow
from web.shared.record_words import day_in_words, language_name, registered_as


@dataclass(frozen=True)
class Said:
    """Words of the protocol; ``language`` is theirs where it is not the reader's, so that they are read aloud in it."""

    text: str
    language: str = ""

    @classmethod
    def of(cls, words: Text) -> Said:
        reads = get_language() or "en"
        text = words.in_language(reads)
        if words.says(reads):
            return cls(text)
        return cls(text, "en" if words.says("en") else words.languages[0])


@dataclass(frozen=True)
class Place:
    """Where the trial runs, and whom the public may call there."""

    name: Said
    contact: Person | None


def language_of(protocol: Protocol) -> str:
    """The language a trial is described in, in the reader's words; "" where it is the reader's own."""
    language = Said.of(protocol.summary).language
    return language_name(language) if language else ""


def rows_of(trial: Trial, protocol: Protocol) -> list[SummaryRow]:
    """What is registered: state, dates, who stands for it. A row for which the protocol says nothing is left out."""
    dates = {"start": day_in_words(protocol.dates.enrolment_start), "end": day_in_words(protocol.dates.enrolment_end)}
    approved = [f"{each.board}, {each.reference}, {day_in_words(each.approved_on)}" for each in protocol.ethics]
    rows = [
        SummaryRow(_("State"), state_of(trial, protocol)),
        SummaryRow(_("Enrolment"), _("%(start)s to %(end)s") % dates),
        _of_protocol(_("Condition"), protocol.conditions),
        SummaryRow(_("Registered as"), registered_as(protocol.registrations) or _("not registered")),
        SummaryRow(_("Ethics approval"), "; ".join(approved)),
        SummaryRow(_("Sponsor"), protocol.sponsor),
        SummaryRow(_("Funder"), protocol.funder),
    ]
    return [row for row in rows if row.value]


def state_of(trial: Trial, protocol: Protocol) -> str:
    """Where the trial stands, as far as its dates and its lock tell: never how many were found."""
    today = clock.today(trial.time_zone)
    if trial.state == Trial.State.LOCKED:
        return _("Ended: the data are locked.")
    if today > protocol.dates.enrolment_end:
        return _("Closed: nobody is enrolled any more.")
    if today < protocol.dates.enrolment_start:
        return _("Not recruiting yet.")
    return _("Recruiting")


def outcomes_of(protocol: Protocol) -> list[tuple[str, list[Said]]]:
    """What is measured: the primary outcomes, then the secondary ones."""
    headings = {"primary": _("Primary outcome"), "secondary": _("Secondary outcomes")}
    kinds = [
        (heading, [Said.of(each.label) for each in protocol.outcomes if each.role == role])
        for role, heading in headings.items()
    ]
    return [(heading, labels) for heading, labels in kinds if labels]


def sites_of(protocol: Protocol) -> list[Place]:
    """Where the trial runs, in the protocol's order."""
    return [Place(Said.of(site.name), site.contact) for site in protocol.sites]


def _of_protocol(label: str, texts: tuple[Text, ...]) -> SummaryRow:
    """A row of words of the protocol, in one language all."""
    said = [Said.of(each) for each in texts]
    return SummaryRow(label, ", ".join(each.text for each in said), language=said[0].language if said else "")
