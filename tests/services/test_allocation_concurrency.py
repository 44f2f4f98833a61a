"""Many requests at once, from several processes: every slot once, in order, and never one too many."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.rig import PATIENCE, ROOT, Rig, installed

PEOPLE, LEFT, LIST = 8, 5, 106
ASKING = ("marc", "marc", "priya")
THREADS = 4


@pytest.fixture(params=["embedded", pytest.param("production", marks=pytest.mark.services)])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    with installed(request.param, tmp_path, mail_port=9) as own:
        own.environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        own.run("-m", "tests.services.allocating", "build", str(PEOPLE), str(LEFT))
        yield own


def ask_at_once(rig: Rig) -> list[list[tuple[str, str]]]:
    """Everybody in ``ASKING`` asks for every participant, each in a process and threads of their own."""
    processes = []
    for name in ASKING:
        command = [sys.executable, "-W", "ignore", "-m", "tests.services.allocating", "allocate", name, str(THREADS)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        processes.append(subprocess.Popen(command, cwd=ROOT, env=rig.environment, **pipes))
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    answers = []
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        printed, _errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        answers.append([(number, answer) for number, answer in json.loads(printed)])
    return answers


def test_every_slot_is_taken_once_in_order_and_the_list_has_an_end(rig: Rig) -> None:
    marc, marc_again, priya = (dict(answers) for answers in ask_at_once(rig))
    facts = json.loads(rig.run("-m", "tests.services.allocating", "facts"))
    taken = {number: (stratum, position) for number, stratum, position in facts["taken"]}
    assert len(facts["taken"]) == len(taken) == LEFT
    assert {stratum for stratum, _position in taken.values()} == {"lsiq=high"}
    assert sorted(position for _stratum, position in taken.values()) == list(range(LIST - LEFT + 1, LIST + 1))
    assert facts["used"] == {"lsiq=high": LIST, "lsiq=low": 0}

    assert len(marc) == PEOPLE
    for number in marc:
        answers = [marc[number], marc_again[number], priya[number]]
        if number not in taken:
            assert answers == ["allocation.place"] * 3
        elif priya[number] == number:
            assert answers == ["allocation.twice", "allocation.twice", number]
        else:
            assert answers == [number, number, "allocation.twice"]
