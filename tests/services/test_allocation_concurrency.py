"""Many requests at once, from several processes, some killed: every slot once, in order, whole or not at all."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.services.rig import PATIENCE, ROOT, Rig, installed

LIST, THREADS = 106, 4
Answers = list[tuple[str, str]]


@pytest.fixture(scope="module", params=["embedded", pytest.param("production", marks=pytest.mark.services)])
def rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One installation for all tests here: each has a trial of its own."""
    with installed(request.param, tmp_path_factory.mktemp("rig"), mail_port=9) as own:
        own.environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        yield own


def run(rig: Rig, task: str, *arguments: str) -> Any:
    printed = rig.run("-m", "tests.services.allocating", task, *arguments)
    return json.loads(printed) if printed else None


class Asking:
    """A process in which somebody asks for every participant, in threads."""

    def __init__(self, rig: Rig, code: str, name: str, times: int, killed_after: int | None = None) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.services.allocating", "allocate", code, name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process: Any = subprocess.Popen(
            [*command, str(THREADS), str(times)], cwd=ROOT, env=rig.environment, **pipes
        )
        self.name = name
        self.killed_after = killed_after
        self.answers: Answers = []
        self._reader = Thread(target=self._read)

    def go(self) -> None:
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            # The last line of a killed process may be cut.
            if line.endswith("\n"):
                number, answer = json.loads(line)
                self.answers.append((number, answer))
            if len(self.answers) == self.killed_after:
                self.process.kill()

    def end(self) -> None:
        self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        assert self.process.returncode == (-signal.SIGKILL if self.killed_after is not None else 0)
        self.process.stdin.close()
        self.process.stdout.close()


def all_at_once(asking: list[Asking]) -> None:
    for each in asking:
        assert each.process.stdout.readline() == "ready\n"
    for each in asking:
        each.go()
    for each in asking:
        each.end()


def test_every_slot_is_taken_once_in_order_and_the_list_has_an_end(rig: Rig) -> None:
    people, left = 8, 5
    run(rig, "build", "AT-ONCE", str(people), str(left), "blocks")
    asking = [Asking(rig, "AT-ONCE", name, 1) for name in ("marc", "marc", "priya")]
    all_at_once(asking)
    facts = run(rig, "facts", "AT-ONCE")
    taken = {number: (stratum, position) for number, stratum, position in facts["taken"]}
    assert len(facts["taken"]) == len(taken) == left
    assert {stratum for stratum, _position in taken.values()} == {"lsiq=high"}
    assert sorted(position for _stratum, position in taken.values()) == list(range(LIST - left + 1, LIST + 1))
    assert facts["used"] == {"lsiq=high": LIST, "lsiq=low": 0}

    marc, marc_again, priya = (dict(each.answers) for each in asking)
    assert len(marc) == people
    for number in marc:
        answers = [marc[number], marc_again[number], priya[number]]
        if number not in taken:
            assert answers == ["allocation.place"] * 3
        elif priya[number] == number:
            assert answers == ["allocation.twice", "allocation.twice", number]
        else:
            assert answers == [number, number, "allocation.twice"]


def check_whole(facts: dict[str, Any], stratum: str) -> set[str]:
    """Consecutive slots, one for each of those who have all that belongs to an allocation; who they are."""
    numbers = [number for number, _stratum, _position in facts["taken"]]
    assert len(set(numbers)) == len(numbers)
    assert {place for _number, place, _position in facts["taken"]} == {stratum}
    assert sorted(position for _n, _s, position in facts["taken"]) == list(range(1, len(numbers) + 1))
    assert facts["used"][stratum] == len(numbers)
    assert sorted(facts["randomized"]) == sorted(facts["dates"]) == sorted(numbers)
    assert Counter(facts["entries"]) == dict.fromkeys(numbers, 2)
    assert facts["finding"] is None
    return set(numbers)


@pytest.mark.parametrize(("method", "stratum"), [("blocks", "lsiq=high"), ("minimization", "all")])
def test_processes_killed_at_random_leave_every_allocation_whole_or_not_at_all(
    rig: Rig, method: str, stratum: str
) -> None:
    people, processes, times, code = 12, 3, 6, f"KILLED-{method.upper()}"
    run(rig, "build", code, str(people), str(LIST), method)
    chance = random.Random(method)
    # 216 requests, of which the killed processes take theirs along.
    asking = [Asking(rig, code, "marc", times, chance.randint(1, 6)) for _each in range(processes - 1)]
    asking.append(Asking(rig, code, "priya", times, people // 2))
    all_at_once(asking)
    settled = run(rig, "settle", code)

    allocated = check_whole(settled["before"], stratum)
    told = {(each.name, number) for each in asking for number, answer in each.answers if answer == number}
    assert {number for _name, number in told} <= allocated
    assert len({number for _name, number in told}) == len(told)
    assert {answer for each in asking for number, answer in each.answers if answer != number} <= {"allocation.twice"}

    # Whoever asks again is told what became of it, and the rest is allocated now.
    assert len(check_whole(settled["after"], stratum)) == people
    again = {name: dict(answers) for name, answers in settled["told"].items()}
    for number in again["marc"]:
        assert {again["marc"][number], again["priya"][number]} == {number, "allocation.twice"}
    for name, number in told:
        assert again[name][number] == number


def test_killed_between_commit_and_answer_the_same_request_gets_the_receipt(rig: Rig) -> None:
    run(rig, "build", "LOST", "1", str(LIST), "blocks")
    ((seen,),) = rig.rows(
        "SELECT person.revision FROM participants_participant person JOIN trials_trial trial ON trial.id = trial_id "
        "WHERE trial.code = 'LOST'"
    )
    request = ["ask", "LOST", "request-1", str(seen)]
    command = [sys.executable, "-W", "ignore", "-m", "tests.services.allocating", *request, "die"]
    lost = subprocess.run(command, cwd=ROOT, env=rig.environment, capture_output=True, check=False, timeout=PATIENCE)
    assert (lost.returncode, lost.stdout) == (-signal.SIGKILL, b"")
    answer = run(rig, *request)
    assert answer["status"] == 201
    assert check_whole(answer["facts"], "lsiq=high") == {answer["body"]["study_number"]}
