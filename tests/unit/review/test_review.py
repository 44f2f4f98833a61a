"""Signatures hold for one content; locks stop a trial until they are lifted."""

from collections.abc import Iterator

import pytest

from audit.models import Entry
from core import clock
from core.problems import Conflict, Problem, Refused
from review.actions.locks import lock_trial, unlock_trial
from review.actions.signatures import sign, void
from review.models import Lock, Signature
from review.policies import check_not_locked
from review.queries import is_signed, locks_of
from tests import cast as people
from tests.cast import Cast, actor
from trials.models import ProtocolVersion, Trial
from trials.queries import protocol_version

HASH, OTHER = "a" * 64, "b" * 64


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.moved_to(people.MONDAY):
        yield


@pytest.fixture
def trial(db: None) -> Trial:
    return people.make_trial()


@pytest.fixture
def cast(trial: Trial) -> Cast:
    return people.cast_of(trial)


def sign_strata(subject: ProtocolVersion, cast: Cast, content_hash: str = HASH) -> Signature:
    return sign(
        kind=Signature.Kind.STRATA,
        trial=subject.trial,
        subject=subject,
        content_hash=content_hash,
        meaning="High is 9 or more.",
        by=actor(cast.helen),
    )


def test_a_signature_holds_for_that_content_only(trial: Trial, cast: Cast) -> None:
    version = protocol_version(trial)
    signature = sign_strata(version, cast)
    assert (signature.signed_name, signature.signed_role) == ("Dr. Helen Park", "investigator")
    assert is_signed("strata", version, HASH)
    assert not is_signed("strata", version, OTHER)
    assert not is_signed("strata", trial, HASH)
    with pytest.raises(Conflict, match="signed already"):
        sign_strata(version, cast)


def test_a_voided_signature_no_longer_holds_and_stays_on_record(trial: Trial, cast: Cast) -> None:
    version = protocol_version(trial)
    signature = sign_strata(version, cast)
    with pytest.raises(Problem, match="Say why"):
        void(signature=signature, reason=" ", by=actor(cast.helen))
    void(signature=signature, reason="The cut was discussed again", by=actor(cast.helen))
    assert not is_signed("strata", version, HASH)
    assert sign_strata(version, cast) != signature
    with pytest.raises(Conflict):
        void(signature=signature, reason="Again", by=actor(cast.helen))


def test_only_the_investigator_signs(trial: Trial, cast: Cast) -> None:
    for other in (cast.elise, cast.samuel, cast.noor, cast.marc):
        with pytest.raises(Refused):
            sign(
                kind="strata",
                trial=trial,
                subject=trial,
                content_hash=HASH,
                meaning="x",
                by=actor(other),
            )


def test_a_lock_stops_the_trial_until_it_is_lifted(trial: Trial, cast: Cast) -> None:
    lock_trial(trial=trial, reason="Data are complete", by=actor(cast.noor))
    assert Trial.objects.get().state == "locked"
    with pytest.raises(Conflict, match="This trial is locked"):
        check_not_locked(trial)
    with pytest.raises(Conflict, match="This trial is locked"):
        lock_trial(trial=trial, reason="Again", by=actor(cast.noor))
    lock = unlock_trial(trial=trial, reason="A late form came in", by=actor(cast.noor))
    assert (Trial.objects.get().state, lock.lifted_by) == ("recruiting", str(cast.noor.pk))
    check_not_locked(trial)
    assert locks_of(trial) == [lock]
    verbs = Entry.objects.filter(chain=str(trial.pk), verb__in=["trial.lock", "trial.unlock"]).order_by("number")
    assert [(e.verb, e.reason) for e in verbs] == [
        ("trial.lock", "Data are complete"),
        ("trial.unlock", "A late form came in"),
    ]


def test_locking_is_for_the_data_manager_with_a_reason(trial: Trial, cast: Cast) -> None:
    with pytest.raises(Problem, match="Say why"):
        lock_trial(trial=trial, reason="", by=actor(cast.noor))
    for other in (cast.elise, cast.helen, cast.samuel):
        with pytest.raises(Refused):
            lock_trial(trial=trial, reason="x", by=actor(other))
    with pytest.raises(Conflict, match="not locked"):
        unlock_trial(trial=trial, reason="x", by=actor(cast.noor))
    assert not Lock.objects.exists()
