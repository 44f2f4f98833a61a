"""The numbers at the top of the coordinators' home."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from outcomes.models import Form, Response
from participants.models import Decision, Milestone, Participant
from web.components import Figure
from web.coordinators.desk import Desk


def figures(desk: Desk, late: int) -> list[Figure]:
    """Randomized, ready to randomize, how much of the baseline under way is there, late."""
    found = []
    if desk.protocol.is_randomized:
        found = [_randomized(desk), Figure(ready_to_randomize(desk).count(), _("ready to randomize"))]
    return [*found, _baseline(desk), Figure(late, _("late"))]


def _randomized(desk: Desk) -> Figure:
    people = Participant.objects.filter(site__in=_keys(desk))
    # Most are counted by the index on the state; only of those who left it must be asked.
    reached = Milestone.objects.filter(participant=OuterRef("pk"), kind=Milestone.Kind.RANDOMIZED).exclude(day=None)
    left = people.filter(Exists(reached), state__in=(Participant.State.COMPLETED, Participant.State.WITHDRAWN))
    count = people.filter(state=Participant.State.RANDOMIZED).count() + left.count()
    whole = len(desk.sites) == len(desk.protocol.sites)
    label = _("randomized of %(target)d") % {"target": desk.protocol.target} if whole else _("randomized here")
    return Figure(count, label)


def ready_to_randomize(desk: Desk) -> QuerySet[Participant]:
    """Consented, eligible at all stages before the last, and with all forms that randomization needs.

    What is reconfirmed on the day itself, and the booking, are left to that day.
    """
    plan = desk.protocol.randomization
    ready = Participant.objects.filter(site__in=_keys(desk), state=Participant.State.CONSENTED)
    if plan is None:
        return ready.none()
    for form in plan.before.forms:
        held = Response.objects.filter(participant=OuterRef("pk"), instrument=form.instrument)
        ready = ready.filter(Exists(held.filter(form__visit__code=form.visit)))
    for stage in plan.before.eligibility[1:-1]:
        decided = Decision.objects.filter(participant=OuterRef("pk"), stage=stage, outcome=Decision.Outcome.ELIGIBLE)
        ready = ready.filter(Exists(decided.filter(screening__next=None)))
    return ready


def _baseline(desk: Desk) -> Figure:
    plan = desk.protocol.randomization
    visits = {form.visit for form in plan.before.forms} if plan else set()
    codes = visits or {desk.protocol.visits[0].code}
    # Of those who are in it now: it was complete for everybody who was randomized.
    people = Participant.objects.filter(site__in=_keys(desk), state=Participant.State.CONSENTED)
    forms = Form.objects.filter(participant__in=people, visit__code__in=codes, required=True, opens_on__lte=desk.today)
    forms = forms.exclude(state=Form.State.CANCELLED).exclude(secrecy=Form.Secrecy.UNBLINDING)
    found = forms.order_by().aggregate(all=Count("pk"), done=Count("pk", filter=Q(state=Form.State.COMPLETE)))
    share = _("%(share)d %%") % {"share": round(100 * found["done"] / found["all"])} if found["all"] else "–"
    return Figure(share, _("of baseline forms complete"))


def _keys(desk: Desk) -> list[UUID]:
    return [site.pk for site in desk.sites]
