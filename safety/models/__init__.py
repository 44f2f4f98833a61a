"""What harmed, or could have, as blinded people may know it. Sessions and texts that tell an arm are not here."""

from safety.models.clock import Clock
from safety.models.event import AdverseEvent, Causality, EventReport
from safety.models.short import Asking, ConcomitantCare, Deviation, IncidentalFinding, Pregnancy

__all__ = [
    "AdverseEvent",
    "Asking",
    "Causality",
    "Clock",
    "ConcomitantCare",
    "Deviation",
    "EventReport",
    "IncidentalFinding",
    "Pregnancy",
]
