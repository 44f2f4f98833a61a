import hashlib

import pytest

from core.problems import Invalid, Problem
from randomization import table
from randomization.commitment import commit, verify
from randomization.design import read_design
from randomization.sequence import generate, in_order
from randomization.stream import ALGORITHM
from randomization.table import TableField, TableKey, read_table
from tests.unit.randomization.designs import SEED, TABLE_HEADER, TABLE_KEY, table_of, uploaded

GOOD = [",1,0", ",2,0", ",2,1", ",1,1"]


def arms(design):
    return {stratum: "".join(slot.arm for slot in slots) for stratum, slots in generate(design, SEED).items()}


def sentences(*rows, header=TABLE_HEADER, key=TABLE_KEY):
    with pytest.raises(Problem) as caught:
        table_of(*rows, header=header, key=key)
    return caught.value.sentence


def test_the_order_of_rows_is_the_order_of_use_in_each_stratum():
    design = table_of(",1,0", ",2,1", ",2,0", ",2,0", ",1,1")
    assert arms(design) == {"sex=f": "ABB", "sex=m": "BA"}
    assert [slot.position for slot in generate(design, SEED)["sex=f"]] == [1, 2, 3]
    assert design.slots_per_stratum == 2


def test_the_design_says_where_the_list_came_from():
    data = "\r\n".join([TABLE_HEADER, *GOOD]).encode()
    design = read_table(data, key=TABLE_KEY, ratio={"A": 1, "B": 1})
    assert design.sha256 == hashlib.sha256(data).hexdigest()
    assert read_design(design.document()) == design


def test_without_strata_there_is_one_list():
    header = "redcap_randomization_number,redcap_randomization_group"
    design = table_of("7,1", "7,2", header=header, key=TableKey({"1": "A", "2": "B"}))
    assert arms(design) == {"all": "AB"}


def test_a_concealed_table_holds_the_arm_in_its_number():
    key = TableKey({"K1": "A", "K2": "B"})
    assert arms(table_of("K2,", "K1,", header="redcap_randomization_number,redcap_randomization_group", key=key)) == {
        "all": "BA"
    }
    assert arms(table_of("K2", "K1", header="redcap_randomization_number", key=key)) == {"all": "BA"}


def test_sites_are_a_column_like_any_other():
    fields = [TABLE_KEY.fields[0], TableField("redcap_data_access_group", "site", {"331": "mtl", "332": "qc"})]
    header = f"{TABLE_HEADER},redcap_data_access_group"
    design = table_of(
        ",1,0,331", ",2,0,332", ",1,1,331", ",2,1,332", header=header, key=TableKey(TABLE_KEY.arm_codes, fields)
    )
    assert arms(design) == {
        "sex=f; site=mtl": "A",
        "sex=f; site=qc": "B",
        "sex=m; site=mtl": "A",
        "sex=m; site=qc": "B",
    }


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (TABLE_HEADER, [*GOOD, ",,", "", " , , "]),
        (f"{TABLE_HEADER},,,", [GOOD[0], f"{GOOD[1]},,,NOTES:", ',,,,,"two\r\nlines, =1+1"', *GOOD[2:]]),
        (f"{TABLE_HEADER},,", [GOOD[0], f"{GOOD[1]},,,NOTES:", *GOOD[2:]]),
        (TABLE_HEADER, [GOOD[0], f"{GOOD[1]},,,NOTES:", *GOOD[2:]]),
        (f"{TABLE_HEADER},,,NOTES", [GOOD[0], f"{GOOD[1]},,,anything", *GOOD[2:]]),
        (f"{TABLE_HEADER},NOTES,", [GOOD[0], f"{GOOD[1]},anything,more", *GOOD[2:]]),
    ],
)
def test_blank_rows_and_notes_are_left_out(header, rows):
    assert arms(table_of(*rows, header=header)) == {"sex=f": "AB", "sex=m": "BA"}


