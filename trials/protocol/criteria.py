"""Who may take part: what is asked, and the rule over the answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .words import Bool, Code, Number, Part, Text, Words


class Asked(Part):
    """What every kind of question has. `name` is what rules call the answer."""

    name: Code | None = None
    wording: Text | None = None


class YesNo(Asked):
    """Answered True or False."""

    kind: Literal["yes_no"]


class NumberAsked(Asked):
    """Answered with an int or float in `unit`, from `min` to `max`."""

    kind: Literal["number"]
    unit: Words
    min: Number
    max: Number
    whole: Bool = False


class Age(Asked):
    """Age in whole years on the day named by `counts_on`; computed from the date of birth once known."""

    kind: Literal["age"]
    counts_on: Literal["screening", "consent"] = "consent"
    min: Number = 0
    max: Number = 120


class DateAsked(Asked):
    """Answered with a day. Rules read `name.days_ago`, `name.months_ago`, `name.years_ago`."""

    kind: Literal["date"]
    future: Bool = False


class Option(Part):
    code: Words
    label: Text


class Choice(Asked):
    """Answered with the code of one option."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=2)


class Domain(Part):
    code: Code
    label: Text


class Profile(Asked):
    """One category for each domain, rated by a named clinician.

    Answered `{domain: category, ..., "rated_by": name}`. Rules read `name.domain`.
    """

    kind: Literal["profile"]
    domains: tuple[Domain, ...] = Field(min_length=1)
    categories: tuple[Option, ...] = Field(min_length=2)
    rated_by: Text | None = None


class Score(Asked):
    """A score of an instrument: read from the form, typed by nobody."""

    kind: Literal["score"]
    instrument: Code
    score: Code = "total"


Question = Annotated[YesNo | NumberAsked | Age | DateAsked | Choice | Profile | Score, Field(discriminator="kind")]


class Criterion(Part):
    """One criterion. `rule` says when it is met: an inclusion must be met, an exclusion must not.

    With `answer` there is one question, named as the criterion (the rule may call it `answer`);
    with `asks` there are several, each with its own name. A rule may read the answers of other
    criteria as well. `stage` is where it is first decided, `reconfirm_at` where it is asked again.
    """

    code: Code
    kind: Literal["inclusion", "exclusion"]
    wording: Text
    section: Text | None = None
    help: Text | None = None
    groups: tuple[Code, ...] = ()
    answer: Question | None = None
    asks: tuple[Question, ...] = ()
    rule: Words = "answer is yes"
    stage: Code = "screening"
    reconfirm_at: tuple[Code, ...] = ()
    fast_check: Bool = False

    @property
    def questions(self) -> tuple[tuple[str, Question], ...]:
        """(name, question) of everything this criterion asks, in order."""
        own = ((self.code, self.answer),) if self.answer is not None else ()
        return own + tuple((question.name or "", question) for question in self.asks)

    def is_for(self, group: str | None) -> bool:
        return not self.groups or group is None or group in self.groups

    def is_asked_at(self, stage: str) -> bool:
        return stage == self.stage or stage in self.reconfirm_at


class Stage(Part):
    """A moment at which eligibility is decided. `after_form`: the form whose result it waits for."""

    code: Code
    label: Text
    after_form: Code | None = None


class Eligibility(Part):
    stages: tuple[Stage, ...] = Field(min_length=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
