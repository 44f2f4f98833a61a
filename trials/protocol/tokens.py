"""The words and signs a rule is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.problems import Problem, Sentence

MAX_LENGTH = 500
WORDS = frozenset({"and", "or", "not", "in", "is", "between", "yes", "no"})

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,10})?(?![A-Za-z0-9_.]))
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<string>"[^"\r\n]*"|'[^'\r\n]*')
    | (?P<sign><=|>=|==|!=|<|>|\(|\)|\[|\]|,)
    """,
    re.VERBOSE,
)


class RuleError(Problem):
    """A rule that cannot be read or evaluated; `position` counts characters from 1."""

    def __init__(self, sentence: Sentence, *, position: int, **params: Any) -> None:
        super().__init__("protocol.rule", sentence, params={"position": position, **params})
        self.position = position


@dataclass(frozen=True)
class Token:
    kind: str  # number, name, word, string, sign, end
    text: str
    position: int

    @property
    def number(self) -> int | float:
        return float(self.text) if "." in self.text else int(self.text)


def tokenize(text: str) -> tuple[Token, ...]:
    """Split a rule into tokens, closed by an `end`. Raises RuleError."""
    if len(text) > MAX_LENGTH:
        raise RuleError(
            _("The rule is longer than %(limit)s characters. Split the criterion."),
            position=MAX_LENGTH,
            limit=MAX_LENGTH,
        )
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise RuleError(
                _('Position %(position)s: "%(found)s" cannot stand in a rule.'),
                position=at + 1,
                found=text[at],
            )
        if match.lastgroup != "space":
            tokens.append(_token(match, at + 1))
        at = match.end()
    return (*tokens, Token("end", "", len(text) + 1))


def _token(match: re.Match[str], position: int) -> Token:
    kind, text = str(match.lastgroup), match.group()
    if kind == "string":
        return Token("string", text[1:-1], position)
    if kind == "name" and text in WORDS:
        return Token("word", text, position)
    return Token(kind, text, position)
