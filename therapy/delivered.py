"""What was delivered of a programme, over all participants of an arm. Needs the blindfold lifted."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from therapy.models import FidelityCheck, PerformedExercise, Session


@dataclass(frozen=True)
class Delivered:
    """Counts over the participants of an arm. ``therapists``: participants of each therapist, most first.

    ``exercises``: rows by how they were done; ``decisions``: by what was done with the load that the rule suggested;
    ``events``: sessions at which something unwanted was noted. ``kept``: lines of fidelity checklists answered yes, of
    those ``judged`` (yes or no).
    """

    participants: int
    attended: int
    planned: int
    therapists: tuple[int, ...]
    exercises: dict[str, int]
    decisions: dict[str, int]
    events: int
    kept: int
    judged: int

    @property
    def attended_percent(self) -> float | None:
        """Attended of all sessions of the programme, 0 to 100; None where nobody is in the arm."""
        return 100 * self.attended / self.planned if self.planned else None


def delivered_to(keys: Collection[UUID], sessions: int) -> Delivered:
    """What some participants got of a programme of so many sessions, in four queries."""
    held = Session.objects.filter(participant__in=list(keys), status__in=Session.ATTENDED)
    rows = list(held.values_list("participant_id", "therapist_id", "events_noted"))
    done = PerformedExercise.objects.filter(session__participant__in=list(keys))
    facts = list(done.values_list("status", "decision"))
    seen = Counter(therapist for _participant, therapist in {(person, therapist) for person, therapist, _e in rows})
    checks = FidelityCheck.objects.filter(session__participant__in=list(keys)).values_list("items", flat=True)
    answers = Counter(answer for items in checks for answer in items.values())
    return Delivered(
        participants=len(keys),
        attended=len(rows),
        planned=len(keys) * sessions,
        therapists=tuple(sorted(seen.values(), reverse=True)),
        exercises=dict(Counter(status for status, _decision in facts)),
        decisions=dict(Counter(decision for _status, decision in facts if decision)),
        events=sum(event for _participant, _therapist, event in rows),
        kept=answers["yes"],
        judged=answers["yes"] + answers["no"],
    )
