"""The offices: strata signed, the list prepared and activated, the trial locked, data sent out."""

import csv
import io
import zipfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.hands.filling import leave, press, put
from tests.browser.world import PASSWORD


def sign_strata(page: Page) -> None:
    """The investigator, with the password as the second part of the signature."""
    leave(page, page.locator('nav a[href$="/monitoring/strata/"]'))
    put(page, "password", PASSWORD)
    press(page)


def prepare_list(page: Page) -> None:
    """The statistician looks at what the design foretells, then prepares."""
    leave(page, page.locator('nav.side a[href$="/sequence/"]'))
    leave(page, page.locator('main a[href$="/sequence/design/"]'))
    put(page, "method", "permuted_blocks")
    leave(page, page.locator('button[name="next"]'))
    put(page, "block_sizes", "4, 6")
    leave(page, page.locator('button[name="do"][value="try"]'))
    leave(page, page.locator('button[name="do"][value="prepare"]'))


def activate_list(page: Page) -> str:
    """Another statistician; the commitment."""
    leave(page, page.locator('nav.side a[href$="/sequence/"]'))
    leave(page, page.locator('form[action$="/activate/"] button'))
    return page.locator("code.hash").inner_text()


def lock(page: Page) -> None:
    """The data manager."""
    leave(page, page.locator('nav a[href$="/monitoring/lock/"]'))
    put(page, "reason", "All data are in and checked.")
    put(page, "password", PASSWORD)
    leave(page, page.locator('button[name="do"][value="lock"]'))


def download(page: Page, menu: str, purpose: str = "") -> "Archive":
    """The data as a file, from the page of the menu that ends so."""
    leave(page, page.locator(f'nav a[href$="{menu}"]'))
    if purpose:
        put(page, "purpose", purpose)
    with page.expect_download() as caught:
        page.locator("main .actions button.btn").click()
    return Archive(Path(caught.value.path()))


class Archive:
    """An export as somebody finds it on their disk."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as file:
            self.files = {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of a table."""
        name = next(name for name in self.files if name.endswith(f"{table}.csv"))
        return list(csv.DictReader(io.StringIO(self.files[name])))
