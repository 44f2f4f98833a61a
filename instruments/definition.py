"""What an instrument is: its items, codes, ranges and texts, as definitions/<code>.yaml says it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Texts = dict[Language, Text]
Number = int | float
Answer = int | str

Kind = Literal[
    "choice",
    "multiple",
    "yes_no",
    "scale",
    "vas",
    "integer",
    "decimal",
    "date",
    "partial_date",
    "time",
    "text",
    "file",
]
Filler = Literal["participant", "assessor", "staff", "interviewer", "imported"]
Direction = Literal["higher_is_worse", "higher_is_better", "mixed", "none"]
NUMERIC = frozenset({"scale", "vas", "integer", "decimal"})
CODED = frozenset({"choice", "multiple", "yes_no"})


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Licence(Part):
    """Who owns the wording, and whether what is shipped is ours or stands in for theirs."""

    owner: Text
    status: Literal["placeholder", "own"]
    note: Text


class Option(Part):
    """A response: the stored code and its wording. An exclusive one stands alone in a list."""

    code: Answer
    text: Texts
    exclusive: bool = False


class ShowIf(Part):
    """The item is shown when an earlier one was answered so; exactly one test is given."""

    item: Code
    equals: Answer | None = None
    one_of: Annotated[list[Answer] | None, Field(alias="in")] = None
    at_least: Number | None = None

    def holds(self, value: Any) -> bool:
        """Return whether an answer (None when missing) shows the item."""
        if value is None:
            return False
        if self.at_least is not None:
            return bool(value >= self.at_least)
        wanted = [self.equals] if self.one_of is None else self.one_of
        return bool(set(wanted) & set(value)) if isinstance(value, list) else value in wanted


class Item(Part):
    """One question or measurement. Hard limits refuse; plausible ones ask to confirm."""

    code: Code
    kind: Kind
    text: Texts
    hint: Texts | None = None
    section: Texts | None = None
    options: list[Option] = []
    unit: Text | Texts | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    plausible_minimum: Number | None = None
    plausible_maximum: Number | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] = 0
    longest: Annotated[int, Field(ge=1, le=2000)] = 500
    low_label: Texts | None = None
    high_label: Texts | None = None
    optional: bool = False
    show_if: ShowIf | None = None
    reverse: bool = False
    side: Literal["left", "right"] | None = None
    accepts: list[Literal["pdf", "png", "jpeg"]] = []

    def unit_in(self, language: str) -> str:
        """Return the unit in a language; "" for an item without one."""
        if self.unit is None or isinstance(self.unit, str):
            return self.unit or ""
        return self.unit[language]

    def option_codes(self) -> list[Answer]:
        return [option.code for option in self.options]


class Definition(Part):
    """An instrument. `minutes` is the time needed; `scoring` names a rule, or is null.

    `texts` of every part are given in all of `languages`.
    """

    code: Code
    version: Text
    languages: Annotated[list[Language], Field(min_length=1)]
    title: Texts
    filler: Filler
    minutes: Annotated[int, Field(ge=1, le=240)]
    recall: Texts | None = None
    direction: Direction
    scoring: Code | None
    missing_rule: Texts
    licence: Licence
    instructions: Texts
    assumptions: list[Text] = []
    items: Annotated[list[Item], Field(min_length=1)]

    def item(self, code: str) -> Item:
        """Return the item of that code; raises KeyError."""
        return {item.code: item for item in self.items}[code]

    def item_codes(self) -> list[str]:
        return [item.code for item in self.items]
