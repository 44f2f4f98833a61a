"""What logs may hold: no key of a participant's link, none of a password to be reset, no row of the database."""

import logging
import re

_KEY = re.compile(r"(/q/|/password/reset/key/)[^/\s?\"']+")
# What PostgreSQL adds to an error: the row that failed, or the value that is there already.
_DETAIL = re.compile(r"^DETAIL: .*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


def without_keys(text: str) -> str:
    """The text with the keys in its addresses left out: whoever reads a log could open them."""
    return _KEY.sub(r"\1...", text)


def without_rows(text: str) -> str:
    """The text without the values that the database tells of a row that failed."""
    return _DETAIL.sub("DETAIL: ...", text)


class KeylessFormatter(logging.Formatter):
    """Lines, tracebacks included, without keys and without rows."""

    def format(self, record: logging.LogRecord) -> str:
        return without_rows(without_keys(super().format(record)))
