import json
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.problems import Problem
from randomization.record import Allocated, first_link, head_of, make_record, moment, next_link, read_record
from randomization.segments import check_extension
from randomization.verification import verify_record
from tests.unit.randomization.designs import (
    SEED,
    big_stick,
    blocks,
    minimization,
    seed_number,
    simple,
    table_of,
    uploaded,
)
from tests.unit.randomization.records import ERRATA, START, allocations_of, record_of, segments_of

SEXES = ["sex=f", "sex=m"]
DESIGNS = {
    "permuted_blocks": [blocks(4, 6, 8, strata=SEXES, slots=60)],
    "extended": [blocks(4, 6, 8, strata=SEXES, slots=12), blocks(4, 6, 8, strata=SEXES, slots=60)],
    "big_stick": [big_stick(3, strata=SEXES, slots=60)],
    "simple": [simple(ratio=[2, 1], strata=["all"], slots=60)],
    "minimization": [minimization(slots=60)],
    "extended_minimization": [minimization(slots=12), minimization(slots=60)],
    "uploaded_table": [uploaded("ABBABAABABABBABA" * 3)],
    "extended_table": [uploaded("ABBABAABAB"), uploaded("BBAABABAABBABAABABBA" * 2)],
}
RECORDS = {name: record_of(*designs, errata=ERRATA) for name, designs in DESIGNS.items()}


def found(document, **options):
    """What reading or verifying a record says, or None."""
    try:
        return verify_record(read_record(json.dumps(document).encode()), **options)
    except Problem as problem:
        return problem


def resealed(document):
    """The record with links and head made anew, as a forger would."""
    link = first_link(document["trial"])
    for entry in document["allocations"]:
        link = entry["link"] = next_link(link, entry)
    document["head"] = head_of(document, link)
    return document


@pytest.mark.parametrize("name", RECORDS)
def test_a_true_record_holds(name):
    assert found(RECORDS[name]) is None
    assert found(resealed(deepcopy(RECORDS[name]))) is None


@pytest.mark.parametrize("name", RECORDS)
def test_it_holds_before_the_first_allocation(name):
    assert found(record_of(*DESIGNS[name], number=0)) is None


def test_errata_change_nothing():
    plain = record_of(*DESIGNS["permuted_blocks"])
    assert found(plain) is None
    assert [each["arm"] for each in plain["allocations"]] == [
        each["arm"] for each in RECORDS["permuted_blocks"]["allocations"]
    ]


def other_hex(text):
    return ("0" if text[0] != "0" else "1") + text[1:]


def swap_arms_in_list(document, at):
    listed = document["segments"][-1]["list"]
    pairs = [n for n in range(len(listed) - 1) if listed[n][0] == listed[n + 1][0] and listed[n][3] != listed[n + 1][3]]
    n = pairs[at % len(pairs)]
    listed[n][3], listed[n + 1][3] = listed[n + 1][3], listed[n][3]


def swap_arms_of_two(document, at):
    made = document["allocations"]
    other = next(n for n in range(len(made)) if made[n]["arm"] != made[at]["arm"])
    made[at]["arm"], made[other]["arm"] = made[other]["arm"], made[at]["arm"]


def swap_order(document, at):
    made = document["allocations"]
    other = (at + 1) % len(made)
    made[at], made[other] = made[other], made[at]


def swap_times(document, at):
    made = document["allocations"]
    other = (at + 1) % len(made)
    made[at]["at"], made[other]["at"] = made[other]["at"], made[at]["at"]


def shift_time(document, at):
    entry = document["allocations"][at]
    entry["at"] = moment(datetime.fromisoformat(entry["at"]) + timedelta(seconds=1))


def drop_allocation(document, at):
    del document["allocations"][at]


def drop_slot(document, at):
    listed = document["segments"][0]["list"]
    del listed[at % len(listed)]


def give_twice(document, at):
    made = document["allocations"]
    made[at]["participant"] = made[at - 1]["participant"]


def other_level(document, at):
    levels = document["allocations"][at]["levels"]
    factor = "sex" if "sex" in levels else "name"
    levels[factor] = "m" if levels.get("sex") == "f" else "f"


def alter(*path):
    def change(document, at):
        parent = document
        for name in path[:-1]:
            parent = parent[at % len(parent) if name == "each" else name]
        value = parent[path[-1]]
        parent[path[-1]] = value + 1 if isinstance(value, int) else other_hex(value)

    return change