def test_a_byte_order_mark_is_no_part_of_the_header():
    data = "\ufeff" + "\n".join([TABLE_HEADER, *GOOD])
    assert arms(read_table(data.encode(), key=TABLE_KEY, ratio={"A": 1, "B": 1})) == {"sex=f": "AB", "sex=m": "BA"}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (f"{TABLE_HEADER},age", "the column age is unknown"),
        ("redcap_randomization_group", "The column gender of the strata is missing."),
        ("gender", "The arm is missing"),
        (f"{TABLE_HEADER},gender", "names the column gender twice"),
        ("redcap_randomization_number,,gender", "Row 1, column 2: the header is empty"),
        (",redcap_randomization_group,gender", "Row 1, column 1: the header is empty"),
        (TABLE_HEADER.replace(",", ";"), "not separated by commas"),
        ("", "Row 1 is empty"),
        (TABLE_HEADER.upper(), "is unknown"),
    ],
)
def test_a_malformed_header_is_refused(header, said):
    assert said in sentences(*GOOD, header=header)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([*GOOD, ",3,0"], "Row 6: redcap_randomization_group cannot be 3. Its codes are 1, 2."),
        ([*GOOD, ",1,9"], "Row 6: gender cannot be 9. Its codes are 0, 1."),
        ([*GOOD, "", ",1,"], "Row 7: gender is empty."),
        ([*GOOD, ",,0"], "Row 6: redcap_randomization_group is empty."),
        (["=1+1,1,0", *GOOD], "Row 2: redcap_randomization_number holds a formula."),
        ([*GOOD, ",+A1,0"], "Row 6: redcap_randomization_group holds a formula."),
        ([*GOOD, ",-cmd,0"], "holds a formula"),
        ([*GOOD, ",@SUM,0"], "holds a formula"),
        (GOOD[:2], "The table has no row for the stratum sex=m."),
        ([], "no row for the stratum sex=f"),
        ([*GOOD, ",1,0,surplus"], "Row 6, column 4 holds a value, but row 1 does not name the column."),
        ([*GOOD, ',"1,0'], "Row 6 cannot be read as CSV"),
        ([*GOOD, ",1\0,0"], "not text"),
    ],
)
def test_a_malformed_row_is_refused_with_its_number(rows, said):
    assert said in sentences(*rows)


def test_all_faulty_rows_are_told_up_to_twenty():
    with pytest.raises(Invalid) as caught:
        table_of(",3,0", ",1,7", *GOOD)
    assert [problem.params["row"] for problem in caught.value.problems] == [2, 3]
    with pytest.raises(Invalid) as caught:
        table_of(*[",3,0"] * 50)
    assert len(caught.value.problems) == 20


def test_a_negative_code_is_no_formula():
    key = TableKey({"-1": "A", "1": "B"})
    assert arms(table_of(",-1", ",1", header="redcap_randomization_number,redcap_randomization_group", key=key)) == {
        "all": "AB"
    }


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Montréal".encode("latin-1"), "Row 1 is not UTF-8"),
        (b"a,b\nc,\xff", "Row 2 is not UTF-8"),
        (TABLE_HEADER.encode("utf-16"), "is not UTF-8"),
        (b"a" * 5_000_001, "larger than 5 MB"),
        (b"", "Row 1 is empty"),
        (b'"' + b"a" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data, said):
    with pytest.raises(Problem, match=said):
        read_table(data, key=TABLE_KEY, ratio={"A": 1, "B": 1})


def test_a_list_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(table, "LONGEST_LIST", 3)
    assert "1 to 3 slots" in sentences(*[",1,0"] * 4)


def test_a_code_for_an_arm_that_the_trial_lacks_is_refused():
    assert "no arm C" in sentences(*GOOD, key=TableKey({"1": "A", "2": "C"}, TABLE_KEY.fields))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("sha256", {"sha256": "f00"}),
        ("table", {"table": [[0, 1]]}),
        ("table", {"table": [[0, 1], [2]]}),
        ("slots_per_stratum", {"slots_per_stratum": 3}),
        ("slots_per_stratum", {"table": [[0], []]}),
    ],
)
def test_a_stored_table_is_checked(field, changes):
    with pytest.raises(Invalid) as caught:
        document = {**table_of(*GOOD).document(), **changes}
        if "table" in changes:
            del document["slots_per_stratum"]
        read_design(document)
    assert field in {problem.field for problem in caught.value.problems}


def test_the_list_is_the_tables_whatever_the_seed():
    design = uploaded()
    assert generate(design, SEED) == generate(design, bytes(32))
    assert {slot.block for slot in in_order(generate(design, SEED))} == {1}
    assert arms(design) == {"sex=f": "ABBABAABABABBABA", "sex=m": "ABBABAABABABBABA"}


def test_no_more_slots_can_be_asked_for_than_the_table_holds():
    assert len(generate(uploaded(), SEED, 3)["sex=f"]) == 3
    with pytest.raises(Problem, match="16 slots of stratum sex=f, not 17"):
        generate(uploaded(), SEED, 17)


def test_strata_of_different_length_are_committed_to_and_verified():
    design = table_of(",1,0", ",2,1", ",2,0", ",2,0", ",1,1")
    slots, salt = in_order(generate(design, SEED)), bytes(32)
    commitment = commit(ALGORITHM, design, slots, salt)
    facts = {"algorithm": ALGORITHM, "design": design, "salt": salt, "seed": SEED}
    assert verify(commitment, slots=slots, **facts) is None
    slots[0], slots[1] = slots[0]._replace(arm="B"), slots[1]._replace(arm="A")
    assert verify(commitment, slots=slots, **facts).code == "verify.slot"
