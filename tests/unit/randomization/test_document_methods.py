"""The further test vectors of docs/randomization.md, against the product and against that page written again."""

import csv
import hashlib
import hmac
import json
import re
from fractions import Fraction
from itertools import combinations, count
from math import isqrt, lcm
from pathlib import Path
from types import SimpleNamespace

import pytest

from randomization.commitment import commit, commit_dynamic
from randomization.design import read_design
from randomization.minimization import simulate
from randomization.record import read_record
from randomization.segments import check_extension, segment_slots, slots_after
from randomization.sequence import generate, in_order
from randomization.simulation import simulate_trials
from randomization.strata import keys_of
from randomization.stream import ALGORITHM
from randomization.table import TableField, TableKey, read_table
from randomization.verification import verify_record
from tests.unit.randomization.designs import SEED, minimization

PAGE = (Path(__file__).parents[3] / "docs" / "randomization.md").read_text(encoding="utf-8")
_FIRST, LISTS, MINIMIZATIONS, TABLE, EXTENDED, RECORD = (
    json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
)


def written(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(value):
    return hashlib.sha256(written(value)).hexdigest()


def stream(seed, *context):
    """A function that draws a number below a bound."""

    def words():
        for n in count():
            piece = hmac.new(seed, written(["armslength-1", *context]) + n.to_bytes(8, "big"), hashlib.sha256).digest()
            yield from (int.from_bytes(piece[i : i + 4], "big") for i in range(0, 32, 4))

    following = words()
    return lambda bound: next(w for w in following if w < 2**32 - 2**32 % bound) % bound


def rewritten_allocation(design, seed, fingerprint, placed, levels):
    """An allocation with all that led to it, from the page alone. `placed`: [(levels, arm index)]."""
    ratio, arms = design["ratio"], range(len(design["arms"]))
    common = lcm(*ratio)

    def distance(y):
        spread = len(y) * sum(each * each for each in y) - sum(y) ** 2
        return {
            "range": max(y) - min(y),
            "variance": spread,
            "standard_deviation": isqrt(spread * 2**128),
            "marginal_balance": Fraction(sum(abs(a - b) for a, b in combinations(y, 2)), sum(y)),
        }[design["distance"]]

    counted = [(factor["weight"], factor["code"]) for factor in design["factors"]]
    counted += [(design["overall_weight"], None)] if design["overall_weight"] else []
    imbalance = []
    for k in arms:
        total = 0
        for weight, code in counted:
            alike = [arm for held, arm in placed if code is None or held[code] == levels[code]] + [k]
            total += weight * distance([alike.count(j) * common // ratio[j] for j in arms])
        imbalance.append(total)
    slack = sum(weight for weight, _ in counted) if design["distance"] == "standard_deviation" else 0
    tied = [k for k in arms if imbalance[k] <= min(imbalance) + slack]

    below = stream(seed, fingerprint, "all", len(placed) + 1)
    tie, preferred = None, tied[0]
    if len(tied) > 1:
        tickets = [k for k in tied for _ in range(ratio[k])]
        tie = [below(len(tickets)), len(tickets)]
        preferred = tickets[tie[0]]
    a, b = (int(part) for part in design["probability"].split("/"))
    faces = b * (sum(ratio) - min(ratio))
    others = [j for j in arms if j != preferred for _ in range((b - a) * ratio[j])]
    coin = [below(faces), faces]
    arm = ([preferred] * (faces - len(others)) + others)[coin[0]]
    name = design["arms"]
    return {
        "number": len(placed) + 1,
        "levels": levels,
        "imbalance": {name[k]: str(imbalance[k]) for k in arms},
        "tied": [name[k] for k in tied],
        "tie": tie,
        "preferred": name[preferred],
        "coin": coin,
        "arm": name[arm],
    }


def rewritten_arrivals(design, seed, number):
    """Simulated arrivals with their allocations, from the page alone."""
    shape = {key: value for key, value in design.items() if key not in {"arms", "strata", "slots_per_stratum"}}
    fingerprint = sha256(shape)
    placed, made = [], []
    for n in range(1, number + 1):
        below = stream(seed, fingerprint, "arrivals", n)
        levels = {factor["code"]: factor["levels"][below(len(factor["levels"]))] for factor in design["factors"]}
        made.append(rewritten_allocation(design, seed, fingerprint, placed, levels))
        placed.append((levels, design["arms"].index(made[-1]["arm"])))
    return fingerprint, made


@pytest.mark.parametrize("vector", LISTS, ids=lambda vector: vector["design"]["method"])
def test_the_lists_of_the_page(vector):
    design = read_design(vector["design"])
    slots = in_order(generate(design, bytes.fromhex(vector["seed"])))
    assert "".join(slot.arm for slot in slots) == vector["list"]
    assert commit(ALGORITHM, design, slots, bytes.fromhex(vector["salt"])) == vector["commitment"]
    listed = [["all", place, 1, arm] for place, arm in enumerate(vector["list"], start=1)]
    committed = {"algorithm": "armslength-1", "design": vector["design"], "list": listed, "salt": vector["salt"]}
    assert sha256(committed) == vector["commitment"]


@pytest.mark.parametrize("vector", MINIMIZATIONS, ids=lambda vector: vector["design"]["distance"])
def test_the_minimizations_of_the_page(vector):
    design, seed = read_design(vector["design"]), bytes.fromhex(vector["seed"])
    assert [made.document() for made in simulate(design, seed, 8)] == vector["allocations"]
    assert design.fingerprint() == vector["fingerprint"]
    assert commit_dynamic(ALGORITHM, design, seed, bytes.fromhex(vector["salt"])) == vector["commitment"]


@pytest.mark.parametrize("vector", MINIMIZATIONS, ids=lambda vector: vector["design"]["distance"])
def test_the_page_alone_gives_its_minimizations(vector):
    found = rewritten_arrivals(vector["design"], bytes.fromhex(vector["seed"]), 8)
    assert found == (vector["fingerprint"], vector["allocations"])
    committed = {name: vector[name] for name in ("design", "seed", "salt")}
    assert sha256({"algorithm": "armslength-1", **committed}) == vector["commitment"]


@pytest.mark.parametrize("distance", ["range", "variance", "standard_deviation", "marginal_balance"])
@pytest.mark.parametrize("ratio", [[1, 1], [2, 1], [3, 2, 2]])
def test_the_page_tells_every_minimization(distance, ratio):
    design = minimization(ratio=ratio, distance=distance, weights={"sex": 2}, overall_weight=1, probability="85/100")
    expected = [made.document() for made in simulate(design, SEED, 40)]
    assert rewritten_arrivals(design.document(), SEED, 40)[1] == expected


def test_the_table_of_the_page():
    key = TableKey({"1": "A", "2": "B"}, [TableField("gender", "sex", {"0": "f", "1": "m"})])
    design = read_table(TABLE["file"].encode(), key=key, ratio={"A": 1, "B": 1})
    assert design.document() == TABLE["design"]
    assert (
        commit(ALGORITHM, design, in_order(generate(design, SEED)), bytes.fromhex(TABLE["salt"])) == TABLE["commitment"]
    )


def test_the_page_alone_gives_its_table():
    design = TABLE["design"]
    assert hashlib.sha256(TABLE["file"].encode()).hexdigest() == design["sha256"]
    rows = [row[1:3] for row in csv.reader(TABLE["file"].splitlines()) if any(row[:3])][1:]
    lists = {
        stratum: [int(arm) - 1 for arm, sex in rows if sex == code]
        for stratum, code in zip(design["strata"], "01", strict=True)
    }
    assert list(lists.values()) == design["table"]
    listed = [
        [stratum, place, 1, "AB"[arm]] for stratum, arms in lists.items() for place, arm in enumerate(arms, start=1)
    ]
    committed = {"algorithm": "armslength-1", "design": design, "list": listed, "salt": TABLE["salt"]}
    assert sha256(committed) == TABLE["commitment"]


def test_the_extended_table_of_the_page():
    key = TableKey({"1": "A", "2": "B"}, [TableField("gender", "sex", {"0": "f", "1": "m"})])
    earlier = []
    for segment in EXTENDED:
        design = read_table(segment["file"].encode(), key=key, ratio={"A": 1, "B": 1})
        slots = segment_slots(design, SEED, slots_after(earlier))
        assert design.document() == segment["design"]
        assert [list(slot) for slot in slots] == segment["list"]
        assert commit(ALGORITHM, design, slots, bytes.fromhex(segment["salt"])) == segment["commitment"]
        assert not earlier or check_extension(earlier, design) is None
        earlier.append(design)
    assert slots_after(earlier) == {"sex=f": 4, "sex=m": 3}


def test_the_page_alone_gives_its_extended_table():
    taken = {"sex=f": 0, "sex=m": 0}
    for segment in EXTENDED:
        design, listed = segment["design"], []
        assert hashlib.sha256(segment["file"].encode()).hexdigest() == design["sha256"]
        assert design["slots_per_stratum"] == min(map(len, design["table"]))
        for stratum, arms in zip(design["strata"], design["table"], strict=True):
            listed += [[stratum, place, 1, "AB"[arm]] for place, arm in enumerate(arms, start=taken[stratum] + 1)]
            taken[stratum] += len(arms)
        assert listed == segment["list"]
        committed = {"algorithm": "armslength-1", "design": design, "list": listed, "salt": segment["salt"]}
        assert sha256(committed) == segment["commitment"]


def test_the_page_alone_names_the_strata():
    """The name of a stratum goes into every draw; the protocol's order of factors and levels makes it."""
    protocol = SimpleNamespace(strata=[factor("lsiq", "high", "low"), factor("site", "a", "b")])
    assert "`lsiq=high; site=b`" in PAGE
    assert keys_of(protocol) == tuple(f"lsiq={lsiq}; site={site}" for lsiq in ("high", "low") for site in "ab")
    assert keys_of(SimpleNamespace(strata=[])) == ("all",)


def factor(code, *levels):
    """A factor of the protocol's strata."""
    return SimpleNamespace(code=code, levels=[SimpleNamespace(code=level) for level in levels])


def test_the_record_of_the_page_holds():
    assert verify_record(read_record(json.dumps(RECORD).encode())) is None


def test_the_page_alone_gives_links_and_head():
    link = sha256([RECORD["format"], RECORD["trial"]])
    for entry in RECORD["allocations"]:
        link = sha256([link, {name: value for name, value in entry.items() if name != "link"}])
        assert link == entry["link"]
    segments = [[segment["commitment"], segment["activated_at"]] for segment in RECORD["segments"]]
    covered = {name: RECORD[name] for name in ("format", "trial", "errata")}
    assert sha256({**covered, "segments": segments, "last": link}) == RECORD["head"]


@pytest.mark.parametrize(
    ("probability", "knows", "site", "certain"),
    re.findall(r"\| (\d+/\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|", PAGE),
)
def test_the_figures_of_the_page_are_foretold(probability, knows, site, certain):
    found = simulate_trials(minimization(probability=probability), 120, 200)
    assert found.guess_rate == pytest.approx(float(knows), abs=0.003)
    assert found.guess_rate_within["site"] == pytest.approx(float(site), abs=0.003)
    assert found.certain == pytest.approx(float(certain), abs=0.005)
