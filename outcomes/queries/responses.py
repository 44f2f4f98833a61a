"""Reads of forms and answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit.actors import Actor
from core import clock
from outcomes.actions.drafts import entry_of
from outcomes.audiences import Audience, grant_to_fill, may_know_of, may_read
from outcomes.entries import Entry
from outcomes.models import CorrectionRequest, Draft, Form, Response, Visit
from outcomes.policies import last_answer_day
from participants.models import Participant
from trials.access import not_found, refused
from trials.models import Site
from trials.protocol import Protocol
from trials.queries import protocol_of


@dataclass(frozen=True)
class Scored:
    """The scores of one submitted form; ``day`` is the visit's target day."""

    visit: str
    number: int
    day: date
    submitted_at: datetime
    scores: dict[str, Any]
    n_answered: int
    n_required: int
    late: bool


@dataclass(frozen=True)
class Typed:
    """A draft: what was typed, the revision of each item (0 when never saved), and when it was saved last."""

    entry: Entry
    revisions: dict[str, int]
    saved_at: datetime | None


def form_at(sites: Iterable[Site], key: UUID, audience: Audience) -> Form:
    """A form at one of the sites, with participant, visit, site and trial; NotFound for any other."""
    rows = Form.objects.select_related("participant", "visit", "site", "trial")
    form = rows.filter(pk=key, site__in=[site.pk for site in sites]).first()
    if form is None or not may_know_of(form, audience):
        raise not_found()
    return form


def due_forms_of(participant: Participant, visit: Visit) -> list[Form]:
    """The participant's own forms of a visit that they may still answer today, in order."""
    today = clock.today(participant.site.time_zone)
    if visit.participant_id != participant.pk or not visit.opens_on <= today:
        return []
    if today > last_answer_day(protocol_of(participant.trial), visit):
        return []
    waiting = [Form.State.OPEN, Form.State.STARTED, Form.State.MISSED]
    forms = Form.objects.filter(visit=visit, filled_by="participant", state__in=waiting, opens_on__lte=today)
    return list(forms.select_related("participant", "visit", "site", "trial").order_by("order", "pk"))


def draft_of(form: Form, by: Actor) -> Typed:
    """What was typed into a form and not submitted; only for those who may fill it."""
    grant_to_fill(form, by)
    drafts = list(Draft.objects.filter(form=form))
    revisions = {draft.item: draft.revision for draft in drafts}
    return Typed(entry_of(form, drafts), revisions, max((draft.typed_at for draft in drafts), default=None))


def first_submissions(participant: Participant, forms: Iterable[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """When each of some forms, by (visit, instrument), was submitted at the first occurrence of its visit; those
    that were not are left out."""
    wanted = set(forms)
    held = Response.objects.filter(
        participant=participant, instrument__in={instrument for _visit, instrument in wanted}, form__visit__number=1
    )
    rows = held.order_by("-submitted_at", "-pk").values_list("form__visit__code", "instrument", "submitted_at")
    return {(visit, instrument): at for visit, instrument, at in rows if (visit, instrument) in wanted}


def response_of(form: Form, audience: Audience) -> Response | None:
    """The submitted answers of a form, None if there are none. Refused, whether or not there are any, for an
    audience that may not read this instrument."""
    if not may_read(form, audience):
        raise refused()
    return Response.objects.select_related("form", "form__visit").filter(form=form).first()


def scores_of(participant: Participant, instrument: str, audience: Audience) -> list[Scored]:
    """All scores of an instrument, oldest visit first; none for an audience that may not read it."""
    protocol = protocol_of(participant.trial)
    held = Response.objects.filter(participant=participant, instrument=instrument).select_related("form__visit")
    return [
        Scored(
            each.form.visit.code,
            each.form.visit.number,
            each.form.target_on,
            each.submitted_at,
            each.scores,
            each.n_answered,
            each.n_required,
            each.late,
        )
        for each in held.order_by("form__target_on", "submitted_at", "pk")
        if may_read(each.form, audience, protocol)
    ]


def is_complete(participant: Participant, visit: str, instrument: str, number: int = 1) -> bool:
    """Whether a form of a visit was submitted."""
    return submitted_at(participant, visit, instrument, number) is not None


def submitted_at(participant: Participant, visit: str, instrument: str, number: int = 1) -> datetime | None:
    """When a form of a visit was submitted, or None."""
    held = Response.objects.filter(
        participant=participant, instrument=instrument, form__visit__code=visit, form__visit__number=number
    )
    return held.order_by("submitted_at", "pk").values_list("submitted_at", flat=True).first()


def open_requests(
    sites: Iterable[Site], audience: Audience, protocol: Protocol | None = None
) -> list[CorrectionRequest]:
    """Corrections that participants asked for and nobody decided on, the oldest first."""
    held = CorrectionRequest.objects.filter(
        state=CorrectionRequest.State.OPEN, participant__site__in=[site.pk for site in sites]
    )
    rows = held.select_related("participant__site", "response__form__visit", "response__form__trial")
    return [each for each in rows.order_by("asked_at", "pk") if may_read(each.response.form, audience, protocol)]
