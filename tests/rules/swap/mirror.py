"""The mirror across the cut: whoever scores high here scores low there, and draws from the list they had here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

from demo import answers
from demo.answers import Body
from instruments.definition import Definition
from randomization import sequence
from tests.rules.swap.extras import FACTOR

OTHER = {f"{FACTOR}=high": f"{FACTOR}=low", f"{FACTOR}=low": f"{FACTOR}=high"}
"""Strata of the lists."""
ANSWERED_YES = {True: 11, False: 4}
"""How many topics are true of a high and of a low back: on both sides of the cut at 9, here and in the mirror."""
UNSTABLE = 0.5


@contextmanager
def across_the_cut(*, mirrored: bool) -> Iterator[None]:
    """Inside, answers to the concealed form are clearly high or low, or the other way round."""
    answer, draws = answers.answer, sequence._draws

    def answer_clearly(definition: Definition, body: Body, day: date) -> dict[str, Any]:
        given = answer(definition, body, day)
        if definition.code != FACTOR:
            return given
        yes = ANSWERED_YES[body.instability >= UNSTABLE]
        return {code: int((place < yes) != mirrored) for place, code in enumerate(given)}

    def draws_of_the_other(design: Any, seed: bytes, stratum: str) -> Any:
        return draws(design, seed, OTHER.get(stratum, stratum) if mirrored else stratum)

    with patch("demo.work.answer", answer_clearly), patch("randomization.sequence._draws", draws_of_the_other):
        yield
