"""What somebody agreed to, as it can be given to them: in the words of the protocol under which they did."""

from dataclasses import dataclass
from datetime import datetime

from participants.models import Consent
from trials.protocol.design import Person
from trials.queries import protocol_in


@dataclass(frozen=True)
class Answer:
    """One clause as worded, and what was said to it; None if it was not asked then."""

    wording: str
    agreed: bool | None


@dataclass(frozen=True)
class ConsentCopy:
    """A consent in words. No name and no study number: the paper that was signed has the name."""

    title: str
    version: str
    language: str
    answers: list[Answer]
    statement: str
    explained_by: str
    signed_at: datetime
    time_zone: str
    site: str
    contact: Person | None


def copy_of(consent: Consent) -> ConsentCopy:
    """The copy of a consent, in the language in which it was given."""
    protocol, language = protocol_in(consent.protocol), consent.language
    document = next(
        each
        for each in protocol.consent.documents
        if (each.version, each.language) == (consent.version, consent.language)
    )
    site = consent.participant.site
    planned = next((each for each in protocol.sites if each.code == site.code), None)
    return ConsentCopy(
        title=document.title,
        version=consent.version,
        language=language,
        answers=[
            Answer(clause.wording.in_language(language), consent.clauses.get(clause.code))
            for clause in protocol.consent.clauses
        ],
        statement=protocol.consent.data_sharing.statement.in_language(language),
        explained_by=consent.explained_by.name,
        signed_at=consent.signed_at,
        time_zone=site.time_zone,
        site=site.name,
        contact=planned.contact if planned else None,
    )
