"""What logs may hold: no key of a participant's link, none of a password to be reset."""

import logging
import re

_KEY = re.compile(r"(/q/|/password/reset/key/)[^/\s?\"']+")


def without_keys(text: str) -> str:
    """The text with the keys in its addresses left out: whoever reads a log could open them."""
    return _KEY.sub(r"\1...", text)


class KeylessFormatter(logging.Formatter):
    """Lines, tracebacks included, without keys."""

    def format(self, record: logging.LogRecord) -> str:
        return without_keys(super().format(record))
