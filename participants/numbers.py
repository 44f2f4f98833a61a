"""Study numbers: the site's code and four random characters. They say nothing of order, time or arm."""

from core import ids

ALPHABET = "BCDFGHJKMNPQRSTVWXZ23456789"
"""No vowels (no words by chance), and nothing that is misread or misheard on the phone: no 0, O, 1, I or L."""
LENGTH = 4


def draw(site_code: str) -> str:
    """A study number such as ``MTL-K7RW``; the caller makes sure that it is free."""
    return f"{site_code}-{''.join(ids.choose(ALPHABET) for _ in range(LENGTH))}"


def normalize(typed: str) -> str:
    """A study number as people type it: any case, with spaces or without the hyphen's usual sign."""
    plain = typed.strip().upper().replace(" ", "").replace("\u2013", "-").replace("\u2011", "-")
    # PostgreSQL cannot even be asked for text with a NUL; no number has a question mark.
    return plain.replace("\x00", "?")
