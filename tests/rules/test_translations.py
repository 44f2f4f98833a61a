"""Everything people read exists in French, with the same placeholders, compiled as written."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSE = (
    "accounts api audit core exports instruments outcomes participants randomization reminders review templates "
    "therapy trials web"
).split()
FOLDER = ROOT / "locale/fr/LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|%[sd]|\{[a-z_]+\}")


def catalogue() -> dict[str, str | tuple[str, ...]]:
    """Message to French, from the source file: singular and plural forms in turn."""
    entries: dict[str, str | tuple[str, ...]] = {}
    for block in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            parts = _parts(lines)
            french = tuple(text for name, text in parts.items() if name.startswith("msgstr"))
            entries[parts.get("msgctxt", "") + "\x04" + parts["msgid"]] = french
    return entries


def _parts(lines: list[str]) -> dict[str, str]:
    parts: dict[str, str] = {}
    name = ""
    for line in lines:
        if not line.startswith('"'):
            name, _space, line = line.partition(" ")
            parts[name] = ""
        parts[name] += line[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
    return parts


def test_every_message_has_its_french() -> None:
    missing = [key.split("\x04")[1] for key, french in catalogue().items() if not all(french)]
    assert not missing, missing[:10]
    assert "#, fuzzy" not in (FOLDER / "django.po").read_text(encoding="utf-8")


def test_placeholders_are_kept() -> None:
    for key, french in catalogue().items():
        english = set(PLACEHOLDER.findall(key.split("\x04")[1]))
        for text in french:
            assert set(PLACEHOLDER.findall(text)) <= english | {"%(count)d", "%(count)s"}, (key, text)


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for key, french in catalogue().items():
        context, english = key.split("\x04")
        if english and len(french) == 1:
            shown = compiled.pgettext(context, english) if context else compiled.gettext(english)
            assert shown == french[0]


def test_no_message_of_the_source_is_missing_from_the_catalogue(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        return  # said by make check; in CI it is there
    copy = tmp_path / "house"
    for folder in HOUSE:
        shutil.copytree(
            ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "definitions", "protocols")
        )
    shutil.copytree(ROOT / "locale", copy / "locale")
    django_admin = [sys.executable, "-m", "django", "makemessages", "-l", "fr", "--no-location", "--no-wrap"]
    # Without settings: with ours it would write into the real catalogue.
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(django_admin, cwd=copy, env=bare, check=True, capture_output=True)
    fresh = (copy / "locale/fr/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    untranslated = re.findall(r'^msgid "(.+)"\nmsgstr ""\n(?!")', fresh, re.MULTILINE)
    assert not untranslated, untranslated[:10]
