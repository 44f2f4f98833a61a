"""Saving a screening as it is typed. Nothing of it is data, and nothing of it is in the trail, until it is saved."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from core import clock, encryption
from core.problems import Conflict
from participants.encrypted import read, seal
from participants.models import Participant, ScreeningDraft
from participants.policies import check_may_be_screened_again, check_recruiting
from trials.access import authorize
from trials.models import Trial

KEPT_FOR = timedelta(days=7)
"""After so many days without a change a draft goes: it tells of the health of somebody who has not agreed yet."""
MOST_OPEN = 20
"""So many unfinished screenings one person may have in a trial. Nobody types more at a time; a faulty program might."""
Typed = Mapping[str, Sequence[str]]


def save(
    *,
    trial: Trial,
    token: str,
    typed: Typed,
    by: Actor,
    revision: int,
    participant: Participant | None = None,
    group: str = "",
) -> ScreeningDraft:
    """Save what is typed; ``revision`` is the one the page knows, 0 if it was never saved.

    Raises Conflict when another tab saved meanwhile (draft.changed), or saved the screening (draft.gone), and when
    too many wait to be finished (draft.too_many).
    """
    authorize(by, Permission.SCREEN, trial=trial, site=participant.site if participant else None)
    check_recruiting(trial)
    if participant is not None:
        check_may_be_screened_again(participant)
    with transaction.atomic():
        held = _mine(by, trial).select_for_update(of=("self",))
        draft = held.filter(token=token, participant=participant).first()
        check_seen(draft, revision)
        if draft is None:
            _check_not_too_many(by, trial)
            draft = ScreeningDraft(trial=trial, user_id=by.id, token=token, participant=participant, group=group)
        else:
            draft.revision += 1
        draft.saved_at = clock.now()
        draft.typed = seal(_written(typed), key=_key(), record=draft, field="typed")
        try:
            with transaction.atomic():
                draft.save()
        except IntegrityError as error:
            raise _changed() from error
    return draft


def check_seen(draft: ScreeningDraft | None, revision: int) -> None:
    """Refuse to go on from a page that does not show what is saved."""
    if draft is None and revision:
        raise Conflict(
            "draft.gone",
            _(
                "This draft is not there any more: the screening was saved in another tab, or the draft was thrown "
                "away. Look at the list of participants. What is on this page was not saved."
            ),
        )
    if draft is not None and draft.revision != revision:
        raise _changed()


def _check_not_too_many(by: Actor, trial: Trial) -> None:
    if _mine(by, trial).count() >= MOST_OPEN:
        raise Conflict(
            "draft.too_many",
            _(
                "You have %(most)d unfinished screenings in this trial, and no more are kept. Open a new screening in "
                "another tab, where they are listed, and finish one or throw one away. Until then this page is not "
                "kept as a draft; the screening itself can be saved."
            ),
            params={"most": MOST_OPEN},
        )


def draft_of(trial: Trial, token: str, by: Actor, participant: Participant | None = None) -> ScreeningDraft | None:
    """One's own draft of somebody new, or of this participant; nobody else's, and of nobody else, is ever found."""
    return _mine(by, trial).filter(token=token, participant=participant).first() if token else None


def drafts_of(trial: Trial, by: Actor, participant: Participant | None = None) -> list[ScreeningDraft]:
    """One's own unfinished screenings, the newest first: of somebody new, or of one participant."""
    return list(_mine(by, trial).filter(participant=participant).order_by("-saved_at", "pk"))


def typed_in(draft: ScreeningDraft) -> dict[str, list[str]]:
    """What was typed, by field, as it was typed."""
    found: dict[str, list[str]] = json.loads(read(draft.typed, key=_key(), record=draft, field="typed") or "{}")
    return found


def discard(*, trial: Trial, token: str, by: Actor) -> None:
    """Throw one's own draft away; also when its screening is saved."""
    _mine(by, trial).filter(token=token).delete()


def forget_old() -> int:
    """Throw away what nobody came back to."""
    old = ScreeningDraft.objects.filter(saved_at__lte=clock.now() - KEPT_FOR)
    # Asked first: to delete nothing would still hold up every writer.
    return old.delete()[0] if old.exists() else 0


def _mine(by: Actor, trial: Trial) -> QuerySet[ScreeningDraft]:
    since = clock.now() - KEPT_FOR
    return ScreeningDraft.objects.filter(trial=trial, user_id=by.id, saved_at__gt=since)


def _changed() -> Conflict:
    return Conflict(
        "draft.changed",
        _(
            "This screening was saved from another tab or device meanwhile. What is on this page is not lost: press "
            "a button to keep it instead, or open the screening anew to see the other."
        ),
    )


def _written(typed: Typed) -> str:
    return json.dumps({name: list(values) for name, values in typed.items() if any(values)})


def _key() -> bytes:
    return encryption.keyring.key("identifiers")
