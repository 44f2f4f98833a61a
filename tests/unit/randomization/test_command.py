"""The command line, run as a statistician runs it: without database, settings or keys."""

import json
import os
import subprocess
import sys
from contextlib import chdir
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command

from tests.unit.randomization.designs import SEED, TABLE_HEADER, blocks
from tests.unit.randomization.records import record_of

MANAGE = Path(__file__).parents[3] / "manage.py"
BLOCKS = {"method": "permuted_blocks", "ratio": {"RT": 1, "MC": 1}, "block_sizes": [4, 6], "strata": ["high", "low"]}
MINIMIZATION = """
method: minimization
ratio: {RT: 1, MC: 1}
factors: [{code: lsiq, levels: [high, low], weight: 2}, {code: site, levels: [a, b]}]
distance: variance
probability: 80/100
"""
TABLE = """
method: uploaded_table
ratio: {RT: 1, MC: 1}
table: list.csv
arm_codes: {1: RT, 2: MC}
factors: [{code: sex, column: gender, levels: {0: f, 1: m}}]
"""


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*arguments, cwd):
    """The command within this process; paths are taken from a folder."""
    out = StringIO()
    with chdir(cwd):
        try:
            call_command("randomization", *arguments, stdout=out)
        except CommandError as error:
            return Ran(error.returncode, out.getvalue(), str(error))
    return Ran(0, out.getvalue(), "")


