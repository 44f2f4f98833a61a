"""Data for analysts who must not know the arms: letters in their place, and nothing that tells which is which.

It holds the tables of the blinded dataset and one of letters and strata. Left out: sessions, exercises, sets and
therapists, which differ by arm; forms of roles that learn arms, guesses and what was learned by accident; who
randomized, where in the list and at what time of day; free text, in which anybody may name a programme.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.classes import FieldClass
from exports import blinded
from exports.bundle import Bundle, bundle
from exports.identity import identity
from exports.scope import Scope, scope_of
from exports.tables import CHUNK, Column, Kind, Label, Table, chunks
from exports.unblinded.purposes import check_purpose
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from randomization.dummy_codes import letters_of
from randomization.queries import allocations, is_broken
from review.policies import is_locked
from trials.access import authorize
from trials.models import Trial
from trials.protocol.factors import Factor

Row = tuple[Participant, str, dict[str, str]]
"""A participant with the letter of the arm and the strata as used."""
OF_UNBLINDINGS = "unblindings"


def export_dummy(*, trial: Trial, by: Actor, purpose: str, for_sharing: bool = False) -> Bundle:
    """The dataset with letters for arms as an archive. Once the code is broken, the codebook says what they stand for.

    Raises Refused without the permission, Problem when the purpose is not said.
    """
    grant = authorize(by, Permission.EXPORT_UNBLINDED, trial=trial)
    check_purpose(purpose)
    scope = scope_of(trial, by, Permission.EXPORT_UNBLINDED, for_sharing=for_sharing, by_arm=False)
    broken = is_broken(trial)
    facts = {"locked": is_locked(trial), "code_broken": broken, "purpose": purpose.strip()}
    with unblinded(by=by, trial=trial, purpose=Purpose.EXPORT, reason=purpose) as opening:
        letters = letters_of(trial, opening)
        made = bundle(scope, tables(scope, letters, named=broken), kind="dummy-arms", facts=facts)
    with act("export.dummy", grant=grant, subject=trial, reason=purpose, secrecy=FieldClass.UNBLINDING) as a:
        a.note(for_sharing=for_sharing, files={each["file"]: each["sha256"] for each in made.manifest["files"]})
    return made


def tables(scope: Scope, letters: Mapping[str, str], *, named: bool) -> list[Table]:
    """The tables of the blinded dataset without free text and unblindings, and that of the letters."""
    blind = [table for table in blinded.tables(scope) if table.name != OF_UNBLINDINGS]
    return [*(_without_free_text(table) for table in blind), _arms(scope, letters, named=named)]


def _without_free_text(table: Table) -> Table:
    kept = tuple(column for column in table.columns if column.shared or column.kind is not Kind.TEXT)
    return replace(table, columns=kept)


def _arms(scope: Scope, letters: Mapping[str, str], *, named: bool) -> Table:
    public: dict[str, Label] = {arm.code: arm.public_name.root for arm in scope.protocol.design.arms}
    codes = tuple((letter, public[arm] if named else _LETTER) for arm, letter in letters.items())
    columns = (
        *identity(scope, itemgetter(0)),
        Column("arm", Kind.CODE, _("Arm, as a letter"), itemgetter(1), "randomization.Slot.sealed_arm", codes=codes),
        *(_factor(factor) for factor in scope.protocol.strata),
    )
    return Table("arms", _("Arms as letters"), columns, partial(_rows, scope, letters))


_LETTER = _("An arm; which one is told when the code is broken")


def _factor(factor: Factor) -> Column:
    return Column(
        f"stratum_{factor.code}",
        Kind.CODE,
        factor.label.root,
        partial(_level, code=factor.code),
        "randomization.Allocation.strata",
        codes=tuple((level.code, level.label.root) for level in factor.levels),
    )


def _level(row: Row, *, code: str) -> Any:
    return row[2].get(code)


def _rows(scope: Scope, letters: Mapping[str, str]) -> Iterator[Row]:
    """By study number, which is random; the order of allocation would tell with a list of blocks."""
    drawn: dict[UUID, tuple[str, dict[str, str]]] = {
        fact.participant_id: (letters[fact.arm], fact.strata) for fact in allocations(scope.trial)
    }
    for people in chunks(scope.participants().select_related("site").iterator(chunk_size=CHUNK), CHUNK):
        yield from ((each, *drawn[each.pk]) for each in people if each.pk in drawn)
