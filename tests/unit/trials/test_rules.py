"""Rules are read as written, decided three-valued, and never run as code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trials.protocol.rules import MAX_DEPTH, RuleError, evaluate, names, parse


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("age between 18 and 60", {"age": 18}, True),
        ("age between 18 and 60", {"age": 60}, True),
        ("age between 18 and 60", {"age": 61}, False),
        ("answer is yes", {"answer": True}, True),
        ("answer is not yes", {"answer": True}, False),
        ("months >= 3", {"months": 2.9}, False),
        ("pddm.nociceptive == A", {"pddm.nociceptive": "A"}, True),
        ("pddm.contextual in [none, A]", {"pddm.contextual": "B"}, False),
        ("pddm.contextual not in [none, A]", {"pddm.contextual": "B"}, True),
        ("not (a is yes or b is yes)", {"a": False, "b": False}, True),
        ("a is yes or b is yes and c is yes", {"a": True, "b": False, "c": False}, True),
        ("(a is yes or b is yes) and c is yes", {"a": True, "b": False, "c": False}, False),
        ("worst > least", {"worst": 7, "least": 2}, True),
        ('side is "left leg"', {"side": "left leg"}, True),
        ("x == -1.5", {"x": -1.5}, True),
    ],
)
def test_rules_mean_what_they_say(rule: str, values: dict[str, Any], expected: bool) -> None:
    assert evaluate(parse(rule), values) is expected


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("a is yes", {}, None),
        ("a is yes and b is yes", {"a": False}, False),
        ("a is yes and b is yes", {"a": True}, None),
        ("a is yes or b is yes", {"b": True}, True),
        ("a is yes or b is yes", {"b": False}, None),
        ("not a is yes", {"a": None}, None),
        ("x in [1, 2]", {"x": None}, None),
        ("x between low and 5", {"x": 9}, False),
        ("x between low and 5", {"x": 3}, None),
    ],
)
def test_a_missing_answer_decides_nothing_that_others_do_not(
    rule: str, values: dict[str, Any], expected: bool | None
) -> None:
    assert evaluate(parse(rule), values) is expected


@pytest.mark.parametrize(
    ("rule", "position", "words"),
    [
        ("", 1, "name of an answer"),
        ("age", 4, "comparison is missing"),
        ("age >= ", 8, "number is expected"),
        ("age >= eighteen years", 17, "was not expected"),
        ("age between 18, 60", 15, "between 18 and 60"),
        ("(age > 3", 9, '")" is missing'),
        ("side in [left, right", 21, '"]" is missing'),
        ("side in left", 9, "list such as"),
        ("age > 3; age < 5", 8, "cannot stand in a rule"),
        ("__import__('os')", 11, "comparison is missing"),
        ("age > 1e5", 7, "cannot stand in a rule"),
        ("5 < age", 1, "name of an answer"),
    ],
)
def test_what_cannot_be_read_is_refused_with_position_and_cure(rule: str, position: int, words: str) -> None:
    with pytest.raises(RuleError) as error:
        parse(rule)
    assert error.value.position == position
    assert words in error.value.sentence


@pytest.mark.parametrize(
    "rule", ["a is yes", "a == 1", "a in [1, x]", "a is not low"], ids=["bool", "number", "list", "word"]
)
def test_values_of_another_kind_are_refused_not_guessed(rule: str) -> None:
    value: Any = {"a is yes": 1, "a == 1": True, "a in [1, x]": True, "a is not low": 3}[rule]
    with pytest.raises(RuleError, match="another kind"):
        evaluate(parse(rule), {"a": value})


def test_long_and_deep_rules_are_refused() -> None:
    with pytest.raises(RuleError, match="500 characters"):
        parse("a is yes or " * 60 + "a is yes")
    with pytest.raises(RuleError, match="nested too deeply"):
        parse("(" * (MAX_DEPTH + 2) + "a is yes" + ")" * (MAX_DEPTH + 2))
    with pytest.raises(RuleError, match="nested too deeply"):
        parse("not " * (MAX_DEPTH + 2) + "a is yes")


def test_names_are_listed_once_in_order() -> None:
    assert names(parse("b > a and b between c and 5 or p.q is A")) == ("b", "a", "c", "p.q")


def spoken(act: Callable[[], Any]) -> Any:
    """What `act` gives, or the sentence of its RuleError; anything else it raises fails the test."""
    try:
        return act()
    except RuleError as error:
        return error.sentence


@given(st.text(max_size=600))
def test_no_text_breaks_the_reader(text: str) -> None:
    outcome = spoken(lambda: parse(text))
    assert outcome


PIECES = [*"()[],<>", "and", "or", "not", "in", "is", "between", "yes", "no", "==", "a", "b.c", "1", "-2.5", "'x'"]


@given(
    st.lists(st.sampled_from(PIECES), max_size=60),
    st.dictionaries(st.sampled_from(["a", "b.c"]), st.sampled_from([None, True, False, 0, 1, -2.5, "x"])),
)
def test_no_jumble_of_words_breaks_reader_or_evaluation(pieces: list[str], values: dict[str, Any]) -> None:
    outcome = spoken(lambda: evaluate(parse(" ".join(pieces)), values))
    assert outcome in (True, False, None) or outcome.startswith("Position ")


# A reference in Python: each comparison as (rule text, function of the values), joined the same way.
NUMBERS, FLAGS, WORDS = ("n", "m"), ("f",), ("w.x",)
small_number = st.integers(-3, 3)


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[str, Any]:
    shape = draw(st.sampled_from(["order", "equal", "between", "flag", "word", "in"]))
    name = draw(st.sampled_from(NUMBERS))
    low, high = draw(small_number), draw(small_number)
    if shape == "order":
        sign = draw(st.sampled_from(["<", "<=", ">", ">="]))
        return f"{name} {sign} {low}", lambda v: eval(f"x {sign} {low}", {"x": v[name]})  # noqa: S307
    if shape == "equal":
        sign = draw(st.sampled_from(["==", "!="]))
        return f"{name} {sign} {low}", lambda v: (v[name] == low) == (sign == "==")
    if shape == "between":
        return f"{name} between {low} and {high}", lambda v: low <= v[name] <= high
    if shape == "flag":
        word = draw(st.sampled_from(["yes", "no"]))
        return f"f is {word}", lambda v: v["f"] == (word == "yes")
    if shape == "word":
        return "w.x is not A", lambda v: v["w.x"] != "A"
    return "w.x in [A, none]", lambda v: v["w.x"] in ("A", "none")


def joined(parts: st.SearchStrategy[tuple[str, Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda p: (f"({p[0][0]}) and ({p[1][0]})", lambda v: p[0][1](v) and p[1][1](v))),
        pairs.map(lambda p: (f"({p[0][0]}) or ({p[1][0]})", lambda v: p[0][1](v) or p[1][1](v))),
        parts.map(lambda p: (f"not ({p[0]})", lambda v: not p[1](v))),
    )


@given(
    st.recursive(comparisons(), joined, max_leaves=6),
    small_number,
    small_number,
    st.booleans(),
    st.sampled_from(["A", "B", "none"]),
)
def test_evaluation_agrees_with_python(rule: tuple[str, Any], n: int, m: int, f: bool, w: str) -> None:
    text, reference = rule
    values = {"n": n, "m": m, "f": f, "w.x": w}
    if len(text) <= 500:
        assert evaluate(parse(text), values) is bool(reference(values))


@given(st.recursive(comparisons(), joined, max_leaves=6), st.sets(st.sampled_from(["n", "m", "f", "w.x"])))
def test_a_decision_made_with_answers_missing_stays(rule: tuple[str, Any], missing: set[str]) -> None:
    text, reference = rule
    if len(text) > 500:
        return
    full: dict[str, Any] = {"n": 1, "m": -1, "f": True, "w.x": "A"}
    partial = {name: None if name in missing else value for name, value in full.items()}
    early = evaluate(parse(text), partial)
    assert early is None or early == bool(reference(full))
