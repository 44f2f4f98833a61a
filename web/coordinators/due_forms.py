"""Forms that coordinators bring in: results to enter, and questionnaires whose time ran out."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.dates import date_format
from outcomes.actions.calls import LAST_DAYS, primary_instruments
from outcomes.audiences import FILLING, filled_by
from outcomes.models import PENDING, Form
from outcomes.policies import NOT_FOLLOWED
from outcomes.queries import Bucket
from outcomes.queries.worklists import CLOSING_DAYS, COMING_DAYS, OVERDUE_DAYS
from outcomes.schedule import window_in_words
from reminders.models import LEFT, Message
from web.coordinators.desk import Desk, DueRow, Source
from web.shared.record_words import form_url, instrument_name, name_of_visit, visit_name

STATUSES = {Bucket.OVERDUE: "late", Bucket.CLOSING: "closing", Bucket.TODAY: "due", Bucket.COMING: "planned"}
BY_PARTICIPANT = "participant"
IN_ORDER = ("closes_on", "participant__number", "order", "pk")
"""To the last tie: what the database chooses follows from how often rows were written, and that may tell an arm."""


def results(desk: Desk) -> Source:
    """Forms that staff of this desk fill themselves, one row each."""
    fillers = sorted(each for each in filled_by(desk.audience) if each != BY_PARTICIPANT and each in FILLING)
    soon = Q(state__in=PENDING, closes_on__gte=desk.today, opens_on__lte=desk.today + timedelta(COMING_DAYS))
    # Said once more outside the alternatives, so that the index of the worklist serves both.
    served = Q(state__in=[*PENDING, Form.State.MISSED], closes_on__gte=desk.today - timedelta(OVERDUE_DAYS))
    forms = _open_forms(desk).filter(served, soon | _late(desk), filled_by__in=fillers).annotate(rank=_rank(desk))
    order = list(Bucket)
    found = forms.order_by().values_list("rank").annotate(Count("pk"))

    def rows(bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        some = forms.filter(rank=order.index(bucket)).select_related("participant", "visit")
        return [_result(desk, form, bucket) for form in some.order_by(*IN_ORDER)[start:stop]]

    return Source({order[rank]: count for rank, count in found}, rows)


def _result(desk: Desk, form: Form, bucket: Bucket) -> DueRow:
    number = form.participant.number
    return DueRow(
        STATUSES[bucket],
        _when(desk, form, bucket),
        number,
        desk.record_url(number),
        instrument_name(form.instrument),
        name_of_visit(desk.protocol, form.visit),
        _("Enter"),
        form_url(desk.trial, form) if bucket != Bucket.COMING else "",
    )


def _when(desk: Desk, form: Form, bucket: Bucket) -> str:
    left = (form.closes_on - desk.today).days
    if bucket == Bucket.COMING:
        return _("opens %(day)s") % {"day": date_format(form.opens_on, "j F")}
    if left <= 0:
        return window_in_words(form.opens_on, form.closes_on, desk.today)
    return ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left}


def last_calls(desk: Desk) -> Source:
    """Primary outcomes that nobody has given yet and whose window is about to close: one form, by telephone."""
    forms = _open_forms(desk).filter(
        state__in=[*PENDING, Form.State.STARTED],
        filled_by=BY_PARTICIPANT,
        instrument__in=sorted(primary_instruments(desk.protocol)),
        opens_on__lte=desk.today,
        closes_on__range=(desk.today, desk.today + timedelta(LAST_DAYS)),
        not_done_code="",
    )

    def rows(bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        some = forms.select_related("participant", "visit").order_by(*IN_ORDER)[start:stop]
        return [_last_call(desk, form, bucket) for form in some]

    return Source({Bucket.CLOSING: forms.count()}, rows)


def _last_call(desk: Desk, form: Form, bucket: Bucket) -> DueRow:
    number = form.participant.number
    return DueRow(
        STATUSES[bucket],
        _when(desk, form, bucket),
        number,
        desk.record_url(number),
        _("Last call: %(form)s") % {"form": instrument_name(form.instrument)},
        name_of_visit(desk.protocol, form.visit),
        _("Enter"),
        form_url(desk.trial, form),
    )


def questionnaires(desk: Desk) -> Source:
    """Questionnaires whose window closed without an answer, one row for each participant and visit."""
    forms = _open_forms(desk).filter(_late(desk), filled_by=BY_PARTICIPANT)
    groups = (
        forms.order_by()
        .values("participant_id", "participant__number", "visit__code")
        .annotate(count=Count("pk"), first=Min("closes_on"), last=Max("closes_on"))
    )

    def rows(_bucket: Bucket, start: int, stop: int) -> list[DueRow]:
        some = list(groups.order_by("first", "participant__number", "visit__code")[start:stop])
        ids = {group["participant_id"] for group in some}
        held = _by_group(forms.filter(participant__in=ids).select_related("visit"))
        sent = _sent(ids)
        keys = [(group["participant_id"], group["visit__code"]) for group in some]
        return [
            _group(desk, group["participant__number"], held[key], sent.get(key, 0))
            for group, key in zip(some, keys, strict=True)
            if key in held
        ]

    return Source({Bucket.OVERDUE: groups.count()}, rows)


def _group(desk: Desk, number: str, forms: list[Form], sent: int) -> DueRow:
    last = max(forms, key=lambda form: form.closes_on)
    if len(forms) == 1:
        what = f"{name_of_visit(desk.protocol, last.visit)}: {instrument_name(last.instrument)}"
    else:
        several = ngettext("%(visit)s: %(count)d form", "%(visit)s: %(count)d forms", len(forms))
        what = several % {"visit": visit_name(desk.protocol, last.visit.code), "count": len(forms)}
    told = ngettext("%(count)d message sent", "%(count)d messages sent", sent) % {"count": sent}
    told = told if sent else _("No message was sent")
    # Several forms are sorted out on the record, where each has its own link.
    url = form_url(desk.trial, last) if len(forms) == 1 else desk.record_url(number)
    when = window_in_words(last.opens_on, last.closes_on, desk.today)
    label = _("Enter") if len(forms) == 1 else _("Open")
    return DueRow("late", when, number, desk.record_url(number), what, told, label, url)


def _by_group(forms: Iterable[Form]) -> dict[tuple[UUID, str], list[Form]]:
    found: dict[tuple[UUID, str], list[Form]] = {}
    for form in forms:
        found.setdefault((form.participant_id, form.visit.code), []).append(form)
    return found


def _sent(participants: Iterable[UUID]) -> dict[tuple[UUID, str], int]:
    sent = Message.objects.filter(participant__in=participants, state__in=LEFT, visit__isnull=False)
    counted = sent.order_by().values_list("participant_id", "visit__code").annotate(Count("pk"))
    return {(participant, code): count for participant, code, count in counted}


def _open_forms(desk: Desk) -> QuerySet[Form]:
    forms = Form.objects.filter(site__in=[site.pk for site in desk.sites])
    return forms.exclude(participant__state__in=NOT_FOLLOWED)


def _late(desk: Desk) -> Q:
    since = desk.today - timedelta(OVERDUE_DAYS)
    missed = [*PENDING, Form.State.MISSED]
    return Q(state__in=missed, not_done_code="", closes_on__lt=desk.today, closes_on__gte=since)


def _rank(desk: Desk) -> Case:
    return Case(
        When(closes_on__lt=desk.today, then=Value(0)),
        When(opens_on__gt=desk.today, then=Value(3)),
        When(closes_on__lte=desk.today + timedelta(CLOSING_DAYS), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def late_by_participant(desk: Desk, participants: Iterable[UUID]) -> dict[UUID, int]:
    """How many forms of some participants are late, whoever fills them."""
    forms = _open_forms(desk).filter(_late(desk), participant__in=participants)
    forms = forms.filter(filled_by__in=sorted(filled_by(desk.audience)))
    return dict(forms.order_by().values_list("participant_id").annotate(Count("pk")))
