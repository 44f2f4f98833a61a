"""A server of one small world, on a database of its own, for as long as a test needs it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.blank import blank_database


@contextmanager
def serving(database: Path, module: str, *arguments: str) -> Iterator[dict[str, str]]:
    """Run a module that builds a world, prints one line of JSON about it and serves it; what it printed."""
    env = {**os.environ, "DATABASE_URL": blank_database(database), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()
