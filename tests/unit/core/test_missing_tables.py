"""A command beside the demo meets the demo's database, and one without tables is answered in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

from demo.__main__ import is_told

ROOT = Path(__file__).parents[3]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """manage.py as somebody beside the demo would call it, without DATABASE_URL."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    environment = kept | {
        "ARMSLENGTH_DEMO": "1",
        "ARMSLENGTH_DEMO_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    argv = [sys.executable, "manage.py", *command]
    return subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_beside_the_demo_its_own_database_is_asked_and_missing_tables_are_a_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "randomization", "verify", "--trial", "STRONG-BACK", "--by", "samuel@example.org")
    assert done.returncode == 1
    assert f"The database {tmp_path / 'demo.sqlite3'} has no tables of Armslength." in done.stderr
    assert "ARMSLENGTH_DEMO=1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not is_told(tmp_path / "demo.sqlite3"), "make demo tells the story even so"
