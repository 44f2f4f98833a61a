"""Laying out what is due: rows from the protocol and the milestones reached, and closing what was not done."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import transaction

from audit.actors import Grant
from audit.acts import Act, act
from core import clock
from outcomes.codes import NotNeeded
from outcomes.models import PENDING, Form, Visit
from outcomes.policies import NOT_TAKING_PART
from outcomes.schedule import Milestones, PlannedForm, PlannedVisit, planned_visits
from participants.models import Participant
from participants.queries import consent_of, milestones_of, withdrawn_from
from review.policies import is_locked
from trials.models import Trial
from trials.queries import protocol_of

MOVABLE = frozenset({*PENDING, Form.State.MISSED})


def lay_out(*, participant: Participant, grant: Grant) -> list[Visit]:
    """Bring the visits and forms of a participant in step with the protocol and the milestones; idempotent.

    Missing rows are made; dates of unfinished forms follow their anchor; a form whose anchor was cancelled is
    cancelled, and opened again when the anchor returns. Finished forms keep their dates. Each change is in the
    trail, and a call that changes nothing leaves no entry.
    """
    with transaction.atomic():
        rows = Participant.objects.select_for_update(of=("self",)).select_related("trial", "site")
        participant = rows.get(pk=participant.pk)
        visits = {(v.code, v.number): v for v in _visits_of(participant)}
        if participant.state in NOT_TAKING_PART or withdrawn_from(participant, "follow_up"):
            return list(visits.values())
        planned = planned_visits(
            protocol_of(participant.trial),
            reached(participant),
            group=participant.group or None,
            clauses=agreed_clauses(participant),
        )
        _bring_in_step(participant, planned, visits, grant)
        return _visits_of(participant)


def reached(participant: Participant) -> Milestones:
    """The day of each milestone that stands, by kind and number."""
    return {(each.kind, each.number): each.day for each in milestones_of(participant) if each.day is not None}


def agreed_clauses(participant: Participant) -> frozenset[str]:
    """The clauses agreed to in the consent in force."""
    consent = consent_of(participant)
    return frozenset(code for code, agreed in consent.clauses.items() if agreed is True) if consent else frozenset()


def _visits_of(participant: Participant) -> list[Visit]:
    return list(Visit.objects.filter(participant=participant).prefetch_related("forms").order_by("order", "number"))


def _bring_in_step(
    participant: Participant,
    planned: list[PlannedVisit],
    visits: dict[tuple[str, int], Visit],
    grant: Grant,
) -> None:
    done = {f.one_of for v in visits.values() for f in v.forms.all() if f.one_of and f.state == Form.State.COMPLETE}
    new_visits, new_forms = [], []
    for plan in planned:
        visit = visits.get((plan.code, plan.number))
        if visit is None:
            visit = _new_visit(participant, plan)
        held = {(f.instrument, f.filled_by) for f in visit.forms.all()} if (plan.code, plan.number) in visits else set()
        forms = [f for f in plan.forms if (f.instrument, f.filled_by) not in held and f.one_of not in done]
        if (plan.code, plan.number) not in visits and forms:
            new_visits.append(visit)
        new_forms += [_new_form(visit, form) for form in forms]
    moved = [(visits[p.code, p.number], p) for p in planned if (p.code, p.number) in visits]
    moved = [(visit, plan) for visit, plan in moved if _needs_moving(visit, plan)]
    gone = _without_anchor(planned, visits)
    if not (new_visits or new_forms or moved or gone):
        return
    with act("visits.lay_out", grant=grant, subject=participant) as a:
        a.create_many(new_visits, summary="visits")
        a.create_many(new_forms, summary="forms")
        for visit, plan in moved:
            _move(a, visit, plan)
        for form in gone:
            a.change(form, state=Form.State.CANCELLED, not_done_code=NotNeeded.ANCHOR)


def _new_visit(participant: Participant, plan: PlannedVisit) -> Visit:
    return Visit(
        trial_id=participant.trial_id,
        participant=participant,
        code=plan.code,
        number=plan.number,
        order=plan.order,
        opens_on=plan.opens_on,
        target_on=plan.target_on,
        closes_on=plan.closes_on,
    )


def _new_form(visit: Visit, plan: PlannedForm) -> Form:
    return Form(
        trial_id=visit.trial_id,
        site_id=visit.participant.site_id,
        participant=visit.participant,
        visit=visit,
        instrument=plan.instrument,
        filled_by=plan.filled_by,
        required=plan.required,
        one_of=plan.one_of,
        secrecy=plan.secrecy,
        order=plan.order,
        opens_on=visit.opens_on,
        target_on=visit.target_on,
        closes_on=visit.closes_on,
    )


def _needs_moving(visit: Visit, plan: PlannedVisit) -> bool:
    days = (plan.opens_on, plan.target_on, plan.closes_on)
    movable = [f for f in visit.forms.all() if _is_movable(f)]
    returned = any(f.not_done_code == NotNeeded.ANCHOR for f in movable)
    return bool(movable) and (returned or (visit.opens_on, visit.target_on, visit.closes_on) != days)


def _is_movable(form: Form) -> bool:
    waits = form.state in MOVABLE and not form.not_done_code
    return waits or form.not_done_code == NotNeeded.ANCHOR


def _move(a: Act, visit: Visit, plan: PlannedVisit) -> None:
    days = {"opens_on": plan.opens_on, "target_on": plan.target_on, "closes_on": plan.closes_on}
    a.change(visit, **days)
    for form in visit.forms.all():
        if not _is_movable(form):
            continue
        state = form.state
        if state in (Form.State.CANCELLED, Form.State.MISSED):
            state = Form.State.STARTED if form.started_at else Form.State.OPEN
        a.change(form, **days, state=state, not_done_code="")


def _without_anchor(planned: Iterable[PlannedVisit], visits: dict[tuple[str, int], Visit]) -> list[Form]:
    expected = {(plan.code, plan.number) for plan in planned}
    return [
        form
        for key, visit in visits.items()
        if key not in expected
        for form in visit.forms.all()
        if form.state in PENDING
    ]


def close_overdue(*, trial: Trial, now: datetime, grant: Grant) -> int:
    """Mark as missed every form whose window closed before today at its site; returns how many were closed.

    Forms of people who withdrew from follow-up or do not take part are cancelled instead. Drafts stay, so that
    a late answer loses nothing. Nothing happens in a locked trial.
    """
    if is_locked(trial):
        return 0
    closed = 0
    for site in trial.sites.order_by("code"):
        today = clock.day_of(now, site.time_zone)
        overdue = Form.objects.filter(trial=trial, site=site, state__in=PENDING, closes_on__lt=today)
        forms = overdue.select_related("participant").order_by("participant_id", "closes_on", "id")
        for participant, group in groupby(forms, key=lambda form: form.participant):
            closed += _close(participant, list(group), grant)
    return closed


def _close(participant: Participant, forms: list[Form], grant: Grant) -> int:
    values: dict[str, str] = {"state": Form.State.MISSED}
    if participant.state in NOT_TAKING_PART:
        values = {"state": Form.State.CANCELLED, "not_done_code": NotNeeded.NOT_TAKING_PART}
    elif withdrawn_from(participant, "follow_up"):
        values = {"state": Form.State.CANCELLED, "not_done_code": NotNeeded.WITHDRAWN}
    with act("forms.close", grant=grant, subject=participant) as a:
        for form in forms:
            a.change(form, **values)
    return len(forms)
