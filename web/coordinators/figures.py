"""The numbers at the top of the coordinators' home."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from outcomes.models import Form
from participants.models import Milestone, Participant
from web.components import Figure
from web.coordinators.desk import Desk
from web.coordinators.due_ready import READY, ready_to_randomize


def figures(desk: Desk, late: int) -> list[Figure]:
    """Randomized, ready to randomize, how much of the baseline under way is there, late."""
    found = []
    if desk.protocol.is_randomized:
        found = [_randomized(desk), _ready(desk)]
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


def _ready(desk: Desk) -> Figure:
    return Figure(ready_to_randomize(desk).count(), _("ready to randomize"), f"{desk.page('home')}?show={READY}")


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
    if plan is None:
        return Figure(share, _("of baseline forms complete"))
    return Figure(share, _("of baseline forms complete, of those not randomized yet"))


def _keys(desk: Desk) -> list[UUID]:
    return [site.pk for site in desk.sites]
