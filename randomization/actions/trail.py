"""The whole audit trail of a trial as a file, with what was done behind the wall: for inspections."""

import hashlib
import json
from typing import BinaryIO

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.chain import moment
from audit.classes import FieldClass
from audit.models import Change, Entry
from randomization.actions.records import check_purpose
from randomization.blindfold import Purpose, unblinded
from randomization.trail import Content, whole_trail
from trials.access import authorize
from trials.models import Trial


def export(*, trial: Trial, purpose: str, by: Actor, file: BinaryIO) -> None:
    """Write one line of JSON for each entry, from the first on. Who took it, what for, and its hash are an entry too.

    Identifying values stay ciphertext, as everywhere in the trail.
    """
    grant = authorize(by, Permission.EXPORT_UNBLINDED, trial=trial)
    check_purpose(purpose)
    digest = hashlib.sha256()
    with unblinded(by=by, trial=trial, purpose=Purpose.EXPORT, reason=purpose):
        for entry, content in whole_trail(trial.pk):
            line = json.dumps(_told(entry, content), ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            file.write(line)
    with act("trail.export", grant=grant, subject=trial, reason=purpose, secrecy=FieldClass.UNBLINDING) as a:
        a.note(sha256=digest.hexdigest())


def _told(entry: Entry, content: Content) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": moment(entry.at),
        "verb": entry.verb,
        "actor": {"kind": entry.actor_kind, "id": content.actor_id, "name": content.actor_name, "role": entry.role},
        "site": str(entry.site_id) if entry.site_id else None,
        "origin": entry.origin,
        "about": {"table": entry.subject_table, "id": entry.subject_id, "label": entry.subject_label},
        "reason": content.reason,
        "facts": content.facts,
        "secrecy": entry.secrecy,
        "changes": [_change(each) for each in content.changes],
        "hash": entry.hash,
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "table": change.table,
        "record": change.record_id,
        "field": change.field,
        "class": change.field_class,
        "old": None if change.old is None else json.loads(change.old),
        "new": None if change.new is None else json.loads(change.new),
    }
