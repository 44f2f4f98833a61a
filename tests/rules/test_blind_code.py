"""What blind code may not say: ways around the imports and around the database's grants."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.refusals import SEALED_ROOMS

ROOT = Path(__file__).parents[2]
UNBLIND = {
    "randomization",
    "therapy",
    "web/therapists",
    "web/statisticians",
    "web/unblinded",
    "api/therapists",
    "api/unblinded",
}
MECHANISM = {
    "core/blindfold.py": "the wall itself",
    "core/guards.py": "grants and triggers, run by migrate",
    "core/management": "run by migrate and provision_roles",
    "web/shared/health.py": "SELECT 1 tells whether the database answers",
    "demo": "builds its own world and ends it",
}
ROOMS = (
    "accounts api audit core exports instruments outcomes participants reminders review safety trials web demo".split()
)


def blind_files() -> list[Path]:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    skipped = {*UNBLIND, *MECHANISM}

    def is_blind(path: Path) -> bool:
        name = path.relative_to(ROOT).as_posix()
        return not any(name.startswith(each) for each in skipped) and not name.startswith("exports/unblinded")

    return sorted(path for path in files if is_blind(path))


@pytest.mark.parametrize("path", blind_files(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_blind_code_uses_no_side_door(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.module != "django.contrib.contenttypes.models", "content types reach any model"
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert not re.search(r"\bget_model$", name), f"{name}: get_model reaches any model"
            assert not name.endswith((".raw", ".extra", "cursor.execute")), f"{name}: raw SQL"
            assert name not in {"RawSQL", "connection.cursor"}, f"{name}: raw SQL"
            if name.endswith((".filter", ".exclude", ".order_by", ".values")):
                assert not _from_the_request(node), f"{name}: keys taken from the request reach any column"


def _from_the_request(call: ast.Call) -> bool:
    spread = [kw.value for kw in call.keywords if kw.arg is None] + [
        a.value for a in call.args if isinstance(a, ast.Starred)
    ]
    return any("request" in ast.unparse(each) or "GET" in ast.unparse(each) for each in spread)


OPENINGS = {"unblinded", "lifted", "treating"}
ALL_FILES = sorted(path for room in (*ROOMS, "randomization", "therapy") for path in (ROOT / room).rglob("*.py"))


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What is written in a function itself, not in those defined inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _own_nodes(node)


def waits_while_open(source: str) -> list[str]:
    """Generators and coroutines that open the blind: they would leave it open while they wait."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        nodes = list(_own_nodes(function))
        calls = {ast.unparse(node.func).rpartition(".")[2] for node in nodes if isinstance(node, ast.Call)}
        waits = isinstance(function, ast.AsyncFunctionDef) or any(
            isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes
        )
        is_block = any("contextmanager" in ast.unparse(each) for each in function.decorator_list)
        if calls & OPENINGS and waits and not is_block:
            found.append(function.name)
    return found


def test_no_generator_and_no_coroutine_opens_the_blind() -> None:
    assert len(ALL_FILES) > 300
    assert [name for path in ALL_FILES for name in waits_while_open(path.read_text())] == []
    bad = "def rows():\n    with unblinded(by=by):\n        yield 1\n"
    assert waits_while_open(bad) == waits_while_open(bad.replace("def", "async def")) == ["rows"]
    assert waits_while_open(f"@contextmanager\n{bad}") == []


def test_the_search_finds_the_blind_rooms() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in blind_files()}
    assert {"outcomes", "participants", "web", "trials"} <= names


def test_refusals_in_every_sealed_room_of_pages_and_api_are_told_to_nobody_blinded() -> None:
    rooms = {name.replace("/", ".") for name in UNBLIND if "/" in name and (ROOT / name).is_dir()}
    assert rooms == set(SEALED_ROOMS)
