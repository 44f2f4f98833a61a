"""`manage.py score` prints one JSON object, or a sentence."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def run(*arguments: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("score", *arguments, stdout=out)
    scores: dict[str, Any] = json.loads(out.getvalue())
    return scores


def test_scores_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({f"odi_{number}": 1 for number in range(1, 11)}))
    assert run("odi", path) == {
        "raw_sum": 10,
        "n_answered": 10,
        "score_pct": 20.0,
        "band": "minimal",
        "n_required": 10,
        "rule_version": "odi-1",
    }


@pytest.mark.parametrize("arguments", [("nprs",), ("nprs", "-")])
def test_scores_of_standard_input(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"nprs_baseline": 7, "nprs_followup": 4}')))
    scores = run(*arguments)
    assert (scores["score"], scores["change"], scores["n_answered"], scores["n_required"]) == (4, -3, 2, 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "this is not JSON"),
        (b"{'odi_1': 1}", "Line 1, column 2"),
        (b"[1]", "not an object"),
        (b"\xff", "not UTF-8"),
        (b'{"odi_1": 9}', "odi_1: 9 is not allowed"),
        (b'{"odi_1": NaN}', "odi_1: nan is not allowed"),
        (b'{"odi_1": 1, "odi_1": 2}', "odi_1 is given twice"),
        (b'{"lsiq_1": 1}', "'lsiq_1' is not an item"),
        (b'{"odi_1": ' + b"1" * 5000 + b"}", "a number or a nesting"),
        (b"[" * 90_000, "a number or a nesting"),
        (b"x" * 10_000_000, "larger than 100 kB"),
    ],
)
def test_bad_answers_get_a_sentence(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        run("odi", path)


def test_a_missing_file_and_an_unknown_instrument_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        run("odi", tmp_path / "none.json")
    with pytest.raises(CommandError, match="'oda' is not scored here"):
        run("oda", tmp_path / "none.json")
