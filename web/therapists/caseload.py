"""Whom a therapist treats today, with what the list says of each; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from audit.actors import Actor
from core import clock
from randomization.blindfold import Purpose, unblinded
from therapy import queries
from therapy.models import Cover, Session
from therapy.policies import withdrawn_from_sessions
from therapy.queries import Treated
from trials.models import Trial


@dataclass(frozen=True)
class Case:
    """A participant in somebody's care. ``cover_ends``: the last day of the cover, for those covered only."""

    treated: Treated
    last_held: datetime | None
    cover_ends: date | None
    withdrew: bool

    @property
    def next_number(self) -> int | None:
        """The number of the session to be recorded next; None when all are."""
        following = self.treated.recorded + 1
        return following if following <= self.treated.programme.sessions else None

    @property
    def zone(self) -> str:
        return self.treated.participant.site.time_zone

    @property
    def seen_today(self) -> bool:
        return self.last_held is not None and clock.day_of(self.last_held, self.zone) == clock.today(self.zone)


def caseload_of(by: Actor, trial: Trial) -> list[Case]:
    """Everybody somebody treats or covers for; those still to be seen today first, those who left the sessions last."""
    treated = queries.participants_of(by, trial)
    with unblinded(by=by, trial=trial, purpose=Purpose.TREAT):
        held = _last_held([each.participant.pk for each in treated])
        ends = _cover_ends(by, trial)
    left = withdrawn_from_sessions(trial)
    cases = []
    for each in treated:
        key = each.participant.pk
        cases.append(Case(each, held.get(key), ends.get(key) if each.covering else None, key in left))
    return sorted(cases, key=lambda case: (case.withdrew, case.next_number is None, case.seen_today))


def _last_held(keys: Iterable[UUID]) -> dict[UUID, datetime]:
    attended = Session.objects.filter(participant__in=list(keys), status__in=Session.ATTENDED)
    return dict(attended.values_list("participant_id").annotate(Max("held_at")))


def _cover_ends(by: Actor, trial: Trial) -> dict[UUID, date]:
    covers = Cover.objects.select_related("assignment__participant__site").filter(
        therapist_id=UUID(by.id), assignment__until=None, assignment__participant__trial=trial
    )
    ends = {}
    for cover in covers:
        participant = cover.assignment.participant
        if cover.covers(clock.today(participant.site.time_zone)):
            ends[participant.pk] = cover.ends_on
    return ends