def run_bare(*arguments, cwd):
    """The command as a process that has nothing but the path: no setting, no database, no key."""
    environment = {"PATH": os.environ["PATH"]}
    command = [sys.executable, str(MANAGE), "randomization", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def preview(folder, design, *arguments):
    (folder / "design.yaml").write_text(design if isinstance(design, str) else json.dumps(design), encoding="utf-8")
    return run("preview", "--design", "design.yaml", *arguments, cwd=folder)


def rows(result):
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def table(tmp_path):
    lines = [TABLE_HEADER, ",1,0", ",2,0", ",2,1", ",1,1"]
    (tmp_path / "list.csv").write_text("\n".join(lines), encoding="utf-8")


def test_the_same_seed_gives_the_same_list(tmp_path):
    one, two = (preview(tmp_path, BLOCKS, "--slots", "8", "--seed", SEED.hex()) for _time in range(2))
    assert rows(one) == rows(two)
    assert [row["stratum"] for row in rows(one)] == ["high"] * 8 + ["low"] * 8
    assert [row["position"] for row in rows(one)] == [*range(1, 9)] * 2
    assert set(rows(one)[0]) == {"stratum", "position", "block", "arm"}


def test_without_a_seed_it_is_another_list_each_time(tmp_path):
    design = {**BLOCKS, "strata": ["all"]}
    one, two = (rows(preview(tmp_path, design, "--slots", "80")) for _time in range(2))
    assert one != two


def test_arrivals_of_a_minimization_are_simulated(tmp_path):
    found = rows(preview(tmp_path, MINIMIZATION, "--slots", "40", "--seed", SEED.hex()))
    assert [row["position"] for row in found] == [*range(1, 41)]
    assert {row["stratum"] for row in found} == {f"lsiq={a}; site={b}" for a in ("high", "low") for b in "ab"}
    assert {row["arm"] for row in found} == {"RT", "MC"}
    assert {row["block"] for row in found} == {1}


def test_a_table_is_shown_as_it_is(tmp_path, table):
    found = rows(preview(tmp_path, TABLE))
    assert [(row["stratum"], row["arm"]) for row in found] == [
        ("sex=f", "RT"),
        ("sex=f", "MC"),
        ("sex=m", "MC"),
        ("sex=m", "RT"),
    ]
    assert len(rows(preview(tmp_path, TABLE, "--slots", "1"))) == 2


@pytest.mark.parametrize(
    ("design", "arguments", "said"),
    [
        (BLOCKS, [], "slots_per_stratum is missing"),
        (BLOCKS, ["--slots", "0"], "1 to 100000 slots"),
        (BLOCKS, ["--slots", "-3"], "1 to 100000 slots"),
        (BLOCKS, ["--slots", "8", "--seed", "xyz"], "hexadecimal"),
        (BLOCKS, ["--slots", "8", "--seed", "00"], "256 bits"),
        ({**BLOCKS, "block_sizes": [5]}, ["--slots", "8"], "multiples of 2"),
        ({**BLOCKS, "method": "dice"}, ["--slots", "8"], "Choose a method"),
        ("- a\n- b\n", ["--slots", "8"], "does not hold a design"),
        ("a: [", ["--slots", "8"], "Line"),
        (MINIMIZATION, ["--slots", "0"], "1 to 100000"),
        (MINIMIZATION.replace("80/100", "0.8"), ["--slots", "8"], "such as 80/100"),
        (MINIMIZATION.replace("variance", "luck"), ["--slots", "8"], "distance is one of"),
        (MINIMIZATION.replace("levels: [a, b]", "level: [a]"), ["--slots", "8"], "factors.1.level"),
        (TABLE, ["--slots", "9"], "The table holds 2 slots"),
        (TABLE.replace("list.csv", "no.csv"), [], "no.csv cannot be opened"),
        (TABLE.replace("{1: RT", "{3: RT"), [], "Row 2: redcap_randomization_group cannot be 1"),
        (TABLE.replace("{RT: 1, MC: 1}", "[1, 1]"), [], "arms with their weights"),
        (TABLE.replace("list.csv", "[1]"), [], "Name the file"),
        (TABLE.replace("column: gender", "header: gender"), [], "Write each factor as"),
        (TABLE.replace("levels: {0: f, 1: m}", "levels: 2"), [], "list the codes"),
        (TABLE + "block_sizes: [4]\n", [], "block_sizes is no part"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_2(tmp_path, table, design, arguments, said):
    result = preview(tmp_path, design, *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_process_without_any_setting_previews(tmp_path):
    arguments = ["--slots", "8", "--seed", SEED.hex()]
    expected = preview(tmp_path, BLOCKS, *arguments)
    found = run_bare("preview", "--design", "design.yaml", *arguments, cwd=tmp_path)
    assert (found.returncode, found.stdout) == (0, expected.stdout)
    refused = run_bare("preview", "--design", "design.yaml", "--slots", "many", cwd=tmp_path)
    assert refused.returncode == 2
    assert "invalid int value" in refused.stderr
    missing = run_bare("preview", "--design", "none.yaml", cwd=tmp_path)
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr


def test_a_design_that_is_not_there_is_a_sentence(tmp_path):
    result = run("preview", "--design", "none.yaml", cwd=tmp_path)
    assert result.returncode == 2
    assert "none.yaml: cannot be opened" in result.stderr


@pytest.fixture
def record(tmp_path):
    document = record_of(blocks(4, 6, strata=["sex=f", "sex=m"], slots=40))
    (tmp_path / "record.json").write_text(json.dumps(document), encoding="utf-8")
    return document


def test_a_true_record_is_verified_by_a_process_without_any_setting(tmp_path, record):
    result = run_bare("verify", "record.json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "STRONG-BACK holds: 40 allocations" in result.stdout
    assert record["segments"][0]["commitment"] in result.stdout


def test_the_first_discrepancy_is_named_with_exit_1(tmp_path, record):
    record["allocations"][7]["at"] = "2020-01-01T00:00:00Z"
    (tmp_path / "record.json").write_text(json.dumps(record), encoding="utf-8")
    result = run_bare("verify", "record.json", cwd=tmp_path)
    assert result.returncode == 1
    assert "Participant SB-007" in result.stderr
    assert result.stdout == ""


def test_the_published_commitment_is_compared(tmp_path, record):
    commitment = record["segments"][0]["commitment"]
    held = run("verify", "record.json", "--commitment", commitment, cwd=tmp_path)
    assert held.returncode == 0
    assert f"commitment {commitment}: it is the published one." in held.stdout
    assert "compare it" not in held.stdout
    assert "compare it with the published one" in run("verify", "record.json", cwd=tmp_path).stdout
    result = run("verify", "record.json", "--commitment", "0" * 64, cwd=tmp_path)
    assert result.returncode == 1
    assert "not the one that was published" in result.stderr


def test_a_file_of_commitments_alone_is_told_from_a_record(tmp_path):
    public = {"format": "armslength-commitments-1", "trial": "STRONG-BACK", "segments": []}
    (tmp_path / "public.json").write_text(json.dumps(public), encoding="utf-8")
    result = run("verify", "public.json", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "This file holds commitments only. The record is exported once the list is revealed."


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no json"])
def test_a_file_that_is_no_record_is_exit_2(tmp_path, text):
    (tmp_path / "record.json").write_text(text, encoding="utf-8")
    result = run("verify", "record.json", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr


def test_a_record_that_is_not_there_is_exit_2(tmp_path):
    assert run("verify", "none.json", cwd=tmp_path).returncode == 2
