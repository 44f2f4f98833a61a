"""The keyed stream that every draw comes from: a stated, versioned algorithm.

docs/randomization.md describes it in full, with test vectors. Only HMAC-SHA256 and whole numbers are
used, so that the same seed and context give the same draws on every machine and Python version.
"""

import hmac
from collections.abc import MutableSequence, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem
from randomization.design import canonical_json

ALGORITHM = "armslength-1"
SEED_BYTES = 32
_WORD_BYTES = 4
_WORDS = 1 << (8 * _WORD_BYTES)


class KeyedStream:
    """Unbiased draws from HMAC-SHA256 in counter mode.

    The key is the 256-bit seed. Piece n (0, 1, ...) of the stream is the HMAC of the context, in
    canonical JSON, followed by n as 8 bytes, big-endian. Raises `Problem` for a seed of another size.
    """

    def __init__(self, seed: bytes, context: Sequence[Any]) -> None:
        if len(seed) != SEED_BYTES:
            sentence = _("A seed has %(bits)d bits (%(digits)d hexadecimal digits).")
            params = {"bits": 8 * SEED_BYTES, "digits": 2 * SEED_BYTES}
            raise Problem("stream.seed", sentence, field="seed", params=params)
        self._seed = seed
        self._message = canonical_json(list(context))
        self._counter = 0
        self._piece = b""
        self._place = 0

    def _word(self) -> int:
        """The next 4 bytes of the stream, big-endian."""
        if self._place == len(self._piece):
            message = self._message + self._counter.to_bytes(8, "big")
            self._piece = hmac.digest(self._seed, message, "sha256")
            self._counter += 1
            self._place = 0
        start, self._place = self._place, self._place + _WORD_BYTES
        return int.from_bytes(self._piece[start : self._place], "big")

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1, each equally likely; 1 <= bound <= 2**32.

        Words past the largest multiple of the bound are thrown away, so the remainder has no bias.
        """
        limit = _WORDS - _WORDS % bound
        word = self._word()
        while word >= limit:
            word = self._word()
        return word % bound

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Put the items into random order in place, from the last place down (Fisher-Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
