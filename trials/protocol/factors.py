"""By what the list is stratified, and when and by whom a participant is randomized.

Method, block sizes, weights and seed are not here: people who enrol can read this document.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .words import Bool, Code, Count, Number, Part, RoleName, Text, Words


class Source(Part):
    """Where a factor's value comes from: a score, an item, an eligibility question, or the site.

    Exactly one of: `instrument` with `score`; `instrument` with `field`; `question`; `site: true`.
    """

    instrument: Code | None = None
    score: Code | None = None
    field: Code | None = None
    question: Code | None = None
    site: Bool = False


class Level(Part):
    """The values of one level: bounds (`at_least`, `above`, `at_most`, `below`) or `values`."""

    code: Code
    label: Text
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None
    values: tuple[Words | Number | Bool, ...] = ()


class Factor(Part):
    """A stratification factor. `concealed_from`: roles that may read neither score, items nor level."""

    code: Code
    label: Text
    source: Source
    levels: tuple[Level, ...] = Field(min_length=2)
    concealed_from: tuple[RoleName, ...] = ()
    why: Text | None = None


class RequiredForm(Part):
    visit: Code
    instrument: Code


class Before(Part):
    """What must be done before anybody can be randomized. Days count from the form to the act."""

    consent: Bool = True
    eligibility: tuple[Code, ...] = ()
    forms: tuple[RequiredForm, ...] = ()
    baseline_at_most_days_old: Count | None = None


class Randomization(Part):
    """`anchor`: first_session_booked, or baseline_complete. `roles`: who may do it."""

    anchor: Literal["first_session_booked", "baseline_complete"]
    roles: tuple[RoleName, ...] = Field(min_length=1)
    before: Before = Before()
