"""The questions of participants as a version of the protocol would lay them out. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from datetime import date
from uuid import UUID

from outcomes.actions.visits import moves, new_form, new_visit, state_after_move
from outcomes.models import Form
from outcomes.policies import NOT_TAKING_PART
from outcomes.schedule import Milestones, PlannedVisit, planned_visits
from participants.models import Consent, Milestone, Participant
from trials.models import Trial
from trials.protocol import Protocol

CHUNK = 200


def questions_under(protocol: Protocol, trial: Trial, *, first: date, last: date) -> Iterator[Form]:
    """The forms that participants fill in windows between two days, with the state they have and the days they get.

    Forms and visits that are not there yet are new objects; those that the version no longer asks for are left out.
    """
    people = Participant.objects.filter(trial=trial).exclude(state__in=NOT_TAKING_PART).select_related("site", "trial")
    keys = list(people.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        some = list(people.filter(pk__in=keys[start : start + CHUNK]).order_by("pk"))
        yield from _of_some(protocol, some, first, last)


def _of_some(protocol: Protocol, people: list[Participant], first: date, last: date) -> Iterator[Form]:
    milestones, clauses, held = _milestones(people), _clauses(people), _held(people)
    for participant in people:
        key = participant.pk
        group = participant.group or None
        for plan in planned_visits(protocol, milestones[key], group=group, clauses=clauses.get(key, frozenset())):
            if plan.opens_on <= last and plan.closes_on >= first:
                yield from _forms(participant, plan, held[key].get((plan.code, plan.number), []))


def _forms(participant: Participant, plan: PlannedVisit, held: list[Form]) -> Iterator[Form]:
    """The participant's forms of one visit, as laying out would leave them."""
    rows = {form.instrument: form for form in held}
    visit = copy(held[0].visit) if held else new_visit(participant, plan)
    visit.opens_on, visit.target_on, visit.closes_on = plan.opens_on, plan.target_on, plan.closes_on
    for each in plan.forms:
        if each.filled_by != "participant":
            continue
        form = copy(rows[each.instrument]) if each.instrument in rows else new_form(visit, each)
        if moves(form, plan):
            form.state, form.not_done_code = state_after_move(form), ""
        form.visit, form.participant, form.site = visit, participant, participant.site
        yield form


def _milestones(people: list[Participant]) -> dict[UUID, Milestones]:
    found: dict[UUID, dict[tuple[str, int], date]] = defaultdict(dict)
    for each in Milestone.objects.filter(participant__in=people).exclude(day=None).order_by("pk"):
        found[each.participant_id][each.kind, each.number] = each.day  # type: ignore[assignment]
    return defaultdict(dict, found)  # type: ignore[return-value]


def _clauses(people: list[Participant]) -> dict[UUID, frozenset[str]]:
    """The clauses agreed to in the newest consent of each."""
    newest = Consent.objects.filter(participant__in=people).order_by("signed_at", "recorded_at", "pk")
    return {
        each.participant_id: frozenset(c for c, agreed in each.clauses.items() if agreed is True) for each in newest
    }


def _held(people: list[Participant]) -> dict[UUID, dict[tuple[str, int], list[Form]]]:
    found: dict[UUID, dict[tuple[str, int], list[Form]]] = defaultdict(lambda: defaultdict(list))
    rows = Form.objects.filter(participant__in=people, filled_by="participant").select_related("visit")
    for form in rows.order_by("visit__order", "visit__number", "order", "pk"):
        found[form.participant_id][form.visit.code, form.visit.number].append(form)
    return found
