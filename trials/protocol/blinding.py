"""Who is blind to what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .words import Code, Part, RoleName, Text

Hidden = Literal["allocation", "stratum", "sessions"]


Guesser = Literal["assessor", "participant"]


class Guessing(Part):
    """Who is asked to guess the arm, and after which visits: once all that they fill there is in."""

    by: Guesser
    visits: tuple[Code, ...] = Field(min_length=1)


class Blinding(Part):
    """`blind_to`: role -> what it must not know. `unblinded_roles` get the unblinded pages.

    `safety_reviewer`: the unblinded role that reads event texts and judges relatedness.
    `guesses`: how blinding is assessed; nobody is asked unless named here.
    """

    label: Text
    blind_to: dict[RoleName, tuple[Hidden, ...]] = Field(default_factory=dict)
    unblinded_roles: tuple[RoleName, ...] = ()
    safety_reviewer: RoleName | None = None
    guesses: tuple[Guessing, ...] = ()
    note: Text | None = None

    def hides(self, role: str, what: Hidden) -> bool:
        """Whether `role` is blind to `what`."""
        return what in self.blind_to.get(role, ())  # type: ignore[call-overload]

    def visits_asking(self, guesser: str) -> tuple[str, ...]:
        """The visits after which somebody is asked to guess."""
        return tuple(dict.fromkeys(code for each in self.guesses if each.by == guesser for code in each.visits))

    def asks(self, guesser: str, visit: str) -> bool:
        """Whether `guesser` is asked after a visit."""
        return visit in self.visits_asking(guesser)
