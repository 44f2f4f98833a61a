"""Who is told what, when, and how often."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictStr, StringConstraints

from .words import CLOCK, Code, Count, Int, Part, RoleName, Text

Clock = Annotated[StrictStr, StringConstraints(pattern=CLOCK)]
Channel = Literal["email", "sms"]


class About(Part):
    """Forms of these visits (all of them without `instruments`), or appointments for these purposes."""

    visits: tuple[Code, ...] = ()
    instruments: tuple[Code, ...] = ()
    appointments: tuple[Code, ...] = ()


class Moment(Part):
    """Exactly one of: days after the window opens, before it closes, after it closed, before an appointment.

    `channel` overrides the order of the reminder's channels for this message.
    """

    after_opening: Int | None = Field(default=None, ge=0, le=400)
    before_closing: Int | None = Field(default=None, ge=0, le=400)
    after_closing: Int | None = Field(default=None, ge=0, le=400)
    before_appointment: Int | None = Field(default=None, ge=0, le=60)
    channel: Channel | None = None


class QuietHours(Part):
    """Nothing is sent from `start` to `end`, on the receiver's clock; it waits until `end`."""

    start: Clock
    end: Clock


class ThenTask(Part):
    """When the messages brought nothing: a task for a person, days after the last message."""

    role: RoleName
    days_after_last: Int = Field(default=1, ge=0, le=60)
    wording: Text


class Reminder(Part):
    """Messages stop when the form is complete, the window closed or the participant withdrew.

    Channel of message n: its own, else channels[min(n, len) - 1].
    """

    code: Code
    to: RoleName
    about: About
    send: tuple[Moment, ...] = Field(min_length=1, max_length=6)
    channels: tuple[Channel, ...] = Field(min_length=1)
    at_most: Count
    quiet_hours: QuietHours
    then_task: ThenTask | None = None

    def channel_of(self, number: int) -> str:
        """The channel of message `number`, counted from 1."""
        own = self.send[number - 1].channel
        return own or self.channels[min(number, len(self.channels)) - 1]
