"""Template tags of the shared components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

from web.components import FORM_STATES, SESSION_COUNTS, STATES, SessionMark, Text, count_sessions
from web.forms import Renderer
from web.icons import NAMES, draw_icon

register = template.Library()
_RENDERER = Renderer()


class Line(NamedTuple):
    """One error of the summary: where it leads, of which field, in which words."""

    target: str
    label: Text
    sentence: Text


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "late" %}`: the shape alone; always put the words beside it."""
    return draw_icon(name)


@register.simple_tag
def status(state: str, text: Text = "", compact: bool = False) -> SafeString:
    """`{% status "late" text="2 days late" %}`: shape and words.

    `compact` keeps the words for screen readers only (matrix cells, with a legend beside them).
    Raises KeyError for a state that is not in STATES.
    """
    words = text or STATES[state]
    hidden = SafeString(' class="visually-hidden"') if compact else ""
    shape = draw_icon(state if state in NAMES else "due")
    return format_html('<span class="st st-{}">{}<span{}>{}</span></span>', state, shape, hidden, words)


@register.simple_tag
def field(bound: BoundField, label: Text = "", hint: Text = "", question: bool = False) -> SafeString:
    """`{% field form.height %}`: label, hint, error and control of one form field.

    With `question` the label is the page's h1: one item a screen.
    """
    bound.label = label or bound.label
    bound.help_text = hint or bound.help_text
    return mark_safe(_RENDERER.render("forms/field.html", {"field": bound, "question": question}))  # noqa: S308 - our template


@register.filter
def first_id(bound: BoundField) -> str:
    """The id a link from the error summary leads to: the first control of the field."""
    declared = bound.field.widget.attrs.get("id") or bound.auto_id
    return f"{declared}_0" if bound.field.widget.use_fieldset else declared


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: Any, problems: Iterable[Any] = ()) -> dict[str, Any]:
    """`{% error_summary form %}`: every error of the forms and formsets, each a link to its field.

    `problems` are sentences, or objects with `sentence`, that belong to no field.
    """
    lines = [line for source in sources if source for line in _lines_of(source)]
    lines += [Line("", "", getattr(problem, "sentence", problem)) for problem in problems]
    return {"lines": lines, "several": len(lines) > 1}


def _lines_of(source: BaseForm | BaseFormSet[Any]) -> Iterator[Line]:
    if not source.is_bound:
        return
    if isinstance(source, BaseFormSet):
        yield from (Line("", "", sentence) for sentence in source.non_form_errors())
        for form in source.forms:
            yield from _lines_of(form)
        return
    yield from (Line("", "", sentence) for sentence in source.non_field_errors())
    for bound in source:
        target, label = ("", "") if bound.is_hidden else (f"#{first_id(bound)}", bound.label)
        yield from (Line(target, label, sentence) for sentence in bound.errors)


@register.simple_tag
def other_languages() -> list[dict[str, str]]:
    """The languages of the product other than the present one, each under its own name."""
    present = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [
        {"code": code, "name": get_language_info(code)["name_local"].capitalize()}
        for code, _name in settings.LANGUAGES
        if code.split("-")[0] != present
    ]


@register.simple_tag
def confirmation(bound: BoundField) -> dict[str, Any]:
    """The name of the box that confirms an unlikely value, and whether it was ticked."""
    form: Any = bound.form
    return {"name": form.confirmation_name(bound.name), "given": form.is_confirmed(bound.name)}


@register.simple_tag
def form_states() -> tuple[str, ...]:
    """The five states of a form, in the order of the legend."""
    return FORM_STATES


@register.filter
def session_counts(marks: list[SessionMark]) -> list[str]:
    """How many sessions are in each state, in words, leaving out those with none."""
    counts = count_sessions(marks)
    return [SESSION_COUNTS[state] % {"count": count} for state, count in counts.items() if count]


@register.filter
def at(items: Sequence[Any], index: int) -> Any:
    """The item at an index, or nothing when the list is shorter."""
    return items[index] if index < len(items) else ""


@register.filter
def attribute(item: Any, name: str) -> Any:
    """An attribute of an item that a filter found."""
    return getattr(item, name, "")
