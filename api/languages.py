"""In which language texts are told: the one asked for, else that of the request."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.fields import Strict

LANGUAGE = r"^[a-z]{2,3}(-[A-Z]{2})?$"


class LanguageQuery(Strict):
    language = serializers.RegexField(
        LANGUAGE, required=False, help_text=_("Of the texts; if there are none in it, another is chosen.")
    )


def language_of(asked: dict[str, Any]) -> str:
    """The language to tell texts in, such as ``fr`` or ``fr-CA``."""
    return str(asked.get("language") or get_language() or "en")
