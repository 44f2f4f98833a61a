"""The states of a participant: their words and, as everywhere, a shape beside them."""

from participants.models import Participant
from web.components import Text

S = Participant.State

SHAPES = {
    S.SCREENING: "started",
    S.INELIGIBLE: "not_done",
    S.DECLINED: "not_done",
    S.ELIGIBLE: "due",
    S.CONSENTED: "started",
    S.RANDOMIZED: "planned",
    S.COMPLETED: "complete",
    S.WITHDRAWN: "withdrawn",
}


def shape_of(state: str) -> tuple[str, Text]:
    """The key of a shape and the words of a participant's state."""
    return SHAPES[S(state)], S(state).label
