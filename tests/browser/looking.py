"""What would keep somebody from using a page: looked for on every page that a role's links lead to."""

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Error, Page, Response

NARROW = {"width": 320, "height": 700}
ANY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[A-Z]{2,4}-[0-9A-Z]{4}\b|(?<=/)\d+(?=/)")
"""Keys, study numbers and places in an address: pages that differ in these only are of one kind."""
NOT_PAGES = re.compile(r"/(?:logout|download|api|static)/")
MOST_OF_A_KIND = {"record": 6, "form": 4}
_seen_in_the_dark: set[str] = set()
"""Kinds of pages whose dark colours were looked at: they are the same for whoever opens them."""


class Watch:
    """Looks at pages as they come, and notes what is wrong with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.kinds: list[str] = []
        assert page.viewport_size is not None
        self.size = page.viewport_size
        page.emulate_media(reduced_motion="reduce")  # colours on their way are nobody's fault
        page.on("console", self._console)
        page.on("pageerror", self._crash)
        page.on("response", self._part)

    def look(self) -> None:
        """At the page as it stands: narrow, at its own width, light, and once for its kind dark."""
        self.page.set_viewport_size(NARROW)
        self._check_width(NARROW["width"])
        self.page.set_viewport_size(self.size)
        self._check_width(self.size["width"])
        self.page.evaluate(AXE_SCRIPT)
        self._check_axe("light", {})
        kind = kind_of(self.page.url)
        if kind not in _seen_in_the_dark:
            _seen_in_the_dark.add(kind)
            self.page.emulate_media(color_scheme="dark")
            self._check_axe("dark", {"runOnly": ["color-contrast"]})
            self.page.emulate_media(color_scheme="light")

    def open(self, address: str) -> int:
        """Go there and look; the status."""
        answer = self.page.goto(address)
        assert answer is not None
        self.look()
        return answer.status

    def crawl(self) -> None:
        """From the page as it stands, along every link, a few pages of each kind."""
        start = self.page.url
        waiting, seen = deque([start]), {start}
        while waiting:
            address = waiting.popleft()
            kind = kind_of(address)
            if self.kinds.count(kind) >= most_of(kind):
                continue
            self.kinds.append(kind)
            try:
                status = self.open(address)
            except Error as error:
                self.faults.append(f"{address}: {error.message}")
                continue
            if status != 200:
                self.faults.append(f"{address}: {status}")
            for found in self._links():
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)

    def _links(self) -> Iterator[str]:
        here = urlsplit(self.page.url).netloc
        for href in self.page.locator("a[href]:not([download])").evaluate_all("all => all.map(each => each.href)"):
            if urlsplit(href).netloc == here and not NOT_PAGES.search(href):
                yield urldefrag(href).url

    def _check_width(self, width: int) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.faults.append(f"{self.page.url}: {wide} px wide at {width}")

    def _check_axe(self, scheme: str, rules: dict[str, list[str]]) -> None:
        run = "options => axe.run(options).then(results => results.violations)"
        for found in self.page.evaluate(run, {"resultTypes": ["violations"], **rules}):
            if found["impact"] in ("serious", "critical"):
                places = [node["html"][:150] for node in found["nodes"][:3]]
                self.faults.append(f"{self.page.url} ({scheme}): {found['id']} {places}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _part(self, answer: Response) -> None:
        # A form that its script sends is told what is wrong with it, as one that the browser sends.
        is_form = answer.request.method == "POST" and answer.url == self.page.url
        if (
            answer.status >= 400
            and not answer.request.is_navigation_request()
            and not (is_form and answer.status == 422)
        ):
            self.faults.append(f"{self.page.url}: {answer.url} {answer.status}")

    def _crash(self, error: Error) -> None:
        self.faults.append(f"{self.page.url}: {error.message}")


def kind_of(address: str) -> str:
    """What is the same of the addresses of one page, whatever it shows."""
    return ANY.sub("*", urlsplit(address).path)


def most_of(kind: str) -> int:
    """How many pages of a kind are looked at: more of those that differ with the person or the form."""
    if kind.endswith("/participants/*/"):
        return MOST_OF_A_KIND["record"]
    return MOST_OF_A_KIND["form"] if kind.endswith("/forms/*/") else 1
