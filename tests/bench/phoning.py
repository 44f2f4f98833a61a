"""What a questionnaire costs on a phone: bytes of the first visit, and the time to the first answer saved.

``python -m tests.bench.phoning`` serves one participant's baseline from a file of its own, as production does (static
files compressed and named by content), and opens it in Chromium as a mid-range phone on a slow mobile network.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import report
from tests.blank import blank_database

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
RUNS = 3
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""Round trip in ms, bytes a second: what browsers call slow 4G."""
SLOWER = 4
"""So many times slower a processor than this machine's."""
MOST = 50_000
PATIENCE = 20_000


@dataclass(frozen=True)
class Visit:
    """Bytes over the network, requests, requests to anybody else, and seconds to the first answer saved."""

    size: int
    requests: int
    others: int
    seconds: float


def main() -> int:
    """Print both, from the start page and from the question itself."""
    report.title("A questionnaire on a phone (Chromium, slow 4G, processor four times slower)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        runs = [_run(browser) for _run_number in range(RUNS)]
        browser.close()
    report.line("first visit, nothing stored", "bytes", "requests", "others", "first answer")
    _tell("start page, part, first question", [start for start, _question in runs])
    _tell("a question itself", [question for _start, question in runs])
    return 0


def _run(browser: Browser) -> tuple[Visit, Visit]:
    """Both visits to a world of their own, so that nothing was answered before."""
    with tempfile.TemporaryDirectory(prefix="armslength-phone-") as folder:
        server = _serving(Path(folder))
        try:
            world = json.loads(server.stdout.readline())  # type: ignore[union-attr]
            link = f"{world['url']}/q/{world['token']}/"
            return _one(browser, link, _by_the_start), _one(browser, f"{link}{world['form_odi']}/1/", _at_once)
        finally:
            server.terminate()
            server.wait()


def _tell(name: str, visits: list[Visit]) -> None:
    size = max(each.size for each in visits)
    seconds = statistics.median(each.seconds for each in visits)
    first = visits[0]
    report.line(
        name, f"{size:,}", first.requests, first.others, f"{seconds:.1f} s", *(["too much"] if size > MOST else [])
    )


def _serving(folder: Path) -> "subprocess.Popen[str]":
    """The small world of the browser tests, with static files as production serves them."""
    static = folder / "static"
    environment = os.environ | {
        "DATABASE_URL": blank_database(folder / "phone.sqlite3"),
        "DJANGO_SETTINGS_MODULE": "tests.bench.served",
        "STATIC_ROOT": str(static),
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, env=environment, check=True)
    command = [sys.executable, "-m", "tests.browser.one_participant", "fr"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def _one(browser: Browser, link: str, answer: Callable[[Page], None]) -> Visit:
    """A visit in a browser that has nothing stored; it ends once the first answer is saved and all questions came."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    received: list[float] = []
    addresses: list[str] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("request", lambda request: addresses.append(request.url))
    begun = time.perf_counter()
    page.goto(link)
    answer(page)
    page.locator("#saved", has_text="10:00").wait_for()
    took = time.perf_counter() - begun
    if page.locator("form[data-questionnaire]").get_attribute("data-cards"):
        page.locator("form[data-ready]").wait_for()
    others = [each for each in addresses if not each.startswith(link.partition("/q/")[0])]
    context.close()
    return Visit(int(sum(received)), len(addresses), len(others), took)


def _by_the_start(page: Page) -> None:
    for _page in ("start", "part"):
        before = page.url
        page.locator(".actions a.btn:not(.quiet)").tap()
        page.wait_for_url(lambda address, before=before: address != before)  # type: ignore[misc]
    _at_once(page)


def _at_once(page: Page) -> None:
    page.locator("form[data-questionnaire] :is(input[type=radio], input[type=text])").first.wait_for()
    first: Any = page.locator("form[data-questionnaire] label.option, form[data-questionnaire] .field input").first
    if first.evaluate("each => each.tagName") == "LABEL":
        first.tap()
    else:
        first.fill("45")
        first.blur()


if __name__ == "__main__":
    sys.exit(main())
