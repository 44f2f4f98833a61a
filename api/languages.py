"""In which language texts are told: the one asked for, else that of the request."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.fields import Strict
from instruments.definition import Definition
from instruments.packs import FormTexts, texts_of

LANGUAGE = r"^[a-z]{2,3}(-[A-Z]{2})?$"


class LanguageQuery(Strict):
    language = serializers.RegexField(
        LANGUAGE, required=False, help_text=_("Of the texts; if there are none in it, another is chosen.")
    )


def language_of(asked: dict[str, Any]) -> str:
    """The language to tell texts in, such as ``fr`` or ``fr-CA``."""
    return str(asked.get("language") or get_language() or "en")


def texts_in(definition: Definition, language: str) -> FormTexts:
    """A form's words in a language, or in its first when it has none in that."""
    wanted = language.split("-")[0]
    return texts_of(definition, wanted if wanted in definition.languages else definition.languages[0])
