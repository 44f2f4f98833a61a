"""What was entered into a form: checked, merged and scored. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.problems import Invalid
from instruments.answers import Missing, check, shown_items, unlikely
from instruments.definition import Definition
from instruments.scoring import score_response


@dataclass(frozen=True)
class Entry:
    """Answers by item, why others have none, and the items whose unlikely value was confirmed."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    confirmed: Collection[str] = ()


def checked(definition: Definition, entry: Entry) -> Entry:
    """The entry as it may be stored. Invalid with every problem, each with its item as the field.

    Impossible values are refused; unlikely ones (code ``answers.unlikely``) unless confirmed.
    """
    found = check(definition, entry.answers, entry.missing, confirmed=entry.confirmed)
    if not found.accepted:
        raise Invalid([*found.problems, *found.warnings])
    confirmed = [code for code, value in found.values.items() if unlikely(definition.item(code), value)]
    return Entry(found.values, found.missing, confirmed)


def pruned(definition: Definition, entry: Entry) -> Entry:
    """The entry without what no longer applies after a change of an earlier answer."""
    shown = {item.code for item in shown_items(definition, entry.answers)}
    return Entry(
        {code: value for code, value in entry.answers.items() if code in shown},
        {code: why for code, why in entry.missing.items() if code in shown},
        entry.confirmed,
    )


def merged(definition: Definition, old: Entry, new: Entry) -> Entry:
    """The old entry with the new items in place of theirs; an answer replaces a reason and the reverse."""
    touched = {*new.answers, *new.missing}
    kept_answers = {code: value for code, value in old.answers.items() if code not in touched}
    kept_missing = {code: why for code, why in old.missing.items() if code not in touched}
    kept_confirmed = [code for code in old.confirmed if code not in touched]
    whole = Entry({**kept_answers, **new.answers}, {**kept_missing, **new.missing}, [*kept_confirmed, *new.confirmed])
    return pruned(definition, whole)


def with_not_presented(definition: Definition, entry: Entry) -> Entry:
    """The entry with a reason for the items that an earlier answer, once changed, would have shown."""
    gaps = {
        item.code: str(Missing.NOT_PRESENTED)
        for item in shown_items(definition, entry.answers)
        if item.show_if and not item.optional and item.code not in {*entry.answers, *entry.missing}
    }
    return Entry(entry.answers, {**entry.missing, **gaps}, entry.confirmed)


def stored(definition: Definition, entry: Entry) -> dict[str, Any]:
    """The fields of a response that hold a checked entry and its scores."""
    scores = score_response(definition, entry.answers)
    return {
        "answers": dict(entry.answers),
        "missing": dict(entry.missing),
        "confirmed": sorted(entry.confirmed),
        "scores": scores.values,
        "n_answered": scores.n_answered,
        "n_required": scores.n_required,
        "rule_version": scores.rule_version,
        "instrument_version": definition.version,
    }
