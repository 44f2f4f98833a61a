"""Saving answers as they are typed. A draft is not data yet: submitting is the entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, Grant
from audit.acts import act, stale
from core import clock
from core.problems import Problem
from instruments import catalogue
from instruments.answers import check
from outcomes.audiences import grant_to_fill
from outcomes.entries import Entry, pruned
from outcomes.models import PENDING, Draft, Form
from outcomes.policies import check_fillable


@dataclass(frozen=True)
class Saved:
    """What stands after a save. ``is_newest`` is False when a later answer from another device was kept.

    ``warning`` asks to confirm or correct an unlikely value; it is saved all the same. ``met_another`` says that
    another device had answered this item otherwise since it was shown here.
    """

    draft: Draft
    warning: Problem | None
    is_newest: bool
    met_another: bool = False


def save_item(
    *,
    form: Form,
    item: str,
    by: Actor,
    value: Any = None,
    missing: str = "",
    confirmed: bool = False,
    revision: int | None = None,
    seen: int | None = None,
    typed_at: datetime | None = None,
) -> Saved:
    """Save one item: a value, or why there is none, or neither to clear it. The first save starts the form.

    The item typed last wins: ``typed_at`` is the device's moment, never later than the server's. With
    ``revision`` (0 for an item not saved yet) a save over somebody else's is refused instead (Conflict);
    with ``seen``, the revision that the device showed, it is only told of (``met_another``).
    Raises Problem for an impossible value, and for a form that cannot be filled now.
    """
    grant = grant_to_fill(form, by)
    now = clock.now()
    with transaction.atomic():
        form = locked(form)
        check_fillable(form, by)
        drafts = {draft.item: draft for draft in form.drafts.all()}
        draft = drafts.get(item) or Draft(form=form, item=item, revision=0)
        if revision is not None and revision != draft.revision:
            raise stale()
        others = entry_of(form, [each for each in drafts.values() if each.item != item])
        stored, warning = _checked_item(form, others, item, value, missing, confirmed)
        moment = min(typed_at or now, now)
        why = missing if stored is None else ""
        differs = (draft.value, draft.missing) != (stored, why)
        if draft.revision and draft.typed_at > moment:
            return Saved(draft, None, is_newest=False, met_another=differs)
        met = differs and seen is not None and seen != draft.revision
        draft.value, draft.missing, draft.confirmed = stored, why, confirmed
        draft.typed_at, draft.typed_by, draft.revision = moment, by.id, draft.revision + 1
        draft.save()
        if form.started_at is None:
            _start(form, grant, now)
    return Saved(draft, warning, is_newest=True, met_another=met)


def locked(form: Form) -> Form:
    """The form as it stands now, held until the transaction ends."""
    rows = Form.objects.select_for_update(of=("self",)).select_related("participant", "site", "trial", "visit")
    return rows.get(pk=form.pk)


def entry_of(form: Form, drafts: list[Draft]) -> Entry:
    """What was typed so far, without what no longer applies."""
    typed = Entry(
        {draft.item: draft.value for draft in drafts if draft.value is not None},
        {draft.item: draft.missing for draft in drafts if draft.missing},
        [draft.item for draft in drafts if draft.confirmed],
    )
    return pruned(catalogue.load(form.instrument), typed)


def _checked_item(
    form: Form, others: Entry, item: str, value: Any, missing: str, confirmed: bool
) -> tuple[Any, Problem | None]:
    if value is not None and missing:
        raise Problem("draft.both", _("Give either an answer or a reason for none."), field=item)
    answers = {**others.answers, item: value} if value is not None else others.answers
    reasons = {**others.missing, item: missing} if missing else others.missing
    found = check(catalogue.load(form.instrument), answers, reasons, confirmed=[item] if confirmed else [], whole=False)
    for problem in found.problems:
        if problem.field == item[:40]:
            raise problem
    warning = next((each for each in found.warnings if each.field == item), None)
    return found.values.get(item), warning


def _start(form: Form, grant: Grant, now: datetime) -> None:
    with act("form.start", grant=grant, subject=form.participant) as a:
        a.note(visit=form.visit.label(), instrument=form.instrument)
        a.change(form, started_at=now, state=Form.State.STARTED if form.state in PENDING else form.state)
