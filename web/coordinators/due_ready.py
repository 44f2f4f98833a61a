"""Who is ready to be randomized: the number on the home, the list behind it, and the rows under Today."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from outcomes.models import Response
from outcomes.queries import Bucket
from participants.models import Decision, Participant
from web.coordinators.desk import Desk, DueRow, Source

READY = "ready"
"""What ``?show=`` says for the list."""


def to_randomize(desk: Desk) -> Source:
    """Those ready today, where this desk randomizes: elsewhere it is no work of theirs, and the list tells who."""
    plan = desk.protocol.randomization
    if plan is None or not {*desk.audience} & {*plan.roles}:
        return Source({}, lambda _bucket, _start, _stop: [])
    return ready(desk)


def ready(desk: Desk) -> Source:
    """All who are ready, each leading to the record, whose main button is the next step."""
    waiting = ready_to_randomize(desk)

    def rows(_bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        return [_row(desk, each.number) for each in waiting.order_by("screened_on", "number", "pk")[start:stop]]

    return Source({Bucket.TODAY: waiting.count()}, rows)


def _row(desk: Desk, number: str) -> DueRow:
    record = desk.record_url(number)
    return DueRow("due", _("Ready"), number, record, _("To be randomized"), label=_("Open"), url=record)


def ready_to_randomize(desk: Desk) -> QuerySet[Participant]:
    """Consented, eligible at all stages before the last, and with all forms that randomization needs.

    What is reconfirmed on the day itself, and the booking, are left to that day.
    """
    plan = desk.protocol.randomization
    found = Participant.objects.filter(site__in=[site.pk for site in desk.sites], state=Participant.State.CONSENTED)
    if plan is None:
        return found.none()
    for form in plan.before.forms:
        held = Response.objects.filter(participant=OuterRef("pk"), instrument=form.instrument)
        found = found.filter(Exists(held.filter(form__visit__code=form.visit)))
    for stage in plan.before.eligibility[1:-1]:
        decided = Decision.objects.filter(participant=OuterRef("pk"), stage=stage, outcome=Decision.Outcome.ELIGIBLE)
        found = found.filter(Exists(decided.filter(screening__next=None)))
    return found
