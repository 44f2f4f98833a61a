"""A PgBouncer of a test's own: one connection to the server for everybody, given out transaction by transaction."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlparse

import psycopg2

from tests.run import POOLER
from tests.services.rig import PATIENCE, wait_until

CONFIG = """
[databases]
* = host={host} port={port} user=armslength_web

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
max_client_conn = 20
"""


@contextmanager
def pooled(url: str, folder: Path) -> Iterator[str]:
    """The address of the same database by way of a pooler, which is stopped afterwards."""
    place, port = urlparse(url), _free_port()
    config = folder / "pgbouncer.ini"
    config.write_text(CONFIG.format(host=place.hostname, port=place.port or 5432, own_port=port))
    # It refuses to run as root; as root it is told whom to become once it has read its file.
    command = [str(POOLER), "-q", *(["-u", "nobody"] if os.getuid() == 0 else []), str(config)]
    with (folder / "pgbouncer.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until(lambda: _answers(port) or process.poll() is not None, "the pooler answered")
        assert process.poll() is None, (folder / "pgbouncer.log").read_text()
        yield place._replace(netloc=f"{place.username}@127.0.0.1:{port}").geturl()
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def waiting(url: str) -> int:
    """How many clients wait for a connection to the server."""
    with closing(psycopg2.connect(urlparse(url)._replace(path="/pgbouncer").geturl())) as console:
        console.autocommit = True
        cursor = console.cursor()
        cursor.execute("SHOW POOLS")
        place = [column.name for column in cursor.description].index("cl_waiting")
        return sum(row[place] for row in cursor.fetchall())


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True
