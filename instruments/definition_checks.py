"""What one part of a definition demands of another: codes, ranges, conditions, languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from instruments import scoring
from instruments.definition import CODED, NUMERIC, Definition, Item, Texts
from instruments.sentences import closest


def check_definition(definition: Definition) -> list[str]:
    """Return a sentence for each contradiction; none when the definition can be used."""
    mistakes = [*check_codes(definition), *check_languages(definition), *check_scoring(definition)]
    mistakes += check_own_words(definition)
    earlier: dict[str, Item] = {}
    for item in definition.items:
        where = f"items[{item.code}]"
        mistakes += [f"{where}{rest}" for rest in check_item(item)]
        mistakes += [f"{where}.show_if{rest}" for rest in check_condition(item, earlier)]
        earlier[item.code] = item
    return mistakes


def check_codes(definition: Definition) -> Iterator[str]:
    for code in repeated(definition.item_codes()):
        yield f"items: the code {code!r} is given twice. Give every item its own."
    for item in definition.items:
        for code in repeated(item.option_codes()):
            yield f"items[{item.code}].options: the code {code!r} is given twice. Keep one."


def repeated(codes: Iterable[Any]) -> list[Any]:
    return [code for code, count in Counter(codes).items() if count > 1]


def check_languages(definition: Definition) -> Iterator[str]:
    for where, texts in all_texts(definition):
        missing = [language for language in definition.languages if language not in texts]
        if missing:
            yield f"{where}: has no text in {', '.join(missing)}. Add it."
        extra = [language for language in texts if language not in definition.languages]
        if extra:
            yield f"{where}: {', '.join(extra)} is not one of the languages. Remove it, or add it to languages."


def all_texts(definition: Definition) -> Iterator[tuple[str, Texts]]:
    yield "title", definition.title
    yield "instructions", definition.instructions
    yield "missing_rule", definition.missing_rule
    if definition.recall is not None:
        yield "recall", definition.recall
    for item in definition.items:
        where = f"items[{item.code}]"
        for name in ("text", "hint", "section", "unit", "low_label", "high_label"):
            texts = getattr(item, name)
            if isinstance(texts, dict):
                yield f"{where}.{name}", texts
        for option in item.options:
            yield f"{where}.options[{option.code}].text", option.text


def check_scoring(definition: Definition) -> Iterator[str]:
    if definition.scoring is None:
        return
    if definition.scoring not in scoring.RULES:
        near = closest(definition.scoring, {"expected": ", ".join(scoring.RULES)})
        yield f"scoring: there is no rule {definition.scoring!r}.{near} Write null for none."
        return
    codes = set(definition.item_codes())
    for item in scoring.RULES[definition.scoring].required:
        if item not in codes:
            yield f"items: the scoring rule needs the item {item!r}. Add it."


def check_own_words(definition: Definition) -> Iterator[str]:
    """Participants know their arm, and their answers are read by people who must not."""
    for item in definition.items:
        if definition.filler == "participant" and item.kind == "file":
            yield f"items[{item.code}].kind: is 'file', but files of participants may tell their arm. Remove the item."
        if definition.filler == "participant" and item.kind == "text":
            yield (
                f"items[{item.code}].kind: is 'text', but what participants write in their own words may tell "
                "their arm. Use kind choice or multiple."
            )


def check_item(item: Item) -> Iterator[str]:
    if item.kind in NUMERIC:
        yield from check_limits(item)
    elif any(getattr(item, name) is not None for name in LIMITS):
        yield f": has a range, but its kind {item.kind!r} takes none. Remove the range."
    least = {"choice": 2, "yes_no": 2, "multiple": 1}.get(item.kind, 0)
    if len(item.options) < least:
        yield f".options: needs at least {least}. Add options."
    if item.options and item.kind not in CODED:
        yield f".options: the kind {item.kind!r} takes none. Remove them or use kind choice."
    if item.kind == "yes_no" and set(item.option_codes()) != {0, 1}:
        yield ".options: a yes_no item has the codes 1 (yes) and 0 (no). Use kind choice instead."
    if item.kind in {"integer", "decimal"} and item.unit is None:
        yield ".unit: is missing. Write the unit of the number."
    yield from check_line(item) if item.kind == "vas" else ()
    if (item.kind == "file") != bool(item.accepts):
        yield ".accepts: lists what a file may be, pdf, png or jpeg, for kind file and for no other."
    if item.kind == "decimal" and item.decimals == 0:
        yield ".decimals: is 0. Give 1 to 4, or use kind integer."
    if item.kind != "decimal" and item.decimals:
        yield f".decimals: the kind {item.kind!r} takes none. Remove it."


def check_line(item: Item) -> Iterator[str]:
    if not (item.low_label and item.high_label):
        yield ": is a line without words at its ends. Add low_label and high_label."
    if (item.minimum, item.maximum) != (0, 100):
        yield ": a line is read from 0 to 100. Write minimum: 0 and maximum: 100."


LIMITS = ("minimum", "maximum", "plausible_minimum", "plausible_maximum")


def check_limits(item: Item) -> Iterator[str]:
    low, high = item.minimum, item.maximum
    if low is None or high is None:
        yield ": needs a minimum and a maximum. Add them."
        return
    if low >= high:
        yield f": the minimum {low:g} is not below the maximum {high:g}. Correct one of them."
        return
    soft_low = low if item.plausible_minimum is None else item.plausible_minimum
    soft_high = high if item.plausible_maximum is None else item.plausible_maximum
    if not low <= soft_low < soft_high <= high:
        yield (f": the plausible range {soft_low:g} to {soft_high:g} is not inside {low:g} to {high:g}. Correct it.")


def check_condition(item: Item, earlier: dict[str, Item]) -> Iterator[str]:
    condition = item.show_if
    if condition is None:
        return
    given = [condition.equals, condition.one_of, condition.at_least]
    if sum(test is not None for test in given) != 1:
        yield ": give exactly one of equals, in, at_least."
        return
    if condition.item not in earlier:
        yield f".item: {condition.item!r} is not an earlier item. Name one that comes before."
        return
    asked = earlier[condition.item]
    if condition.at_least is not None:
        if asked.kind not in NUMERIC:
            yield f".at_least: {asked.code!r} is not a number. Use equals or in."
        return
    wanted = [condition.equals] if condition.one_of is None else condition.one_of
    unknown = [code for code in wanted if code not in asked.option_codes()]
    if asked.kind not in CODED or unknown:
        yield f": {asked.code!r} has no option {unknown or wanted}. Use its codes."