def alter_design(document, at):
    segment = document["segments"][at % len(document["segments"])]
    design = segment["design"]
    changes = {
        "arms": design["arms"][::-1],
        "ratio": [weight + 1 for weight in design["ratio"]],
        "slots_per_stratum": design["slots_per_stratum"] + 1,
        "method": "simple" if design["method"] != "simple" else "big_stick",
        "strata": [*design["strata"], "more"],
    }
    name = list(changes)[at % len(changes)]
    design[name] = changes[name]


def late_activation(document, at):
    document["segments"][-1]["activated_at"] = "2024-01-01T00:00:00.000000Z"


def drop_erratum(document, at):
    del document["errata"][at % len(document["errata"])]


LIST_ONLY = {swap_arms_in_list, drop_slot}
TAMPERING = {
    "arms of two slots": (swap_arms_in_list, {"verify.slot"}),
    "a slot dropped": (drop_slot, {"verify.missing", "verify.commitment"}),
    "arms of two participants": (swap_arms_of_two, {"verify.arm"}),
    "order": (swap_order, {"verify.time", "verify.order", "verify.levels", "verify.link"}),
    "times of two": (swap_times, {"verify.time", "verify.link"}),
    "a time": (shift_time, {"verify.link"}),
    "an allocation dropped": (drop_allocation, {"verify.order", "verify.link", "verify.arm", "verify.head"}),
    "a participant twice": (give_twice, {"verify.twice", "verify.link"}),
    "levels": (other_level, {"verify.levels", "verify.arm", "verify.link"}),
    "a position": (alter("allocations", "each", "position"), {"verify.order"}),
    "a link": (alter("allocations", "each", "link"), {"verify.link"}),
    "a name": (alter("allocations", "each", "participant"), {"verify.link"}),
    "seed": (alter("segments", "each", "seed"), {"verify.slot", "verify.commitment"}),
    "salt": (alter("segments", "each", "salt"), {"verify.commitment"}),
    "commitment": (alter("segments", "each", "commitment"), {"verify.commitment"}),
    "algorithm": (alter("segments", "each", "algorithm"), {"verify.algorithm"}),
    "design": (
        alter_design,
        {"verify.design", "verify.slot", "verify.missing", "verify.surplus", "verify.commitment", "segment.changed"},
    ),
    "activation": (late_activation, {"verify.head"}),
    "trial": (alter("trial"), {"verify.link"}),
    "an erratum": (drop_erratum, {"verify.head"}),
    "head": (alter("head"), {"verify.head"}),
}


@pytest.mark.parametrize("tampering", TAMPERING)
@settings(derandomize=True, max_examples=25, deadline=None)
@given(name=st.sampled_from(list(RECORDS)), data=st.data())
def test_any_single_tampering_is_found_and_named(tampering, name, data):
    tamper, codes = TAMPERING[tampering]
    document = deepcopy(RECORDS[name])
    assume(tamper not in LIST_ONLY or "list" in document["segments"][0])
    # The list of a table does not come from a seed.
    assume(tampering != "seed" or "table" not in name)
    tamper(document, data.draw(st.integers(0, len(document["allocations"]) - 1)))
    finding = found(document)
    assert finding is not None
    assert finding.code in codes
    assert finding.sentence


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    name=st.sampled_from(list(RECORDS)),
    tampering=st.sampled_from(
        ["arms of two slots", "arms of two participants", "a position", "salt", "commitment", "a participant twice"]
    ),
    at=st.integers(0, 19),
)
def test_a_forger_who_makes_links_and_head_anew_is_found_too(name, tampering, at):
    tamper, _codes = TAMPERING[tampering]
    document = deepcopy(RECORDS[name])
    assume(tamper not in LIST_ONLY or "list" in document["segments"][0])
    tamper(document, at)
    assert found(resealed(document)) is not None


def test_the_sentence_names_participant_stratum_and_position():
    document = deepcopy(RECORDS["permuted_blocks"])
    entry = document["allocations"][5]
    entry["arm"] = "B" if entry["arm"] == "A" else "A"
    sentence = found(document).sentence
    assert sentence.startswith(f"Participant SB-005, stratum {entry['stratum']}, position {entry['position']}")


def test_the_sentence_names_the_segment_if_there_are_several():
    document = deepcopy(RECORDS["extended"])
    document["segments"][1]["salt"] = other_hex(document["segments"][1]["salt"])
    assert found(document).sentence.startswith("Segment 2: ")


