"""What is logged, line by line, as whoever runs the installation reads it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from config.logs import KeylessFormatter

AS_WRITTEN = KeylessFormatter("{levelname} {name} {message}", style="{")
"""Without the machine's time."""


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(AS_WRITTEN.format(record))


@contextmanager
def logged() -> Iterator[list[str]]:
    """Every line of level INFO or above that is logged inside; nothing is printed meanwhile."""
    root, kept = logging.getLogger(), _Kept()
    level, handlers = root.level, root.handlers
    root.setLevel(logging.INFO)
    root.handlers = [kept]
    try:
        yield kept.lines
    finally:
        root.handlers = handlers
        root.setLevel(level)
