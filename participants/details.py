"""Contact details as people type them: checked, made comparable, and nothing stored."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.problems import Invalid, Problem
from participants.codes import Channel

FIELDS = ("name", "email", "phone", "address", "date_of_birth", "preferred_channel")
LONGEST = {"name": 200, "email": 254, "phone": 40, "address": 500, "date_of_birth": 10, "preferred_channel": 12}
OLDEST_YEARS = 120


@dataclass(frozen=True)
class Details:
    """Who somebody is and how to reach them. None: not given; an empty text: asked, and there is none."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    date_of_birth: date | None = None
    preferred_channel: str = ""


def read_details(given: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Typed details by field, trimmed; the birth date as a date. Raises Invalid with every problem."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, value in given.items():
        try:
            found[field] = _read(field, value, today)
        except Problem as problem:
            problems.append(problem)
    if problems:
        raise Invalid(problems)
    return found


def _read(field: str, value: Any, today: date) -> Any:
    if field not in FIELDS:
        raise _problem(str(field)[:80], "unknown", _("There is no such contact field. Leave it out."))
    if value is None:
        return "" if field == "preferred_channel" else None
    if field == "date_of_birth":
        return _birth(value, today)
    if not isinstance(value, str):
        raise _problem(field, "kind", _("Enter a text."))
    text = " ".join(value.split()) if field != "address" else value.strip()
    if len(text) > LONGEST[field]:
        raise _problem(field, "long", _("Enter at most %(most)s characters."), most=LONGEST[field])
    if not text.replace("\n", "").replace("\r", "").isprintable():
        raise _problem(field, "signs", _("This holds signs that cannot be printed. Type it again."))
    if text and field in _CHECKS:
        _CHECKS[field](text)
    return text


def _birth(value: Any, today: date) -> date | None:
    if value == "":
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _problem("date_of_birth", "kind", _("Enter the date of birth, for example 3 May 1980.")) from None
    if not 0 <= today.year - day.year <= OLDEST_YEARS or day > today:
        raise _problem("date_of_birth", "range", _("Enter a date of birth in the past 120 years."))
    return day


def _check_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError:
        raise _problem("email", "email", _("Enter an e-mail address such as name@example.org.")) from None


def _check_phone(text: str) -> None:
    if not 7 <= len(_digits(text)) <= 15:
        raise _problem("phone", "phone", _("Enter a phone number with 7 to 15 digits."))


def _check_channel(text: str) -> None:
    if text not in Channel.values:
        raise _problem("preferred_channel", "channel", _("Choose one of the channels in the list."))


def _problem(field: str, code: str, sentence: Any, **params: Any) -> Problem:
    return Problem(f"contact.{code}", sentence, field=field, params=params)


_CHECKS: dict[str, Callable[[str], None]] = {
    "email": _check_email,
    "phone": _check_phone,
    "preferred_channel": _check_channel,
}


def comparable(details: Details) -> dict[str, str]:
    """What makes two people the same, by kind of hash: equal people give equal texts however they are typed."""
    found: dict[str, str] = {}
    if details.email:
        found["email"] = details.email.casefold()
    if details.phone:
        digits = _digits(details.phone)
        found["phone"] = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    if details.name:
        found["name"] = plain_name(details.name)
        if details.date_of_birth:
            found["person"] = f"{found['name']}|{details.date_of_birth.isoformat()}"
    return {kind: text for kind, text in found.items() if text}


def plain_name(name: str) -> str:
    """A name without accents, case, punctuation and order of its parts."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(sorted(re.findall(r"\w+", bare.casefold())))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text).removeprefix("00")
