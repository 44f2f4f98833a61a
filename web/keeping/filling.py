"""Writing typed values into the fields of a page, as a browser would show them: nothing is checked or judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.html import escape

from accounts.keeping import Kept

Attributes = dict[str, str | None]
NOT_FILLED = ("submit", "button", "image", "reset", "file", "password")
TICKED = ("radio", "checkbox")


@dataclass(frozen=True)
class Filled:
    """The page; what found no place on it; and where the form begins in it (0: the form is not there)."""

    html: str
    rest: Mapping[str, Sequence[str]]
    place: int = 0


def fill(html: str, kept: Kept) -> Filled:
    """The page with its form filled in. The form is the one that is sent to where the kept one was going."""
    filler = _Filler(html, kept)
    filler.feed(html)
    filler.close()
    parts, end = [], 0
    for start, stop, text in filler.edits:
        parts += [html[end:start], text]
        end = stop
    return Filled("".join([*parts, html[end:]]), filler.rest(), filler.place)


class _Filler(HTMLParser):
    """Finds what is to be replaced: (from, to, by what), in order. All before the form stays as it is."""

    def __init__(self, html: str, kept: Kept) -> None:
        super().__init__(convert_charrefs=True)
        self.kept, self.edits, self.place = kept, list[tuple[int, int, str]](), 0
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._inside, self._form = False, 0
        self._waiting = {name: list(values) for name, values in kept.typed.items()}
        self._select: str | None = None
        self._text: tuple[str, int] | None = None
        self._ticked: set[tuple[str, str]] = set()

    def rest(self) -> dict[str, list[str]]:
        """Typed values for which there is no field, or no such choice."""
        found = {
            name: [value for value in values if value and (name, value) not in self._ticked]
            for name, values in self._waiting.items()
        }
        return {name: values for name, values in found.items() if values}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("method") == "post" and self._is_ours(given.get("action") or "")
            self._form = self._at()
        elif self._inside and tag == "button":
            self._waiting.pop(given.get("name") or "", None)
        elif self._inside and tag == "option" and self._select is not None:
            self._tick("option", given, self._select, "selected")
        elif self._inside and given.get("name") in self.kept.typed:
            # A page may send several forms to one place: ours is the one with our fields.
            self.place = self.place or self._form
            self._fill(tag, given, str(given["name"]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text is not None:
            name, start = self._text
            # A browser drops a line break right after the tag.
            self.edits.append((start, self._at(), "\n" + escape(self._next(name))))
            self._text = None

    def _fill(self, tag: str, given: Attributes, name: str) -> None:
        kind = (given.get("type") or "text").casefold()
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._text = (name, self._at() + len(self.get_starttag_text() or ""))
        elif tag == "input" and kind in TICKED:
            self._tick("input", given, name, "checked")
        elif tag == "input" and kind not in NOT_FILLED:
            self._replace("input", given | {"value": self._next(name)})

    def _tick(self, tag: str, given: Attributes, name: str, how: str) -> None:
        """Tick a choice, or untick it; the page's own choice gives way to what was typed."""
        value = given.get("value")
        chosen = ("on" if value is None else value) in self.kept.typed[name]
        plain = {key: each for key, each in given.items() if key != how}
        if chosen:
            self._ticked.add((name, "on" if value is None else value))
        if chosen != (how in given):
            self._replace(tag, plain | ({how: None} if chosen else {}))

    def _next(self, name: str) -> str:
        """The next typed value of a name that may stand on the page more than once."""
        values = self._waiting.get(name, [])
        return values.pop(0) if values else ""

    def _replace(self, tag: str, given: Attributes) -> None:
        words = [tag, *(key if value is None else f'{key}="{escape(value)}"' for key, value in given.items())]
        start = self._at()
        self.edits.append((start, start + len(self.get_starttag_text() or ""), f"<{' '.join(words)}>"))

    def _is_ours(self, action: str) -> bool:
        """A form without an action goes to its page."""
        there = action.partition("?")[0] or self.kept.page.partition("?")[0]
        return there == self.kept.action

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
