"""The documents are in step with the code: settings, commands, paths, pages and people they name are there."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands

from accounts.roles import ROLES
from config import demo_keys
from demo.cast import CAST
from trials.actions import content_packs
from web.navigation import TABLE

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LARGEST_PICTURE = 150_000
CODE_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|yml|txt))`")
GENERATED = ("var/", "staticfiles/", ".venv/", "my-trial.yaml")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_read() -> set[str]:
    """The variables that the settings read, by the calls that read them."""
    read = set(re.findall(r"""\benv(?:\.\w+)?\(\s*"([A-Z][A-Z_]+)\"""", text_of("config/settings.py")))
    keys = {name if name == "SECRET_KEY" else f"ARMSLENGTH_{name}" for name in demo_keys.NAMES}
    return read | keys


def settings_explained() -> set[str]:
    return set(re.findall(r"^\| `([A-Z][A-Z_]+)` \|.*\|.*\|$", text_of("docs/operations.md"), re.MULTILINE))


def test_every_variable_the_settings_read_is_explained_and_no_other() -> None:
    lost_keys = {f"ARMSLENGTH_{name}" for name in demo_keys.NAMES}
    assert settings_read() - settings_explained() == set()
    assert settings_explained() - settings_read() - lost_keys == set()
    assert len(settings_read()) > 20


def test_the_example_holds_exactly_what_the_compose_file_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", text_of("docker-compose.yml")))
    given = set(re.findall(r"^([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))
    assert given == asked


def test_the_example_holds_no_secret() -> None:
    for name, value in re.findall(r"^([A-Z_]*(?:KEY|PASSWORD))=(.*)$", text_of(".env.example"), re.MULTILINE):
        assert value == "", name


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    prose = CODE_FENCE.sub("", path.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", prose):
        file, _, anchor = target.partition("#")
        there = (path.parent / unquote(file)).resolve() if file else path
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), target


def anchors(text: str) -> set[str]:
    """What headings can be linked by, as GitHub and GitLab make it of their words."""
    titles = re.findall(r"^#+ (.+)$", CODE_FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_files_named_exist(path: Path) -> None:
    if path.name == "CHANGELOG.md":  # what was true of an earlier version stays
        return
    prose = CODE_FENCE.sub("", path.read_text(encoding="utf-8"))
    for name in PATH.findall(prose):
        if not name.startswith(GENERATED):
            assert (ROOT / name).exists() or (path.parent / name).exists(), name


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= {*get_commands()}


def test_the_cast_is_introduced_with_login_and_role() -> None:
    for person in CAST:
        row = rf"^\| {re.escape(person.name)} \| `{person.email}` \| {ROLES[person.role].label} \|"
        assert re.search(row, text_of("README.md"), re.MULTILINE), person.name


def test_every_page_of_the_navigation_stands_in_a_description_of_somebodys_day() -> None:
    pages = "".join(text_of(name_of(path)) for path in (ROOT / "docs/how-to").glob("*.md"))
    for _address, label, _permission in TABLE:
        assert f"**{label}**" in pages, label


def test_every_role_is_described() -> None:
    pages = "".join(text_of(name_of(path)) for path in (ROOT / "docs/how-to").glob("*.md"))
    for definition in ROLES.values():
        assert str(definition.label).lower() in pages.lower(), definition.label


def test_requirements_point_at_tests_that_exist() -> None:
    rows = [line for line in text_of("docs/validation.md").splitlines() if line.startswith("| ")]
    tests = [name for row in rows for name in PATH.findall(row) if name.startswith("tests/")]
    assert len(tests) > 40
    assert all((ROOT / name).exists() for name in tests)


def test_the_content_pack_shown_fits_its_instrument() -> None:
    shown = re.search(r"^```json\n(.*?)^```", text_of("docs/content-packs.md"), re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert content_packs.checked(shown[1]).instrument == "nprs"


def test_pictures_are_small_and_shown() -> None:
    shown = {
        (path.parent / target).resolve()
        for path in DOCUMENTS
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
    }
    for picture in (ROOT / "docs/images").glob("*"):
        assert picture.stat().st_size < LARGEST_PICTURE, picture.name
        assert picture in shown, picture.name


def test_the_changelog_knows_this_version() -> None:
    version = re.search(r'^version = "([^"]+)"', text_of("pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert f"## [{version[1]}]" in text_of("CHANGELOG.md")
