"""The test vector of docs/randomization.md, against the product and against that page written again."""

import hashlib
import hmac
import json
import re
from itertools import count
from pathlib import Path

import pytest

from randomization.commitment import commit, verify
from randomization.design import read_design
from randomization.sequence import generate, in_order
from randomization.stream import ALGORITHM
from tests.unit.randomization.designs import SEED, big_stick, blocks, simple

PAGE = Path(__file__).parents[3] / "docs" / "randomization.md"


@pytest.fixture(scope="module")
def vector():
    return json.loads(re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1])


def written(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def numbers(seed, fingerprint, stratum, block):
    """A function that draws a number below a bound, as the page tells it."""

    def words():
        for n in count():
            piece = hmac.new(
                seed, written(["armslength-1", fingerprint, stratum, block]) + n.to_bytes(8, "big"), hashlib.sha256
            ).digest()
            yield from (int.from_bytes(piece[i : i + 4], "big") for i in range(0, 32, 4))

    stream = words()

    def below(bound):
        return next(w for w in stream if w < 2**32 - 2**32 % bound) % bound

    return below


def rewritten_list(document, seed, stratum):
    """[position, block, arm index] of one stratum, from the page alone."""
    own = {key: document[key] for key in document.keys() - {"arms", "strata", "slots_per_stratum"}}
    fingerprint = hashlib.sha256(written(own)).hexdigest()
    ratio, length, drawn = document["ratio"], document["slots_per_stratum"], []
    below = numbers(seed, fingerprint, stratum, 1)
    for k in count(1):
        if len(drawn) >= length:
            break
        if document["method"] == "permuted_blocks":
            below = numbers(seed, fingerprint, stratum, k)
            size = document["block_sizes"][below(len(document["block_sizes"]))]
            block = [arm for arm, weight in enumerate(ratio) for _ in range(weight * size // sum(ratio))]
            for i in range(size - 1, 0, -1):
                j = below(i + 1)
                block[i], block[j] = block[j], block[i]
            drawn += [(k, arm) for arm in block]
        elif document["method"] == "big_stick":
            lead = sum(1 if arm == 0 else -1 for _, arm in drawn)
            trailing = 1 if lead > 0 else 0
            drawn.append((1, trailing if abs(lead) == document["limit"] else below(2)))
        else:
            ticket = below(sum(ratio))
            drawn.append((1, next(arm for arm in range(len(ratio)) if ticket < sum(ratio[: arm + 1]))))
    return [[position, block, arm] for position, (block, arm) in enumerate(drawn[:length], start=1)]


def test_the_product_gives_the_vector_of_the_page(vector):
    design, seed, salt = read_design(vector["design"]), bytes.fromhex(vector["seed"]), bytes.fromhex(vector["salt"])
    lists = generate(design, seed)
    assert design.fingerprint() == vector["fingerprint"]
    assert {stratum: [slot.arm for slot in slots] for stratum, slots in lists.items()} == vector["list"]
    assert {stratum: [slot.block for slot in slots] for stratum, slots in lists.items()} == vector["blocks"]
    slots = in_order(lists)
    assert commit(ALGORITHM, design, slots, salt) == vector["commitment"]
    assert verify(vector["commitment"], algorithm=ALGORITHM, design=design, slots=slots, salt=salt, seed=seed) is None


def test_the_page_alone_gives_its_vector(vector):
    design, seed = vector["design"], bytes.fromhex(vector["seed"])
    message = written(["armslength-1", vector["fingerprint"], "lsiq=high", 1]) + bytes(8)
    assert hmac.new(seed, message, hashlib.sha256).hexdigest() == vector["first_piece_of_lsiq_high_block_1"]
    slots = []
    for stratum in design["strata"]:
        found = rewritten_list(design, seed, stratum)
        assert [design["arms"][arm] for _, _, arm in found] == vector["list"][stratum]
        assert [block for _, block, _ in found] == vector["blocks"][stratum]
        slots += [[stratum, position, block, design["arms"][arm]] for position, block, arm in found]
    committed = {"algorithm": "armslength-1", "design": design, "list": slots, "salt": vector["salt"]}
    assert hashlib.sha256(written(committed)).hexdigest() == vector["commitment"]


@pytest.mark.parametrize(
    "design",
    [
        blocks(4, 6, 8, strata=["high", "Montréal|>= 9"]),
        blocks(6, 3, ratio=[1, 2]),
        blocks(5, 10, 20, ratio=[2, 1, 2]),
        big_stick(2),
        simple(),
        simple(ratio=[1, 3, 2]),
    ],
    ids=lambda design: f"{design.method} {design.ratio}",
)
def test_the_page_tells_every_method(design):
    for stratum, slots in generate(design, SEED).items():
        expected = [[slot.position, slot.block, design.arm_index(slot.arm)] for slot in slots]
        assert rewritten_list(design.document(), SEED, stratum) == expected
