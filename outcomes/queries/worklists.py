"""What is due today, for those who have to bring it in. Two queries, however many participants there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models import TextChoices as Choices
from django.utils.translation import gettext_lazy as _

from outcomes.audiences import Audience, filled_by
from outcomes.models import PENDING, Form
from outcomes.policies import NOT_FOLLOWED
from outcomes.schedule import window_in_words
from participants.blindness import lost_by
from trials.models import Site

CLOSING_DAYS = 3
COMING_DAYS = 7
OVERDUE_DAYS = 30
"""After so many days a form that was missed without a reason leaves the worklist; the record still shows it."""
PAGE_SIZE = 50


class Bucket(Choices):
    """How urgent, the most urgent first."""

    OVERDUE = "overdue", _("Overdue")
    CLOSING = "closing", _("Closing soon")
    TODAY = "today", _("Open now")
    COMING = "coming", _("Next 7 days")


@dataclass(frozen=True)
class Row:
    """A form on a worklist; participant and visit are loaded. ``window`` is in words."""

    form: Form
    bucket: Bucket
    window: str


@dataclass(frozen=True)
class Worklist:
    """One page of what is due. ``counts`` covers all pages and buckets."""

    rows: list[Row]
    counts: dict[Bucket, int]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def forms_due(
    sites: Iterable[Site],
    audience: Audience,
    today: date,
    *,
    blind: str = "",
    bucket: Bucket | None = None,
    page: int = 1,
    per_page: int = PAGE_SIZE,
) -> Worklist:
    """The forms an audience has to bring in at some sites, by urgency, then closing day, then number.

    Overdue: the window closed, no answer and no reason. Closing: it closes within 3 days. Open now: it closes later.
    Coming: it opens within 7 days. ``blind`` is the key of whoever asks: what is measured blind of participants
    whose arm they may know is left to others. ``page`` counts from 1 and is brought into range.
    """
    due = _due(list(sites), audience, today)
    if blind:
        due = due.exclude(Q(lost_by(blind), filled_by="assessor"))
    found = due.values_list("rank").annotate(Count("pk")).order_by("rank")
    order = list(Bucket)
    counts = dict.fromkeys(order, 0) | {order[rank]: count for rank, count in found}
    shown = counts[bucket] if bucket else sum(counts.values())
    pages = max(1, -(-shown // per_page))
    page = min(max(1, page), pages)
    forms = due.filter(rank=order.index(bucket)) if bucket else due
    # To the last tie: what the database chooses follows from how often rows were written, and that may tell an arm.
    forms = forms.select_related("participant", "visit").order_by(
        "rank", "closes_on", "participant__number", "order", "pk"
    )
    rows = [
        Row(form, order[form.rank], window_in_words(form.opens_on, form.closes_on, today))
        for form in forms[(page - 1) * per_page : page * per_page]
    ]
    return Worklist(rows, counts, page, pages)


def _due(sites: list[Site], audience: Audience, today: date) -> QuerySet[Any]:
    open_now = Q(state__in=PENDING, closes_on__gte=today, opens_on__lte=today + timedelta(COMING_DAYS))
    since = today - timedelta(OVERDUE_DAYS)
    overdue = Q(state__in=[*PENDING, Form.State.MISSED], not_done_code="", closes_on__lt=today, closes_on__gte=since)
    forms = Form.objects.filter(
        open_now | overdue,
        # Said once more outside the alternatives, so that the index serves both.
        site__in=[site.pk for site in sites],
        filled_by__in=sorted(filled_by(audience)),
        state__in=[*PENDING, Form.State.MISSED],
        closes_on__gte=since,
    )
    rank = Case(
        When(closes_on__lt=today, then=Value(0)),
        When(opens_on__gt=today, then=Value(3)),
        When(closes_on__lte=today + timedelta(CLOSING_DAYS), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return forms.exclude(participant__state__in=NOT_FOLLOWED).annotate(rank=rank)
