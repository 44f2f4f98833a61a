"""Laying out what is due: rows from the protocol and the milestones reached, and closing what was not done."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from audit.actors import Grant
from audit.acts import act
from core import clock
from outcomes.codes import NotNeeded
from outcomes.models import PENDING, Form, Visit
from outcomes.policies import NOT_TAKING_PART
from outcomes.schedule import Milestones, PlannedForm, PlannedVisit, planned_visits, waiting_visits
from participants.models import Participant
from participants.queries import consent_of, milestones_of, withdrawn_from
from review.policies import is_locked
from trials.models import Trial
from trials.queries import protocol_of

RETURNING = frozenset({NotNeeded.ANCHOR, NotNeeded.PROTOCOL})
"""Why a form may have been cancelled that opens again once it is asked for again."""


def lay_out(*, participant: Participant, grant: Grant) -> None:
    """Bring the visits and forms of a participant in step with the protocol and the milestones; idempotent.

    Missing rows are made; dates of unfinished forms follow their anchor; a form whose anchor was cancelled, or that
    the protocol or the consent no longer asks for, is cancelled with that reason, and opens again when it returns.
    Finished forms keep their dates. Each change is in the trail; a call that changes nothing leaves no entry.
    """
    with transaction.atomic():
        rows = Participant.objects.select_for_update(of=("self",), no_key=True).select_related("trial", "site")
        participant = rows.get(pk=participant.pk)
        visits = _visits_of(participant)
        if participant.state in NOT_TAKING_PART or withdrawn_from(participant, "follow_up"):
            return
        protocol, milestones = protocol_of(participant.trial), reached(participant)
        clauses = agreed_clauses(participant)
        planned = planned_visits(protocol, milestones, group=participant.group or None, clauses=clauses)
        steps = _steps(participant, planned, visits, waiting_visits(protocol, milestones))
        if steps:
            _write(steps, participant, grant)


def reached(participant: Participant) -> Milestones:
    """The day of each milestone that stands, by kind and number."""
    return {(each.kind, each.number): each.day for each in milestones_of(participant) if each.day is not None}


def agreed_clauses(participant: Participant) -> frozenset[str]:
    """The clauses agreed to in the consent in force."""
    consent = consent_of(participant)
    return frozenset(code for code, agreed in consent.clauses.items() if agreed is True) if consent else frozenset()


def _visits_of(participant: Participant) -> list[Visit]:
    return list(
        Visit.objects.filter(participant=participant).prefetch_related("forms").order_by("order", "number", "pk")
    )


@dataclass
class _Steps:
    """What is to be written so that the rows say what the plan says."""

    visits: list[Visit] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    moved: list[tuple[Visit, PlannedVisit, list[Form]]] = field(default_factory=list)
    gone: list[tuple[Form, NotNeeded]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.visits or self.forms or self.moved or self.gone)


def _steps(participant: Participant, planned: list[PlannedVisit], held: list[Visit], waiting: frozenset[str]) -> _Steps:
    """``waiting`` are the visits whose anchor does not stand."""
    steps = _Steps()
    visits = {(visit.code, visit.number): visit for visit in held}
    done = {form.one_of for visit in held for form in visit.forms.all() if form.state == Form.State.COMPLETE} - {""}
    for plan in planned:
        visit = visits.get((plan.code, plan.number))
        rows = {_key(form): form for form in visit.forms.all()} if visit else {}
        fresh = [form for form in plan.forms if form.one_of not in done and _key(form) not in rows]
        if visit is None and fresh:
            visit = new_visit(participant, plan)
            steps.visits.append(visit)
        if visit is None:
            continue
        steps.forms += [new_form(visit, form) for form in fresh]
        wanted = {_key(form) for form in plan.forms if form.one_of not in done}
        moving = [form for key, form in rows.items() if key in wanted and moves(form, plan)]
        steps.moved += [(visit, plan, moving)] if moving else []
    steps.gone = _gone(planned, held, waiting)
    return steps


def _gone(planned: list[PlannedVisit], held: list[Visit], waiting: frozenset[str]) -> list[tuple[Form, NotNeeded]]:
    """Unfinished forms that the plan no longer holds, each with why."""
    expected = {(plan.code, plan.number, _key(form)) for plan in planned for form in plan.forms}
    return [
        (form, NotNeeded.ANCHOR if visit.code in waiting else NotNeeded.PROTOCOL)
        for visit in held
        for form in visit.forms.all()
        if form.is_pending and (visit.code, visit.number, _key(form)) not in expected
    ]


def _key(form: Form | PlannedForm) -> tuple[str, str]:
    return form.instrument, form.filled_by


def _write(steps: _Steps, participant: Participant, grant: Grant) -> None:
    with act("visits.lay_out", grant=grant, subject=participant) as a:
        a.create_many(steps.visits, summary="visits")
        a.create_many(steps.forms, summary="forms")
        for visit, plan, forms in steps.moved:
            days = {"opens_on": plan.opens_on, "target_on": plan.target_on, "closes_on": plan.closes_on}
            a.change(visit, **days)
            for form in forms:
                a.change(form, **days, state=state_after_move(form), not_done_code="")
        for form, why in steps.gone:
            a.change(form, state=Form.State.CANCELLED, not_done_code=why)


def new_visit(participant: Participant, plan: PlannedVisit) -> Visit:
    """The row of a planned visit, not stored."""
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


def new_form(visit: Visit, plan: PlannedForm) -> Form:
    """The row of a form due at a visit, not stored."""
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


def moves(form: Form, plan: PlannedVisit) -> bool:
    """Whether an unfinished form has to follow its anchor, or comes back since it is asked for again."""
    if form.not_done_code in RETURNING:
        return True
    waits = form.state in (*PENDING, Form.State.MISSED) and not form.not_done_code
    return waits and (form.opens_on, form.target_on, form.closes_on) != (plan.opens_on, plan.target_on, plan.closes_on)


def state_after_move(form: Form) -> str:
    """A missed form whose window moved is open again; the next sweep closes it if the new window is over too."""
    return Form.State.STARTED if form.started_at else Form.State.OPEN


def close_overdue(*, trial: Trial, now: datetime, grant: Grant) -> int:
    """Mark as missed every form whose window closed before today at its site; returns how many were closed.

    Forms of people who do not take part are cancelled instead, and so are all that are left of people who withdrew
    from follow-up. Drafts stay, so that a late answer loses nothing. Nothing happens in a locked trial.
    """
    if is_locked(trial):
        return 0
    closed = 0
    for site in trial.sites.order_by("code"):
        today = clock.day_of(now, site.time_zone)
        past = Q(closes_on__lt=today) | Q(participant__state=Participant.State.WITHDRAWN)
        overdue = Form.objects.filter(past, trial=trial, site=site, state__in=PENDING)
        forms = overdue.select_related("participant").order_by("participant_id", "closes_on", "id")
        for participant, group in groupby(forms, key=lambda form: form.participant):
            closed += _close(participant, [form.pk for form in group], grant)
    return closed


def _close(participant: Participant, keys: list[UUID], grant: Grant) -> int:
    values: dict[str, str] = {"state": Form.State.MISSED}
    if participant.state in NOT_TAKING_PART:
        values = {"state": Form.State.CANCELLED, "not_done_code": NotNeeded.NOT_TAKING_PART}
    elif withdrawn_from(participant, "follow_up"):
        values = {"state": Form.State.CANCELLED, "not_done_code": NotNeeded.WITHDRAWN}
    with transaction.atomic():
        # Held and asked again: the participant may be submitting, or another sweep be at it.
        forms = list(
            Form.objects.select_for_update().filter(pk__in=keys, state__in=PENDING).order_by("closes_on", "pk")
        )
        if forms:
            with act("forms.close", grant=grant, subject=participant) as a:
                for form in forms:
                    a.change(form, **values)
    return len(forms)
