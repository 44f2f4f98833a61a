"""The building stones every part of a protocol is made of: strict strings, codes, text per language."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    model_validator,
)

__all__ = [
    "CLOCK",
    "EXAMPLES",
    "SHA256",
    "ArmCode",
    "Bool",
    "Code",
    "Count",
    "Day",
    "Int",
    "Language",
    "Number",
    "Part",
    "RoleName",
    "SiteCode",
    "Text",
    "TrialCode",
    "Words",
]


class Part(BaseModel):
    """A part of a protocol: immutable, and every key it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is not a number")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("is not a date written as 2026-05-03")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a date written as 2026-05-03") from None


Words = Annotated[StrictStr, StringConstraints(min_length=1, max_length=5000, strip_whitespace=True)]
_CODE = r"^[a-z][a-z0-9_]{0,39}$"
_ARM = r"^[A-Za-z][A-Za-z0-9_+.-]{0,19}$"
_SITE = r"^[A-Z][A-Z0-9]{1,7}$"
_TRIAL = r"^[A-Z][A-Z0-9-]{1,29}$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Z]{2})?$"
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
SHA256 = r"^[0-9a-f]{64}$"

# What to show somebody who wrote something else.
EXAMPLES = {
    _CODE: "week_16",
    _ARM: "MC+ILEX",
    _SITE: "MTL",
    _TRIAL: "STRONG-BACK",
    _LANGUAGE: "en",
    CLOCK: '"20:00"',
    SHA256: "9f86d081...",
}

Code = Annotated[StrictStr, StringConstraints(pattern=_CODE)]
ArmCode = Annotated[StrictStr, StringConstraints(pattern=_ARM)]
SiteCode = Annotated[StrictStr, StringConstraints(pattern=_SITE)]
TrialCode = Annotated[StrictStr, StringConstraints(pattern=_TRIAL)]
Language = Annotated[StrictStr, StringConstraints(pattern=_LANGUAGE)]
Number = Annotated[int | float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Count = Annotated[StrictInt, Field(ge=1, le=10_000)]
Int = StrictInt
Bool = StrictBool
Day = Annotated[date, BeforeValidator(_day)]

# Who a protocol can name. Rights of a role live in accounts.roles; the protocol only says who does what.
RoleName = Literal[
    "participant",
    "coordinator",
    "assessor",
    "interviewer",
    "therapist",
    "statistician",
    "investigator",
    "monitor",
    "data_manager",
    "unblinded_coordinator",
    "safety_physician",
]


class Text(RootModel[dict[Language, Words]]):
    """The same words in each language: `{en: ..., fr: ...}`."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _not_empty(self) -> Text:
        if not self.root:
            raise ValueError("has no language; write for example {en: ...}")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.root)

    def says(self, language: str) -> bool:
        """Whether the words exist in this very language (`fr` also serves `fr-CA`)."""
        return language in self.root or language.split("-")[0] in self.root

    def in_language(self, language: str) -> str:
        """The words in `language`; else in its base language, else English, else the first given."""
        for candidate in (language, language.split("-")[0], "en"):
            if candidate in self.root:
                return self.root[candidate]
        return next(iter(self.root.values()))

    def __str__(self) -> str:
        return self.in_language("en")
