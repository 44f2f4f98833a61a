"""The test's side of an installation: starting it, giving it orders, sending people in by the front door."""

import html
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.blank import blank_database, blank_on_server
from tests.browser.world import PASSWORD
from tests.cast import email_of
from tests.run import POSTGRES, answers

DATABASES = ["embedded", "postgresql"] if answers(POSTGRES) else ["embedded"]
"""What a walk can be made on here."""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


class House:
    """A running installation, and everybody who has come in by a browser."""

    def __init__(self, server: "subprocess.Popen[str]", database: str, folder: Path, chromium: Browser) -> None:
        assert server.stdin is not None
        assert server.stdout is not None
        self._orders: IO[str] = server.stdin
        self._answers: IO[str] = server.stdout
        self.database, self.folder, self.chromium = database, folder, chromium
        self.contexts: dict[str, BrowserContext] = {}
        self.world: dict[str, Any] = json.loads(self._answers.readline())
        self.url: str = self.world["url"]

    def tell(self, do: str, **facts: Any) -> Any:
        """Give an order and wait until it is done."""
        self._orders.write(json.dumps({"do": do, **facts}) + "\n")
        self._orders.flush()
        return json.loads(self._answers.readline())

    def move(self, moment: datetime) -> None:
        """Move the clock, and let the sweep of that minute run."""
        self.tell("move", to=moment.isoformat())
        self.tell("sweep")

    def page(self, rest: str = "") -> str:
        """An address in the trial."""
        return f"{self.url}/t/{self.world['trial']}/{rest}"

    def context(self, name: str, **options: Any) -> BrowserContext:
        """A browser of somebody's own, with everything it receives kept."""
        kept = {"record_har_path": self.folder / f"{name}.har", "record_har_content": "embed"}
        self.contexts[name] = self.chromium.new_context(**kept, **options)
        return self.contexts[name]

    def enter(self, name: str) -> Page:
        """A member of the cast signs in at their desk; an opened browser is used again."""
        if name in self.contexts:
            page = self.contexts[name].pages[0]
            page.goto(f"{self.url}/")
        else:
            page = self.context(name, **DESK).new_page()
            page.goto(f"{self.url}/")
        if page.locator("input[name=login]").count():
            page.fill("input[name=login]", email_of(name))
            page.fill("input[name=password]", PASSWORD)
            page.locator(".actions button.btn").click()
            page.wait_for_url(lambda address: "/accounts/" not in address)
        return page

    def links_in_mail(self, to: str) -> list[str]:
        """The links to questions that were sent to an address, oldest first."""
        bodies = [mail["body"] for mail in self.tell("mails") if to in mail["to"]]
        lines = [line.strip() for body in bodies for line in body.splitlines() if line.startswith(f"{self.url}/q/")]
        return [line for line in lines if not line.endswith(("/copy/", "/no-more/"))]

    def received(self, name: str) -> dict[str, str]:
        """Closes somebody's browser: all that it ever received of this installation, by address, static files apart."""
        self.contexts.pop(name).close()
        log = json.loads((self.folder / f"{name}.har").read_text())["log"]
        found: dict[str, str] = {}
        for entry in log["entries"]:
            address, answer = entry["request"]["url"], entry["response"]
            if "/static/" not in address:
                headers = " ".join(f"{each['name']}: {each['value']}" for each in answer["headers"])
                body = html.unescape(answer["content"].get("text", ""))
                found[address] = f"{found.get(address, '')}\n{headers}\n{body}"
        return found


@contextmanager
def running(
    kind: str, database: str, folder: Path, chromium: Browser, seed: int = 0, settings: str = "tests.settings"
) -> Iterator[House]:
    """An installation on a fresh database, gone afterwards."""
    with _fresh(database, folder) as url:
        own = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings, "OUTBOX_DIR": str(folder / "outbox")}
        env = {**os.environ, "CONN_MAX_AGE": "0", **own}
        command = [sys.executable, "-m", "tests.browser.world", kind, str(seed)]
        with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            house = House(server, database, folder, chromium)
            try:
                yield house
            finally:
                for context in house.contexts.values():
                    context.close()
                server.terminate()


@contextmanager
def _fresh(database: str, folder: Path) -> Iterator[str]:
    if database == "embedded":
        yield blank_database(folder / "house.sqlite3")
        return
    with blank_on_server(f"armslength_browser_{os.getpid()}") as url:
        yield url
