"""The listed values of a score are exactly those that answers can give."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments import scoring
from instruments.attainable import LISTS, attainable
from instruments.problems import UnknownInstrument
from instruments.scoring.inputs import Codes


def complete(instrument: str) -> st.SearchStrategy[dict[str, Any]]:
    rule = scoring.rule(instrument)
    allowed = {code: rule.items[code] for code in rule.required}
    return st.fixed_dictionaries(
        {code: st.integers(codes.low, codes.high) for code, codes in allowed.items() if isinstance(codes, Codes)}
    )


def at(scores: dict[str, Any], path: str) -> Any:
    for step in path.split("."):
        scores = scores[step]
    return scores


@pytest.mark.parametrize(("instrument", "name"), [(code, name) for code in LISTS for name in LISTS[code]])
def test_every_computed_score_is_listed(instrument: str, name: str) -> None:
    values = attainable(instrument, name).values

    @given(answers=complete(instrument))
    def listed(answers: dict[str, Any]) -> None:
        assert at(scoring.score(instrument, answers), name) in values

    listed()


def test_every_listed_lsiq_total_can_be_reached() -> None:
    reached = [
        scoring.score("lsiq", {f"lsiq_{number}": int(number <= yes) for number in range(1, 16)})["total"]
        for yes in range(16)
    ]
    assert attainable("lsiq", "total").values == tuple(reached)


def test_odi_lists_whole_and_prorated_percentages_once() -> None:
    values = attainable("odi", "score_pct").values
    assert values[:3] == (0.0, 2.0, 2.2222)
    assert 35.5556 in values
    assert list(values) == sorted(set(values))
    assert values[-1] == 100


@pytest.mark.parametrize(("instrument", "name"), [("sri", "sri"), ("odi", "total"), ("none", "total")])
def test_a_score_that_cannot_be_listed_says_so(instrument: str, name: str) -> None:
    with pytest.raises(UnknownInstrument):
        attainable(instrument, name)
