"""Fields that take what they say and nothing that merely looks like it; an unknown name is refused."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST_TEXT = 5_000
MOST_ENTRIES = 500


class Strict(serializers.Serializer[Any]):
    """Refuses names that it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                sentence = _("There is no such field. Leave it out.")
                raise serializers.ValidationError({str(name)[:80]: [sentence] for name in unknown[:20]}, "unknown")
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A text; numbers are not turned into one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 500, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number; neither "3" nor true is one."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=str(data)[:20])
        return data


class Day(serializers.DateField):
    """A calendar day as 2026-05-03."""

    def to_internal_value(self, value: Any) -> date:
        try:
            day = parse_date(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise serializers.ValidationError(_("Write a day that exists as 2026-05-03."), "day")
        return day


class Moment(serializers.DateTimeField):
    """A moment with its offset, as 2026-05-03T14:30:00-04:00."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = parse_datetime(value) if isinstance(value, str) and len(value) <= 40 else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise serializers.ValidationError(
                _("Write a moment with its offset as 2026-05-03T14:30:00-04:00."), "moment"
            )
        return moment


SCALAR = [{"type": "boolean"}, {"type": "number"}, {"type": "string", "maxLength": LONGEST_TEXT}]
LIST = {"type": "array", "items": {"anyOf": SCALAR[1:]}, "maxItems": MOST_ENTRIES}
PROFILE = {
    "type": "object",
    "additionalProperties": {"type": ["string", "null"], "maxLength": LONGEST_TEXT},
    "maxProperties": MOST_ENTRIES,
}


@extend_schema_field({"anyOf": [*SCALAR, LIST, PROFILE, {"type": "null"}]})
class Answer(serializers.Field[Any, Any, Any, Any]):
    """One answer: true or false, a number, a text, several codes, or a profile by domain; null for none.

    Whether it fits its question is for the verbs to say.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_null": True, **options})

    def to_internal_value(self, data: Any) -> Any:
        if not (_is_scalar(data) or _is_list(data) or _is_profile(data)):
            raise serializers.ValidationError(_("Send true or false, a number, a text, or a list of codes."), "answer")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


def _is_scalar(data: Any) -> bool:
    return isinstance(data, bool | int | float) or (isinstance(data, str) and len(data) <= LONGEST_TEXT)


def _is_list(data: Any) -> bool:
    if not isinstance(data, list) or len(data) > MOST_ENTRIES:
        return False
    return all(_is_scalar(each) and not isinstance(each, bool) for each in data)


def _is_profile(data: Any) -> bool:
    if not isinstance(data, dict) or len(data) > MOST_ENTRIES:
        return False
    return all(each is None or (isinstance(each, str) and len(each) <= LONGEST_TEXT) for each in data.values())


class Named(serializers.DictField):
    """Values by name; at most 500."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and len(data) > MOST_ENTRIES:
            raise serializers.ValidationError(_("Send at most %(most)s entries.") % {"most": MOST_ENTRIES}, "many")
        return super().to_internal_value(data)  # type: ignore[no-any-return]


@extend_schema_field({"anyOf": [{"type": "integer"}, {"type": "string"}]})
class Code(serializers.Field[Any, Any, Any, Any]):
    """The code of an option, as it is stored: a whole number or a text."""

    def to_representation(self, value: Any) -> Any:
        return value


class Email(Text):
    """A colleague, by their e-mail address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, **options})
