"""Drafts of screenings: one's own, sealed, never in the trail, gone after some days."""

from datetime import timedelta

import pytest

from audit.models import Entry
from core import clock
from core.problems import Conflict, Refused
from participants.actions import screening_drafts as drafts
from participants.models import Participant, ScreeningDraft
from reminders.actions.tidying import forget_unsent
from review.actions import locks
from tests import cast as people
from tests.cast import Cast
from trials.models import Trial

TYPED = {"q-age": ["41"], "q-rated_by": ["Dr. Somebody"], "language": [""]}


def save(trial: Trial, cast: Cast, revision: int = 0, **changes: object) -> ScreeningDraft:
    known = {"token": "pass", "typed": TYPED, "by": people.actor(cast.elise), **changes}
    return drafts.save(trial=trial, revision=revision, **known)  # type: ignore[arg-type]


def code_of(trial: Trial, cast: Cast, revision: int) -> str:
    with pytest.raises(Conflict) as caught:
        save(trial, cast, revision)
    return caught.value.code


def test_kept_as_typed_unreadable_and_unknown_to_the_trail(trial: Trial, cast: Cast) -> None:
    before = Entry.objects.count()
    draft = save(trial, cast)
    assert drafts.typed_in(draft) == {"q-age": ["41"], "q-rated_by": ["Dr. Somebody"]}
    assert b"Somebody" not in bytes(ScreeningDraft.objects.get().typed)
    assert Entry.objects.count() == before
    assert not Participant.objects.exists()


def test_of_two_tabs_the_second_is_told_and_may_go_on(trial: Trial, cast: Cast) -> None:
    assert save(trial, cast).revision == 1
    assert save(trial, cast, 1, typed={"q-age": ["42"]}).revision == 2
    assert code_of(trial, cast, 0) == "draft.changed"
    assert code_of(trial, cast, 1) == "draft.changed"
    assert drafts.typed_in(save(trial, cast, 2)) == {"q-age": ["41"], "q-rated_by": ["Dr. Somebody"]}
    drafts.discard(trial=trial, token="pass", by=people.actor(cast.elise))
    assert code_of(trial, cast, 3) == "draft.gone"


def test_nobody_else_finds_it(trial: Trial, cast: Cast) -> None:
    save(trial, cast)
    assert drafts.draft_of(trial, "pass", people.actor(cast.elise)) is not None
    assert drafts.draft_of(trial, "pass", people.actor(cast.noor)) is None
    drafts.discard(trial=trial, token="pass", by=people.actor(cast.noor))
    assert ScreeningDraft.objects.count() == 1
    with pytest.raises(Refused):
        save(trial, cast, by=people.actor(cast.amelie))


def test_not_in_a_locked_trial(trial: Trial, cast: Cast) -> None:
    locks.lock_trial(trial=trial, reason="The end", by=people.actor(cast.noor))
    assert code_of(trial, cast, 0) == "trial.locked"


def test_it_goes_after_days_without_a_change(trial: Trial, cast: Cast) -> None:
    save(trial, cast)
    clock.advance(drafts.KEPT_FOR - timedelta(seconds=1))
    assert forget_unsent() == 0
    assert len(drafts.drafts_of(trial, people.actor(cast.elise))) == 1
    clock.advance(timedelta(seconds=1))
    assert drafts.drafts_of(trial, people.actor(cast.elise)) == []
    assert forget_unsent() == 1
    assert not ScreeningDraft.objects.exists()


def test_no_more_are_kept_than_anybody_types(trial: Trial, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_OPEN", 2)
    save(trial, cast, token="first")
    save(trial, cast, token="second")
    with pytest.raises(Conflict, match="You have 2 unfinished screenings") as caught:
        save(trial, cast, token="third")
    assert caught.value.code == "draft.too_many"
    save(trial, cast, revision=1, token="second")
    drafts.discard(trial=trial, token="first", by=people.actor(cast.elise))
    save(trial, cast, token="third")


def test_those_of_others_and_those_that_are_gone_do_not_count(
    trial: Trial, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_OPEN", 1)
    save(trial, cast, token="hers")
    ScreeningDraft.objects.update(user=cast.noor)
    save(trial, cast, token="own")
    clock.advance(drafts.KEPT_FOR)
    save(trial, cast, token="a week later")
