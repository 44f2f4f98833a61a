"""Who is blind to what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .words import Part, RoleName, Text

Hidden = Literal["allocation", "stratum", "sessions"]


class Blinding(Part):
    """`blind_to`: role -> what it must not know. `unblinded_roles` get the unblinded pages.

    `safety_reviewer`: the unblinded role that reads event texts and judges relatedness.
    """

    label: Text
    blind_to: dict[RoleName, tuple[Hidden, ...]] = Field(default_factory=dict)
    unblinded_roles: tuple[RoleName, ...] = ()
    safety_reviewer: RoleName | None = None
    note: Text | None = None

    def hides(self, role: str, what: Hidden) -> bool:
        """Whether `role` is blind to `what`."""
        return what in self.blind_to.get(role, ())  # type: ignore[call-overload]
