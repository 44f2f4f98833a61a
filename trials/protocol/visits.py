"""When what is collected, and by whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from .limits import Limit
from .words import ArmCode, Bool, Code, Count, Int, Part, RoleName, Text

Filler = Literal["participant", "assessor", "coordinator", "interviewer", "therapist", "imported"]
MilestoneName = Literal["screening", "consent", "randomized", "first_session_booked", "session", "last_session"]


class Anchor(Part):
    """The day a visit is counted from: a milestone (a session needs its `number`) or another visit.

    A visit as anchor means that visit's target day.
    """

    milestone: MilestoneName | None = None
    number: Count | None = None
    visit: Code | None = None


class Window(Part):
    """Days before and after the target day during which the visit is open."""

    before: Int = Field(default=0, ge=0, le=1000)
    after: Int = Field(default=0, ge=0, le=1000)


class Repeat(Part):
    """The visit recurs `times` times, `every_days` days apart; the first at the anchor + offset."""

    every_days: Count
    times: Count


class NotDone(Part):
    """A reason of the trial's own for which a form may be closed unanswered."""

    code: Code
    label: Text


class FormPlan(Part):
    """One instrument at a visit.

    `one_of`: among all forms that carry the same name, one suffices.
    `needs_clause`: due only for participants who agreed to this optional consent clause.
    `arms`: exists for these arms only; it then breaks the blind and belongs to therapy.
    `hidden_from`: roles that may not open it although it tells no arm by its existence.
    `limits`: scores that raise a task the same day. `shows_past`: a score that participants see of themselves as a
    line over the occurrences of the visit.
    """

    instrument: Code
    filled_by: Filler
    required: Bool = True
    minutes: Count | None = None
    one_of: Code | None = None
    needs_clause: Code | None = None
    arms: tuple[ArmCode, ...] = ()
    breaks_blind: Bool = False
    hidden_from: tuple[RoleName, ...] = ()
    not_done: tuple[NotDone, ...] = ()
    limits: tuple[Limit, ...] = ()
    shows_past: Code | None = None


class Visit(Part):
    """A planned visit, held whatever the attendance at sessions.

    target day = anchor + offset_days (+ every_days * (n - 1) for occurrence n);
    it opens `window.before` days earlier and closes `window.after` days later, both included.
    """

    code: Code
    label: Text
    anchor: Anchor
    offset_days: Int = Field(default=0, ge=-1000, le=4000)
    window: Window = Window()
    repeat: Repeat | None = None
    groups: tuple[Code, ...] = ()
    appointment: Code | None = None
    forms: tuple[FormPlan, ...] = Field(min_length=1)

    @property
    def occurrences(self) -> int:
        return self.repeat.times if self.repeat else 1

    def offset_of(self, number: int = 1) -> int:
        """Days from the anchor to the target day of occurrence `number` (counted from 1)."""
        step = self.repeat.every_days if self.repeat else 0
        return self.offset_days + step * (number - 1)

    def days_of(self, anchor_day: date, number: int = 1) -> tuple[date, date, date]:
        """(opens_on, target_on, closes_on) of occurrence `number`, all included."""
        target = anchor_day + timedelta(days=self.offset_of(number))
        return (
            target - timedelta(days=self.window.before),
            target,
            target + timedelta(days=self.window.after),
        )
