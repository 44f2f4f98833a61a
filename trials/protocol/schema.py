"""The whole protocol, and look-ups by code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar

from pydantic import Field

from .blinding import Blinding
from .consent import Consent
from .criteria import Criterion, Eligibility, Score
from .criteria import Question as AskedQuestion
from .design import (
    Arm,
    Assumption,
    Dates,
    Design,
    Ethics,
    ExpectedEvent,
    Group,
    Outcome,
    Purpose,
    Registration,
    Site,
)
from .design import Question as ResearchQuestion
from .factors import Factor, Randomization, Source
from .programmes import Programme, Qualification
from .reminders import Reminder
from .safety import Safety
from .visits import FormPlan, Visit
from .words import Count, Language, Part, Text, TrialCode, Words

T = TypeVar("T")


def _by_code(things: Iterable[T], code: str) -> T:
    for thing in things:
        if getattr(thing, "code", None) == code:
            return thing
    raise KeyError(code)


class Protocol(Part):
    """One trial, one document. Look-ups raise KeyError for an unknown code."""

    format: Literal[1]
    code: TrialCode
    version: Words
    title: Text
    public_title: Text
    summary: Text
    conditions: tuple[Text, ...] = ()
    registrations: tuple[Registration, ...] = ()
    ethics: tuple[Ethics, ...] = ()
    sponsor: Words | None = None
    funder: Words | None = None
    languages: tuple[Language, ...] = Field(min_length=1)
    time_zone: Words
    target: Count
    dates: Dates
    design: Design
    sites: tuple[Site, ...] = Field(min_length=1)
    eligibility: Eligibility
    strata: tuple[Factor, ...] = ()
    randomization: Randomization | None = None
    visits: tuple[Visit, ...] = Field(min_length=1)
    programmes: tuple[Programme, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    appointments: tuple[Purpose, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    blinding: Blinding
    consent: Consent
    outcomes: tuple[Outcome, ...] = ()
    questions: tuple[ResearchQuestion, ...] = ()
    expected_events: tuple[ExpectedEvent, ...] = ()
    safety: Safety = Safety()
    assumptions: tuple[Assumption, ...] = ()

    @property
    def is_randomized(self) -> bool:
        return self.design.kind == "randomized"

    @property
    def instruments(self) -> tuple[str, ...]:
        """Codes of all instruments that some visit uses, in order of first use."""
        return tuple(dict.fromkeys(form.instrument for visit in self.visits for form in visit.forms))

    @property
    def questions_asked(self) -> dict[str, AskedQuestion]:
        """Every eligibility question by the name rules call it."""
        return {name: question for each in self.eligibility.criteria for name, question in each.questions}

    def instrument_of(self, source: Source) -> str | None:
        """The instrument a factor's value is read from, be it through an eligibility question; None of others."""
        asked = self.questions_asked.get(source.question or "")
        return asked.instrument if isinstance(asked, Score) else source.instrument

    def arm(self, code: str) -> Arm:
        return _by_code(self.design.arms, code)

    def group(self, code: str) -> Group:
        return _by_code(self.design.groups, code)

    def site(self, code: str) -> Site:
        return _by_code(self.sites, code)

    def criterion(self, code: str) -> Criterion:
        return _by_code(self.eligibility.criteria, code)

    def factor(self, code: str) -> Factor:
        return _by_code(self.strata, code)

    def visit(self, code: str) -> Visit:
        return _by_code(self.visits, code)

    def programme(self, code: str) -> Programme:
        return _by_code(self.programmes, code)

    def programme_of(self, arm: str) -> Programme | None:
        """The programme of an arm (or of a group, where nobody is randomized), or None."""
        owner = self.arm(arm) if self.is_randomized else self.group(arm)
        return self.programme(owner.programme) if owner.programme else None

    def visits_for(self, group: str | None = None) -> tuple[Visit, ...]:
        """Visits in the document's order; with `group`, those of that group only."""
        return tuple(v for v in self.visits if group is None or not v.groups or group in v.groups)

    def forms_of(self, visit: str, *, breaks_blind: bool | None = False) -> tuple[FormPlan, ...]:
        """Forms of a visit. By default those that tell no arm; None: all."""
        forms = self.visit(visit).forms
        return tuple(f for f in forms if breaks_blind is None or f.breaks_blind == breaks_blind)

    def time_zone_of(self, site: str) -> str:
        return self.site(site).time_zone or self.time_zone
