"""The columns of the scores of a form, by the names its scorer gives them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.tables import Column, Kind
from instruments.definition import Definition
from instruments.scoring import rule

_IN_WORDS = {"band", "group", "severity", "category", "status", "flag"}


def score_columns(definition: Definition) -> Iterator[Column]:
    """One column a score, null rather than partial. Scores inside scores are joined by an underscore.

    A score that is called like an item gets ``_score`` after its name.
    """
    if definition.scoring is None:
        return
    found = rule(definition.scoring)
    items = set(definition.item_codes())
    for path in _paths(found.function(dict.fromkeys(found.required))):
        name = "_".join(path)
        yield Column(
            f"{name}_score" if name in items else name,
            Kind.TEXT if path[0] in _IN_WORDS or path[0] == "profile" else Kind.DECIMAL,
            _("Score: see the scoring rule"),
            partial(_score, path=path),
            "outcomes.Response.scores",
            rule=found.version,
            version=definition.version,
        )


def _paths(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _paths(value, (*above, name))
        else:
            yield (*above, name)


def _score(row: Any, *, path: tuple[str, ...]) -> Any:
    value: Any = row.scores
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
