"""What harmed, or could have, as blinded people may know it. Sessions and texts that tell an arm are not here."""

from safety.models.clock import Clock
from safety.models.event import AdverseEvent, Causality, EventReport

__all__ = ["AdverseEvent", "Causality", "Clock", "EventReport"]
