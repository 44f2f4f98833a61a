"""Goals with their reviews. Needs the blindfold lifted."""

from dataclasses import dataclass

from participants.models import Participant
from therapy.models import Goal, GoalReview


@dataclass(frozen=True)
class Standing:
    """A goal and its reviews in order."""

    goal: Goal
    reviews: list[GoalReview]

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return not self.reviews or self.reviews[-1].outcome == GoalReview.Outcome.GOING_ON

    @property
    def rating(self) -> int:
        """The latest rating, 0 to 10."""
        return self.reviews[-1].rating if self.reviews else self.goal.rating


def goals_of(participant: Participant) -> list[Standing]:
    """All goals of a participant by number, in two queries."""
    goals = list(Goal.objects.filter(participant=participant).order_by("number"))
    reviews = list(GoalReview.objects.filter(goal__in=goals).order_by("reviewed_at", "pk"))
    return [Standing(goal, [each for each in reviews if each.goal_id == goal.pk]) for goal in goals]
