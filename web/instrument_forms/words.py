"""The words of a form for a person, and answers read back in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import localize
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.dates import date_format, partial_date_in_words
from instruments import catalogue
from instruments.answers import Missing, shown_items
from instruments.definition import Definition, Item
from instruments.packs import FormTexts, ItemTexts
from outcomes.models import Form
from trials import wordings
from trials.models import Trial
from web.components import SummaryRow


def texts_in(
    trial: Trial, definition: Definition, language: str | None = None, at: datetime | None = None
) -> FormTexts:
    """A form's words in a trial, in a language (default: the page's), as they stand now or stood at a moment."""
    return wordings.texts_in(trial, definition, language or get_language() or "en", at)


def texts_of(form: Form, language: str | None = None) -> FormTexts:
    """The words of a form of somebody: they stay those that were in force when it was begun."""
    return texts_in(form.trial, catalogue.load(form.instrument), language, at=form.started_at)


def answer_in_words(item: Item, words: ItemTexts, value: Any, missing: str = "") -> str | None:
    """An answer as people read it, or why there is none; None when there is neither."""
    if value is None:
        return Missing(missing).label if missing else None
    if item.kind == "file":
        return _("A file is kept")
    if isinstance(value, list):
        return "; ".join(words.options[code] for code in value)
    if item.options:
        return words.options[value]
    if item.kind == "date":
        return date_format(date.fromisoformat(value), "j F Y")
    if item.kind == "partial_date":
        return partial_date_in_words(value)
    if isinstance(value, int | float):
        return f"{number_in_words(value)} {words.unit}".strip()
    return str(value)


def number_in_words(value: float) -> str:
    """A number as people type it: 12.5 or 12,5, and 12 rather than 12.0."""
    return str(localize(int(value) if float(value).is_integer() else value))


def condition_in_words(definition: Definition, item: Item, texts: FormTexts) -> str:
    """When an item applies: "Only if “Was the test done?” is Yes."; empty when it always does."""
    rule = item.show_if
    if rule is None:
        return ""
    above, words = definition.item(rule.item), texts.items[rule.item]
    if rule.at_least is not None:
        return _("Only if “%(question)s” is %(least)s or more.") % {"question": words.text, "least": rule.at_least}
    wanted = [rule.equals] if rule.one_of is None else rule.one_of
    answers = [answer_in_words(above, words, code) or "" for code in wanted]
    return _("Only if “%(question)s” is: %(answers)s.") % {"question": words.text, "answers": ", ".join(answers)}


def summary_rows(
    definition: Definition,
    texts: FormTexts,
    answers: Mapping[str, Any],
    missing: Mapping[str, str],
    change_urls: Mapping[str, str] | None = None,
) -> list[SummaryRow]:
    """The shown items with their answers, each with the link that changes it where there is one."""
    return [
        SummaryRow(
            texts.items[item.code].text,
            answer_in_words(item, texts.items[item.code], answers.get(item.code), missing.get(item.code, "")),
            (change_urls or {}).get(item.code, ""),
        )
        for item in shown_items(definition, answers)
    ]
