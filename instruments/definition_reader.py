"""Makes a Definition of the data of a YAML file, or says all that is wrong with it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from instruments.definition import Definition
from instruments.definition_checks import check_definition
from instruments.problems import FileRefused
from instruments.sentences import sentences

YES_NO = (
    {"code": 1, "text": {"en": "Yes", "fr": "Oui"}},
    {"code": 0, "text": {"en": "No", "fr": "Non"}},
)


def read_definition(data: Any) -> Definition:
    """Return the definition in the data of a YAML file.

    An item's `options` may name one of the file's `answer_sets`; yes_no items get Yes (1) and
    No (0). Raises FileRefused with a sentence for each mistake.
    """
    if not isinstance(data, dict):
        raise FileRefused(["The file holds no keys. Write code, version, title, items and so on."])
    data, mistakes = with_answer_sets(data)
    try:
        definition = Definition.model_validate(data)
    except ValidationError as error:
        raise FileRefused(mistakes + sentences(error, data)) from None
    mistakes += check_definition(definition)
    if mistakes:
        raise FileRefused(mistakes)
    return definition


def with_answer_sets(data: dict[Any, Any]) -> tuple[dict[Any, Any], list[str]]:
    """Return the data with every item's options written out, and what could not be."""
    known = data.get("answer_sets", {})
    rest = {key: value for key, value in data.items() if key != "answer_sets"}
    if not isinstance(known, dict):
        return rest, ["answer_sets: is not a list of names with options. Write name: options."]
    mistakes: list[str] = []
    items = rest.get("items")
    if not isinstance(items, list):
        return rest, mistakes
    rest["items"] = [with_options(item, known, mistakes) for item in items]
    named = [item.get("options") for item in items if isinstance(item, dict)]
    used = {name for name in named if isinstance(name, str)}
    mistakes += [f"answer_sets.{name}: is used by no item. Remove it." for name in known if name not in used]
    return rest, mistakes


def with_options(item: Any, known: dict[Any, Any], mistakes: list[str]) -> Any:
    if not isinstance(item, dict):
        return item
    options = item.get("options")
    if options is None and item.get("kind") == "yes_no":
        return item | {"options": list(YES_NO)}
    if not isinstance(options, str):
        return item
    if options not in known:
        mistakes.append(
            f"items[{item.get('code')}].options: there is no answer set {options!r}. Write it under answer_sets."
        )
        return item | {"options": []}
    return item | {"options": known[options]}
