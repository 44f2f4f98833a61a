"""YAML says what a person reads: NO is a word, 22:30 a time, 010 text; tricks are refused."""

from pathlib import Path
from typing import Any

import pytest

from instruments.files import load_yaml
from instruments.problems import FileRefused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("22:30", "22:30"),
        ("1:20:30", "1:20:30"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12", 12),
        ("-3", -3),
        ("2.5", 2.5),
        ("1.5e3", 1500.0),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2026-05-03", "2026-05-03"),
        ("~", None),
        ("null", None),
        ("", None),
        ("é", "é"),
        ("N", "N"),
    ],
)
def test_a_plain_value_means_what_it_says(text: str, expected: Any) -> None:
    assert load_yaml(f"value: {text}\n") == {"value": expected}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "Line 3, column 1: the key 'a' is given twice"),
        ("a: {b: 1, b: 2}\n", "the key 'b' is given twice"),
        ("a: &x [1]\nb: *x\n", "the alias *x is not allowed"),
        ("a: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
        ("a: [1, 2\n", "Line 2, column 1"),
        ("a: 1\n---\nb: 2\n", "Line"),
        ("? [1, 2]\n: 3\n", "unhashable"),
        ("[" * 5000, "nested too deeply"),
        ("a: " + "x" * 1_000_001, "larger than 1 MB"),
        ("a: \x00", "Character 4 cannot stand"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        load_yaml(text)
    assert words in refused.value.sentence


def test_a_file_is_read_as_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: é\n".encode())
    assert load_yaml(path) == {"a": "é"}
    path.write_bytes(b"a: \xff\n")
    with pytest.raises(FileRefused, match="not UTF-8"):
        load_yaml(path)
    path.write_bytes(b"a" * 1_000_001)
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        load_yaml(path)
    with pytest.raises(FileRefused, match="cannot be opened"):
        load_yaml(tmp_path / "none.yaml")
