"""The trial of the participants' tests, with somebody who consented; and facts of an event."""

from tests.unit.participants.conftest import _monday, cast, consented, trial

__all__ = ["_monday", "cast", "consented", "trial"]
