"""The codebook: what every column of every table holds."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from exports.cells import as_text
from exports.tables import Column, Label, Table, in_language

HEAD = [
    "table",
    "column",
    "label_en",
    "label_fr",
    "type",
    "unit",
    "codes_en",
    "codes_fr",
    "minimum",
    "maximum",
    "missing_codes",
    "scoring_rule",
    "form_version",
]
NOTES = (
    "Dates are calendar days at the site (YYYY-MM-DD); moments are UTC. An empty cell holds no value; the column "
    "that ends in _missing says why. yes_no is 1 or 0. Text that a spreadsheet would run as a formula begins "
    "with an apostrophe that was added. Labels of items and codes are short topics of our own, never the licensed "
    "wording of a questionnaire: pack_version names the content pack that was shown."
)


def entries(tables: Sequence[Table]) -> Iterator[dict[str, Any]]:
    """One entry a column, in the order of the tables; for ``codebook.json``."""
    for table in tables:
        names = set(table.head)
        for column in table.columns:
            yield _entry(table, column, has_missing=f"{column.name}_missing" in names)


def lines(entries: Iterable[dict[str, Any]]) -> Iterator[list[str]]:
    """The same entries as rows under ``HEAD``; codes are written ``0=No | 1=Yes``."""
    for entry in entries:
        codes = entry["codes"]
        yield [
            entry["table"],
            entry["column"],
            as_text(entry["label"]["en"]),
            as_text(entry["label"]["fr"]),
            entry["type"],
            as_text(entry["unit"]["en"]),
            as_text(_joined(codes, "en")),
            as_text(_joined(codes, "fr")),
            as_text(entry["minimum"]),
            as_text(entry["maximum"]),
            as_text(entry["missing_codes"]),
            entry["scoring_rule"],
            as_text(entry["form_version"]),
        ]


def _entry(table: Table, column: Column, *, has_missing: bool) -> dict[str, Any]:
    return {
        "table": table.name,
        "column": column.name,
        "label": both(column.label),
        "type": str(column.kind),
        "unit": both(column.unit),
        "codes": [{"code": code, **both(label)} for code, label in column.codes],
        "minimum": column.low,
        "maximum": column.high,
        "missing_codes": f"{column.name}_missing" if has_missing else "",
        "scoring_rule": column.rule,
        "form_version": column.version,
    }


def both(label: Label) -> dict[str, str]:
    """A label in both languages of the product."""
    return {language: in_language(label, language) for language in ("en", "fr")}


def _joined(codes: Iterable[dict[str, Any]], language: str) -> str:
    return " | ".join(f"{each['code']}={each[language]}" for each in codes)
