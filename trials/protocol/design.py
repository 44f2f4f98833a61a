"""What kind of trial it is: arms or groups, sites, dates."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .words import ArmCode, Code, Count, Day, Language, Number, Part, SiteCode, Text, Words


class Arm(Part):
    """A randomized arm. `programme` is None for an arm that is given none."""

    code: ArmCode
    public_name: Text
    registry_name: Words
    programme: Code | None = None


class Group(Part):
    """A group people belong to without randomization (patients, healthy controls, the only group)."""

    code: Code
    label: Text
    target: Count | None = None
    programme: Code | None = None


class MatchOn(Part):
    """One trait two people must share; `within` is the greatest difference of a number (0: the same)."""

    question: Code
    within: Number = Field(default=0, ge=0)


class Matching(Part):
    """Each member of `group` is matched to one of `to` on every trait of `on`."""

    group: Code
    to: Code
    on: tuple[MatchOn, ...] = Field(min_length=1)
    per_person: Count = 1


class Design(Part):
    """randomized: arms and a ratio; single_group: one group; groups: several, matched or not."""

    kind: Literal["randomized", "single_group", "groups"]
    arms: tuple[Arm, ...] = ()
    ratio: dict[ArmCode, Count] = Field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    matching: Matching | None = None


class Place(Part):
    """Where appointments are held; must not tell the arm. `for` lists appointment purposes."""

    code: Code
    label: Text
    address: Words | None = None
    purposes: tuple[Code, ...] = ()


class Person(Part):
    """Whom the public or a participant may call."""

    name: Words
    email: Words | None = None
    phone: Words | None = None


class Site(Part):
    code: SiteCode
    name: Text
    time_zone: Words | None = None
    languages: tuple[Language, ...] = ()
    contact: Person | None = None
    places: tuple[Place, ...] = ()


class Registration(Part):
    registry: Words
    id: Words


class Ethics(Part):
    board: Words
    reference: Words
    approved_on: Day


class Dates(Part):
    """Enrolment (first and last day) and the last day of the trial."""

    enrolment_start: Day
    enrolment_end: Day
    trial_end: Day


class Outcome(Part):
    """What a form is collected for; shown in the codebook and the public page."""

    code: Code
    label: Text
    role: Literal["primary", "secondary", "moderator", "mediator", "description"]
    instrument: Code
    score: Code | None = None


class Question(Part):
    """A question the data must answer."""

    code: Code
    wording: Text


class Purpose(Part):
    """What an appointment is for, in words that do not tell the arm."""

    code: Code
    label: Text
    minutes: Count


class ExpectedEvent(Part):
    """An event known to happen; it is still recorded.

    `since`: the day it was put on the list, none for what stood there from the start. An event is expected if its
    kind was on the list when it began.
    """

    code: Code
    label: Text
    since: Day | None = None

    def held_on(self, day: Day) -> bool:
        """Whether it stood on the list on a day."""
        return self.since is None or self.since <= day


class Assumption(Part):
    """A choice the record is silent on; the investigator signs it before recruitment.

    `about` is a path in this document such as `strata.lsiq` or `visits.week16.window`.
    """

    code: Code
    about: Words
    wording: Text