def test_a_whole_other_record_does_not_have_the_published_commitment():
    true = RECORDS["extended"]
    published = [segment["commitment"].upper() for segment in true["segments"]]
    assert found(true, published=published) is None
    segments = segments_of(*DESIGNS["extended"], seeds=[seed_number(1), seed_number(1)])
    forged = make_record("STRONG-BACK", segments, allocations_of(segments, 40))
    assert found(forged) is None
    assert found(forged, published=published).code == "verify.published"
    assert "2 segments" in found(true, published=published[:1]).sentence


def test_slots_of_an_extension_are_taken_after_it_went_live():
    segments = segments_of(*DESIGNS["extended"], days_apart=60)
    early = make_record("STRONG-BACK", segments, allocations_of(segments, 40))
    finding = found(early)
    assert finding.code == "verify.activation"
    assert "before the segment went live at 2025-04-29" in finding.sentence


def test_a_place_past_the_end_is_named():
    segments = segments_of(minimization(slots=10))
    assert found(make_record("STRONG-BACK", segments, allocations_of(segments, 11))).code == "verify.end"


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        (blocks(4, 6, 8, strata=SEXES, slots=12), "more slots than the 12"),
        (blocks(4, strata=SEXES, slots=60), "block sizes"),
        (blocks(6, ratio=[2, 1], strata=SEXES, slots=60), "ratio"),
        (blocks(4, 6, 8, ratio={"B": 1, "A": 1}, strata=SEXES, slots=60), "arms"),
        (blocks(4, 6, 8, strata=["sex=m", "sex=f"], slots=60), "strata"),
        (simple(strata=SEXES, slots=60), "method"),
    ],
)
def test_an_extension_changes_the_length_alone(extension, said):
    assert said in check_extension([DESIGNS["extended"][0]], extension).sentence


def test_an_extension_of_a_table_is_another_table():
    assert check_extension([uploaded()], uploaded("BA")) is None
    one_more = table_of(",1,0", ",1,1")
    slots = segments_of(uploaded("AB"), one_more)[1].slots
    assert [tuple(slot) for slot in slots] == [("sex=f", 3, 1, "A"), ("sex=m", 3, 1, "A")]


def test_an_erratum_of_nobody_is_named():
    document = deepcopy(RECORDS["simple"])
    document["errata"][0]["participant"] = "SB-999"
    assert found(resealed(document)).sentence == "An erratum names participant SB-999, who was not allocated."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("head"), "lacks head"),
        (lambda d: d.update(note="x"), "does not belong there: note"),
        (lambda d: d["allocations"][0].update(position="1"), "allocations.0.position cannot be '1'"),
        (lambda d: d["allocations"][0].update(at="yesterday"), "allocations.0.at cannot be"),
        (lambda d: d["allocations"][0].update(at="2025-03-01T09:00:00"), "allocations.0.at cannot be"),
        (lambda d: d["segments"][0].update(seed="abc"), "segments.0.seed cannot be 'abc'"),
        (lambda d: d.update(segments=[]), "segments cannot be"),
        (lambda d: d.update(format="other"), "format cannot be 'other'"),
        (lambda d: d["errata"][0].update(kind="undone"), "errata.0.kind cannot be 'undone'"),
    ],
)
def test_a_file_of_another_shape_is_refused(change, said):
    document = deepcopy(RECORDS["simple"])
    change(document)
    with pytest.raises(Problem, match=said):
        read_record(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "not JSON"),
        (b"[]", "cannot be"),
        (b"\xff", "not UTF-8"),
        (b'{"trial": "a", "trial": "b"}', "names trial twice"),
        (b"[" * 100_000, "not a record|not JSON"),
        (b'{"trial": "\\ud800"}', "not UTF-8|not a record"),
    ],
)
def test_a_file_that_is_no_record_is_refused(data, said):
    with pytest.raises(Problem, match=said):
        read_record(data)


def test_a_seed_is_no_part_of_a_table():
    document = deepcopy(RECORDS["uploaded_table"])
    document["segments"][0]["seed"] = SEED[::-1].hex()
    assert found(document) is None


def test_levels_may_come_back_from_a_database_in_another_order():
    design = blocks(4, strata=["sex=f; site=a", "sex=m; site=a"], slots=8)
    segments = segments_of(design)
    arm = segments[0].slots[0].arm
    levels = {"site": "a", "sex": "f"}
    taken = Allocated("SB-001", START, "sex=f; site=a", levels, 1, arm)
    assert found(make_record("STRONG-BACK", segments, [taken])) is None
    elsewhere = replace(taken, levels={"site": "a", "sex": "m"})
    assert found(make_record("STRONG-BACK", segments, [elsewhere])).code == "verify.levels"
