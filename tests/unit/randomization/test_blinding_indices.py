"""James' and Bang's indices against published tables and tables that are extreme."""

import json
from pathlib import Path
from typing import Any

import pytest

from randomization.blinding_indices import NOBODY, ONE_ARM, Index, bang, james

VECTORS = json.loads((Path(__file__).parent / "vectors" / "blinding_indices.json").read_text(encoding="utf-8"))
each_table = pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)


def table_of(vector: dict[str, Any]) -> list[list[int]]:
    return list(vector["table_rows_guess(T,P,DK)_cols_arm(T,P)"])


def check(index: Index, expected: dict[str, Any]) -> None:
    known = {"est": index.estimate, "se": index.se, "n": index.n}
    known |= {"lower95_one": index.one_sided_low, "upper95_one": index.one_sided_high}
    for name in known.keys() & expected.keys():
        assert known[name] == pytest.approx(expected[name], abs=5e-5), name
    assert (index.low, index.high) == (
        pytest.approx(expected["ci95_two"][0], abs=5e-5),
        pytest.approx(expected["ci95_two"][1], abs=5e-5),
    )


@each_table
def test_james_to_four_decimals(vector: dict[str, Any]) -> None:
    found, expected = james(table_of(vector)), vector["James"]
    check(found.index, expected)
    parts = {"Pdk": found.p_dont_know, "Pdo": found.observed, "Pde": found.expected, "Kd": found.kappa}
    for name in parts.keys() & expected.keys():
        assert parts[name] == pytest.approx(expected[name], abs=5e-5), name


@each_table
def test_bang_of_each_arm_to_four_decimals(vector: dict[str, Any]) -> None:
    check(bang(table_of(vector), 0), vector["Bang_treatment"])
    check(bang(table_of(vector), 1), vector["Bang_placebo"])


def test_nobody_guessed() -> None:
    empty = [[0, 0], [0, 0], [0, 0]]
    assert james(empty).index == bang(empty, 0) == Index(0, missing=NOBODY)


def test_an_arm_of_which_nobody_was_guessed_about() -> None:
    table = [[3, 0], [2, 0], [1, 0]]
    assert bang(table, 1) == Index(0, missing=NOBODY)
    assert bang(table, 0).estimate == pytest.approx(1 / 6)
    assert james(table).index.estimate == pytest.approx(1 / 6 + 5 / 6 * 0.5)


def test_all_in_one_arm_and_all_right_tells_nothing_of_chance() -> None:
    found = james([[5, 0], [0, 0], [2, 0]])
    assert found.index == Index(7, missing=ONE_ARM)
    assert found.p_dont_know == pytest.approx(2 / 7)


def test_one_guess() -> None:
    assert bang([[0, 0], [1, 0], [0, 0]], 0).estimate == -1
    assert james([[0, 0], [1, 0], [0, 0]]).index.estimate == pytest.approx(0.5)


def test_three_arms() -> None:
    right = [[9, 0, 0], [0, 9, 0], [0, 0, 9], [0, 0, 0]]
    assert james(right).index.estimate == 0
    assert [bang(right, arm).estimate for arm in range(3)] == [1, 1, 1]
    unsure = [[0, 0, 0], [0, 0, 0], [0, 0, 0], [4, 5, 6]]
    assert (james(unsure).index.estimate, james(unsure).index.se) == (1, 0)
