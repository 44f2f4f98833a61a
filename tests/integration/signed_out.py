"""What tests of any page need to lose a login in the middle of typing, and to read what stands in the fields."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from accounts.models import User
from tests.rules.swap.answers import CSRF


class Fields(HTMLParser):
    """The values that a browser would send from a page, by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._text = self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "textarea":
            self._text = name
            self.values.setdefault(name, [])
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values.setdefault(self._select, []).append(given.get("value") or "")
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.values.setdefault(name, []).append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] = [data.removeprefix("\n")]


def mark_on(html: str) -> str:
    """Whose page it is, as its form says."""
    return html.partition('name="typed_by" value="')[2].partition('"')[0]


def send_signed_out(client: Client, page: str, typed: dict[str, str], action: str = "") -> str:
    """Open a page, lose the login, send what was typed; gives the page to go on with after signing in."""
    mark = mark_on(client.get(page).content.decode())
    assert mark
    client.logout()
    answer = client.post(action or page, {**typed, "typed_by": mark}, headers={"Referer": f"http://testserver{page}"})
    assert answer.status_code == 302
    where = urlsplit(answer["Location"])
    assert where.path == "/accounts/login/"
    assert "You were signed out meanwhile" in client.get(answer["Location"]).content.decode()
    return parse_qs(where.query)["next"][0]


def check_kept(client: Client, user: User, page: str, typed: dict[str, str], action: str = "") -> dict[str, list[str]]:
    """Everything typed stands on the page again after signing in, and nothing of it was sent."""
    there = send_signed_out(client, page, typed, action)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    html = client.get(there).content.decode()
    assert "Nothing of this was sent: you were signed out." in html
    found = Fields(html).values
    for name in typed.keys() - {"step", "typed_by", "next"}:
        assert typed[name] in found.get(name, [""]), name
    plain = Fields(client.get(page).content.decode()).values
    assert any(value not in plain.get(name, [""]) for name, value in typed.items())
    assert CSRF.search(html.encode())
    return found
