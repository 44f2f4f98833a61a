"""Errors about allocations: on record for the analysis, and nothing of the allocation is touched."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.classes import FieldClass
from audit.models import Entry
from audit.records import writing
from core.problems import Conflict, Problem, Refused
from participants.models import Participant
from randomization import door, queries
from randomization.actions import allocation
from randomization.door import ErrorKind
from randomization.models import Erratum, Stratum
from tests.unit.randomization_db.world import World

WHY = "Found when the source documents were verified."
STRATUM = {"factor": "lsiq", "corrected": "low"}


@pytest.fixture
def allocated(active: World) -> Participant:
    return active.allocate()


def record(world: World, participant: Participant, kind: ErrorKind, by: str, **details: str) -> None:
    door.record_error(participant=participant, kind=kind, explanation=WHY, details=details, by=getattr(world, by))


def facts(world: World) -> list[queries.ErratumFact]:
    with world.opened():
        return queries.errata(world.trial)


def test_a_wrong_stratum_keeps_the_level_used_and_the_level_corrected(active: World, allocated: Participant) -> None:
    record(active, allocated, ErrorKind.WRONG_STRATUM, "elise", **STRATUM)
    (fact,) = facts(active)
    assert fact.details == {"factor": "lsiq", "used": "high", "corrected": "low"}
    assert (fact.study_number, fact.kind, fact.explanation) == (allocated.number, "wrong_stratum", WHY)
    assert (fact.by, fact.role) == (active.elise.id, "coordinator")


def test_every_kind_leaves_the_allocation_as_it_was(active: World, allocated: Participant) -> None:
    other = active.allocate()
    with active.opened():
        before = list(queries.allocations(active.trial))
        used = list(Stratum.objects.order_by("key").values_list("key", "used"))
    record(active, allocated, ErrorKind.WRONG_STRATUM, "samuel", **STRATUM)
    record(active, allocated, ErrorKind.INELIGIBLE, "elise")
    record(active, allocated, ErrorKind.DUPLICATE, "elise", of=other.number)
    record(active, allocated, ErrorKind.WRONG_TREATMENT, "marc", given="RT")
    record(active, allocated, ErrorKind.LIST_FAULT, "samuel")
    assert sorted(fact.kind for fact in facts(active)) == sorted(ErrorKind)
    with active.opened():
        assert list(queries.allocations(active.trial)) == before
        assert list(Stratum.objects.order_by("key").values_list("key", "used")) == used
    # Nobody is randomized anew: the same request still gives the receipt of the first time.
    assert allocation.allocate(participant=allocated, by=active.marc).already


def test_an_error_is_never_changed_or_removed(active: World, allocated: Participant) -> None:
    record(active, allocated, ErrorKind.INELIGIBLE, "elise")
    with active.opened(), writing():
        with pytest.raises(DatabaseError), transaction.atomic():
            Erratum.objects.update(explanation="Nothing happened")
        with pytest.raises(DatabaseError), transaction.atomic():
            Erratum.objects.all()._raw_delete(Erratum.objects.db)


MAY: dict[ErrorKind, set[str]] = {
    # The score is concealed from therapists.
    ErrorKind.WRONG_STRATUM: {"elise", "samuel"},
    ErrorKind.INELIGIBLE: {"elise", "marc", "samuel"},
    ErrorKind.DUPLICATE: {"elise", "marc", "samuel"},
    ErrorKind.WRONG_TREATMENT: {"marc", "samuel"},
    ErrorKind.LIST_FAULT: {"samuel"},
}
DETAILS: dict[ErrorKind, dict[str, str]] = {
    ErrorKind.WRONG_STRATUM: STRATUM,
    ErrorKind.WRONG_TREATMENT: {"given": "RT"},
}


@pytest.mark.parametrize("kind", MAY)
def test_who_may_record_which(active: World, allocated: Participant, kind: ErrorKind) -> None:
    other = active.ready()
    details = {"of": other.number} if kind is ErrorKind.DUPLICATE else DETAILS.get(kind, {})
    for name in ("elise", "marc", "samuel", "amelie", "tomas", "helen", "noor"):
        assert (kind in door.error_kinds(getattr(active, name), active.trial)) == (name in MAY[kind])
        if name in MAY[kind]:
            record(active, allocated, kind, name, **details)
        else:
            with pytest.raises(Refused):
                record(active, allocated, kind, name, **details)
    assert len(facts(active)) == len(MAY[kind])


def test_the_trail_tells_the_blind_only_what_they_may_know(active: World, allocated: Participant) -> None:
    record(active, allocated, ErrorKind.INELIGIBLE, "elise")
    shown = Entry.objects.get(verb="allocation.record_error")
    assert (shown.secrecy, shown.facts) == (FieldClass.TECHNICAL, {"kind": "ineligible"})
    record(active, allocated, ErrorKind.WRONG_TREATMENT, "marc", given="RT")
    record(active, allocated, ErrorKind.LIST_FAULT, "samuel")
    assert Entry.objects.filter(verb="allocation.record_error").count() == 1
    sealed = Entry.objects.filter(verb="erratum.record")
    assert {entry.secrecy for entry in sealed} == {FieldClass.UNBLINDING}
    assert sealed.count() == 3


@pytest.mark.parametrize("given", ["RT", "MC+ILEX"])
def test_a_refusal_never_tells_the_arm(active: World, allocated: Participant, given: str) -> None:
    """Naming the arm that was allocated is taken like any other: an answer would tell it."""
    record(active, allocated, ErrorKind.WRONG_TREATMENT, "marc", given=given)
    assert len(facts(active)) == 1


@pytest.mark.parametrize(
    ("kind", "details", "code"),
    [
        (ErrorKind.WRONG_STRATUM, {}, "erratum.details"),
        (ErrorKind.WRONG_STRATUM, {"factor": "sex", "corrected": "low"}, "erratum.factor"),
        (ErrorKind.WRONG_STRATUM, {"factor": "lsiq", "corrected": "middle"}, "erratum.corrected"),
        (ErrorKind.DUPLICATE, {"of": "MTL-999"}, "erratum.of"),
        (ErrorKind.WRONG_TREATMENT, {"given": "Yoga"}, "erratum.given"),
        (ErrorKind.INELIGIBLE, {"given": "RT"}, "erratum.details"),
        (ErrorKind.LIST_FAULT, {"factor": "lsiq"}, "erratum.details"),
    ],
)
def test_what_is_said_has_to_fit_the_kind(
    active: World, allocated: Participant, kind: ErrorKind, details: dict[str, str], code: str
) -> None:
    with pytest.raises(Problem) as caught:
        record(active, allocated, kind, "samuel", **details)
    assert caught.value.code == code
    assert facts(active) == []


def test_an_error_is_explained_and_is_about_somebody_randomized(active: World, allocated: Participant) -> None:
    asked: dict[str, Any] = {"kind": ErrorKind.INELIGIBLE, "by": active.elise}
    with pytest.raises(Problem) as caught:
        door.record_error(participant=allocated, explanation="Oops", **asked)
    assert caught.value.code == "erratum.explanation"
    with pytest.raises(Conflict) as conflict:
        door.record_error(participant=active.ready(), explanation=WHY, **asked)
    assert conflict.value.code == "erratum.not_randomized"
    active.lock()
    with pytest.raises(Conflict) as locked:
        door.record_error(participant=allocated, explanation=WHY, **asked)
    assert locked.value.code == "trial.locked"
