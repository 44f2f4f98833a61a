"""A gateway for text messages, for tests: takes them as an SMSEagle does, refuses, hangs up or holds."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


class Gateway(ThreadingHTTPServer):
    """Listens on a free port. ``behaviour``: accept, refuse (400), drop (without an answer), hold (until released)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.behaviour = "accept"
        self.received: list[dict[str, Any]] = []
        self.released = threading.Event()

    @property
    def url(self) -> str:
        """What SMS_URL would be; it waits a second for an answer."""
        return f"smseagle://secret-token@127.0.0.1:{self.server_port}/{{number}}?rto=1&cto=1"


@contextmanager
def answering() -> Iterator[Gateway]:
    """A gateway for the length of a block."""
    with Gateway() as gateway:
        thread = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield gateway
        finally:
            gateway.released.set()
            gateway.shutdown()
            thread.join(timeout=5)


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        gateway = cast(Gateway, self.server)
        gateway.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["params"])
        if gateway.behaviour == "drop":
            self.connection.close()
            return
        if gateway.behaviour == "hold":
            gateway.released.wait(timeout=60)
        self.send_response(400 if gateway.behaviour == "refuse" else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"result": {"message_id": "1", "status": "ok"}}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests look at what was received."""
