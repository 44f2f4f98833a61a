"""Scores that reach a limit of the protocol: somebody is to look at them the same day."""

from audit.actors import Grant
from outcomes.audiences import plan_of
from outcomes.codes import TASK_LIMIT
from outcomes.models import Response
from outcomes.policies import today_at
from participants.actions import tasks
from participants.models import Task
from trials.queries import protocol_of


def settle_limits(response: Response, grant: Grant) -> None:
    """A task for the coordinator for each limit that is reached, once for each form: a correction raises none anew."""
    form = response.form
    plan = plan_of(protocol_of(form.trial), form)
    for limit in plan.limits if plan else ():
        value = response.scores.get(limit.score)
        if not isinstance(value, int | float) or not limit.is_reached(value):
            continue
        about = f"{form.visit.label()} {form.instrument} {limit.code}"
        if not Task.objects.filter(participant=form.participant, kind=TASK_LIMIT, about=about).exists():
            due_on = today_at(form)
            tasks.raise_task(participant=form.participant, kind=TASK_LIMIT, due_on=due_on, about=about, grant=grant)
