import hashlib
import hmac

import pytest

from core.problems import Problem
from randomization.stream import KeyedStream
from tests.unit.randomization.designs import SEED
from tests.unit.randomization.statistics import chi_square


def test_the_stream_is_hmac_sha256_in_counter_mode():
    context = b'["armslength-1","all",1]'
    pieces = [hmac.new(SEED, context + n.to_bytes(8, "big"), hashlib.sha256).digest() for n in (0, 1)]
    words = [int.from_bytes(piece[i : i + 4], "big") for piece in pieces for i in range(0, 32, 4)]
    stream = KeyedStream(SEED, ["armslength-1", "all", 1])
    assert [stream.below(1 << 32) for _word in words] == words


def test_another_seed_or_context_is_another_stream():
    def first(seed, context):
        stream = KeyedStream(seed, context)
        return [stream.below(1 << 32) for _draw in range(4)]

    draws = [first(SEED, ["a", 1]), first(SEED, ["a", 2]), first(SEED, ["a1"]), first(SEED[::-1], ["a", 1])]
    assert len({tuple(draw) for draw in draws}) == 4


@pytest.mark.parametrize("bound", [2, 3, 6, 7, 20])
def test_numbers_are_equally_likely(bound):
    stream = KeyedStream(SEED, ["uniform", bound])
    counts = [0] * bound
    for _draw in range(20_000):
        counts[stream.below(bound)] += 1
    # The 99.9th percentiles of chi square with bound - 1 degrees of freedom.
    assert chi_square(counts) < {2: 10.83, 3: 13.82, 6: 20.52, 7: 22.46, 20: 43.82}[bound]


def test_there_is_no_modulo_bias():
    # Taking the remainder alone would put half of the draws into the first third.
    stream = KeyedStream(SEED, ["bias"])
    bound = 3 << 30
    first_third = sum(stream.below(bound) < 1 << 30 for _draw in range(9_000))
    assert abs(first_third - 3_000) < 5 * 45


def test_a_shuffle_keeps_what_it_shuffles():
    stream = KeyedStream(SEED, ["shuffle"])
    items = list("AABBBC")
    stream.shuffle(items)
    assert sorted(items) == list("AABBBC")


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_of_another_size_is_refused(seed):
    with pytest.raises(Problem, match="256 bits"):
        KeyedStream(seed, ["x"])
