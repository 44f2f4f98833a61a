"""The allocations as stored against the audit trail: each has its entry, each entry its allocation, both say the same.

Seeds and commitments bind the list, not who took which place of it: somebody who owns the database could exchange two
people's allocations, or undo the last one, and nothing of the list would tell. The trail does. It is one chain whose
ends are kept outside the database (``audit.anchors``). Needs an opening.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit import chain
from audit.models import Change, Entry
from core.encryption import WrongKey
from core.problems import Problem
from randomization.models import Allocation
from randomization.trail import content_of
from trials.models import Trial

VERB = "allocation.take_slot"


def trail_findings(trial: Trial) -> Iterator[Problem]:
    """What allocations and trail do not agree on: allocations in the order of their entries, then those without one."""
    stored = {str(row.pk): row for row in _allocations(trial)}
    for entry, changes in chain.entries_with_changes(str(trial.pk), VERB):
        if chain.digest(entry, changes) != entry.hash:
            yield _of(entry, "altered", _("Entry %(number)d of the audit trail, an allocation, was altered."))
            continue
        yield from _entry_findings(entry, changes, stored)
    for row in stored.values():
        sentence = _("Participant %(participant)s, position %(position)d: the audit trail has no such allocation.")
        yield Problem("verify.no_entry", sentence, params=_place(row))


def _allocations(trial: Trial) -> Iterator[Allocation]:
    rows = Allocation.objects.filter(stratum__sequence__trial=trial).order_by("at", "stratum__key", "position")
    return rows.select_related("participant").iterator(chunk_size=500)


def _entry_findings(entry: Entry, changes: list[Change], stored: dict[str, Allocation]) -> Iterator[Problem]:
    """One entry against its allocation, which is taken out of those that are left to be found."""
    try:
        told = [each for each in content_of(entry, changes).changes if each.table == Allocation._meta.db_table]
    except (WrongKey, ValueError, KeyError):
        yield _of(entry, "altered", _("Entry %(number)d of the audit trail, an allocation, cannot be read."))
        return
    row = stored.pop(told[0].record_id, None) if told else None
    if row is None:
        sentence = _(
            "Entry %(number)d of the audit trail allocated participant %(participant)s, but no such allocation is "
            "stored."
        )
        yield _of(entry, "no_allocation", sentence, participant=entry.subject_label)
        return
    said, held = _said(entry, told), _held(row)
    differing = sorted(name for name in {*said, *held} if said.get(name) != held.get(name))
    if differing:
        sentence = _(
            "Participant %(participant)s, position %(position)d: entry %(number)d of the audit trail says otherwise "
            "(%(fields)s)."
        )
        yield _of(entry, "differs", sentence, fields=", ".join(differing), **_place(row))


def _held(row: Allocation) -> dict[str, Any]:
    """An allocation in the words of its entry; the columns are those of the model."""
    facts: dict[str, Any] = {"study number": row.participant.number, "participant": str(row.participant_id)}
    facts |= {"stratum": str(row.stratum_id), "position": row.position, "at": chain.moment(row.at)}
    facts |= {"by": row.by, "role": row.role}
    return facts | {f"strata.{factor}": level for factor, level in row.strata.items()}


def _said(entry: Entry, changes: Sequence[Change]) -> dict[str, Any]:
    facts = {change.field: json.loads(change.new or "null") for change in changes}
    return {**facts, "study number": entry.subject_label, "at": chain.moment(datetime.fromisoformat(facts["at"]))}


def _place(row: Allocation) -> dict[str, Any]:
    return {"participant": row.participant.number, "position": row.position}


def _of(entry: Entry, code: str, sentence: Any, **params: Any) -> Problem:
    return Problem(f"verify.{code}", sentence, params={"number": entry.number, **params})
