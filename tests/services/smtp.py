"""A mail server for tests: takes mail, refuses it, hangs up in the middle, or keeps the sender waiting."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port. ``behaviour`` may be changed at any time:

    accept, refuse (550 to the recipient), busy (451 to the recipient), reject (554 to the text),
    hang_up (at the greeting), drop (once the text is in, without an answer), hold (the answer, until released).
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.behaviour = "accept"
        self.received: list[EmailMessage] = []
        self.released = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def recipients(self) -> list[str]:
        """Who was written to, once for each time the text of a mail came in."""
        return sorted(str(mail["To"]) for mail in self.received)


@contextmanager
def serving() -> Iterator[MailServer]:
    """A mail server for the length of a block."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join(timeout=5)


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            return

    def _talk(self) -> None:
        if self.server.behaviour == "hang_up":
            return
        self._say("220 ready")
        while line := self.rfile.readline():
            command = line.decode().strip().upper()
            if command.startswith("DATA"):
                self._say("354 go on")
                if not self._take_text():
                    return
            elif command.startswith("RCPT"):
                self._say({"refuse": "550 nobody here", "busy": "451 later"}.get(self.server.behaviour, "250 ok"))
            elif command.startswith("QUIT"):
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take_text(self) -> bool:
        """Read the text up to its lone dot; False if the conversation ends there."""
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = cast(EmailMessage, message_from_bytes(b"".join(lines), policy=policy.default))
        self.server.received.append(mail)
        if self.server.behaviour == "drop":
            return False
        if self.server.behaviour == "hold":
            self.server.released.wait(timeout=60)
        self._say("554 not this" if self.server.behaviour == "reject" else "250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
