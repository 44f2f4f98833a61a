"""``make check``: format, lint, types, imports, migrations, templates, translations. All run; any failure fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": "sqlite://:memory:"}

CHECKS = {
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "lint": [str(BIN / "ruff"), "check", "."],
    "types": [str(BIN / "mypy"), "."],
    "imports": [str(BIN / "lint-imports")],
    "system": [sys.executable, "manage.py", "check"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "protocols": [sys.executable, "manage.py", "protocol", "check", "trials/protocols/strong-back.yaml"],
    "rules": [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/rules/test_templates_csp.py",
        "tests/rules/test_translations.py",
    ],
}


def main() -> int:
    """Run every check, print what failed, and say what could not run."""
    failed = []
    for name, command in CHECKS.items():
        result = subprocess.run(command, env={**os.environ, **SETTINGS}, capture_output=True, text=True, check=False)
        print(f"{name:11} {'ok' if result.returncode == 0 else 'FAILED'}", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout[-6000:], result.stderr[-3000:], sep="\n", flush=True)
    if shutil.which("msgfmt") is None:
        print("Not run: whether the French catalogue is compiled as written (needs msgfmt).")
        if os.environ.get("CI"):
            failed.append("msgfmt missing")
    print("Nothing to mend." if not failed else f"To mend: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
