"""Who is to be asked about events, at the visits where the protocol has everybody asked."""

from datetime import timedelta

from django.db.models import Q

from accounts.roles import Role
from outcomes.models import Visit
from outcomes.queries import Bucket
from outcomes.queries.worklists import CLOSING_DAYS, OVERDUE_DAYS
from outcomes.schedule import window_in_words
from safety.short_queries import visits_to_ask_at
from web.coordinators.desk import Desk, DueRow, Source
from web.coordinators.due_forms import STATUSES
from web.coordinators.due_people import counted
from web.shared.record_words import link
from web.shared.short_tables import asking_in_words, asking_label


def askings(desk: Desk) -> Source:
    """Visits at which coordinators ask and nobody did yet; each row leads to the question.

    What closed long ago is left to the list of Safety, as late forms are left to the record.
    """
    soon, since = desk.today + timedelta(CLOSING_DAYS), desk.today - timedelta(OVERDUE_DAYS)
    within = {
        Bucket.OVERDUE: Q(closes_on__lt=desk.today, closes_on__gte=since),
        Bucket.CLOSING: Q(closes_on__gte=desk.today, closes_on__lte=soon),
        Bucket.TODAY: Q(closes_on__gt=soon),
    }
    waiting = visits_to_ask_at(desk.sites, desk.protocol, Role.COORDINATOR)

    def rows(bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        some = waiting.filter(within[bucket]).order_by("closes_on", "participant__number", "pk")[start:stop]
        return [_asking(desk, each, bucket) for each in some]

    return Source(counted(waiting, within), rows)


def _asking(desk: Desk, visit: Visit, bucket: Bucket) -> DueRow:
    number = visit.participant.number
    return DueRow(
        STATUSES[bucket],
        window_in_words(visit.opens_on, visit.closes_on, desk.today),
        number,
        desk.record_url(number),
        asking_in_words(visit, desk.protocol),
        label=asking_label(),
        url=link("event_ask", trial=desk.trial.code, visit=visit.pk),
    )
