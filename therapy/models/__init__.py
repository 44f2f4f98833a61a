"""Who treats whom, and what was done. Everything here betrays the arm: no column is readable while blind."""

from therapy.models.assignment import Assignment, Cover
from therapy.models.deviation import DeliveryDeviation
from therapy.models.event import EventNote, SecondOpinion
from therapy.models.fidelity import FidelityCheck
from therapy.models.goal import Goal, GoalReview
from therapy.models.session import PerformedExercise, Session

__all__ = [
    "Assignment",
    "Cover",
    "DeliveryDeviation",
    "EventNote",
    "FidelityCheck",
    "Goal",
    "GoalReview",
    "PerformedExercise",
    "SecondOpinion",
    "Session",
]
