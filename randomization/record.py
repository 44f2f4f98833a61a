"""The record of a randomization as one JSON file: what somebody outside needs to verify it.

docs/randomization.md describes every entry. Each allocation carries a link, the hash of itself and of the link
before it, and the head covers the rest, so that no entry can be changed alone.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from core.problems import Problem
from randomization.design import Design, canonical_json
from randomization.sequence import SlotPlan

FORMAT = "armslength-randomization-1"
PUBLIC_FORMAT = "armslength-commitments-1"
"""Of the file that holds commitments alone, as they are public from the first day."""
LARGEST_RECORD = 100_000_000

ErratumKind = Literal["wrong_stratum", "ineligible", "duplicate", "wrong_treatment", "list_fault"]


def _moment(text: str) -> str:
    """An ISO 8601 time with its zone."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError
    return text


Hex = Annotated[StrictStr, Field(pattern=r"^[0-9a-fA-F]{64}$")]
Moment = Annotated[StrictStr, AfterValidator(_moment)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SegmentRecord(_Part):
    """One segment: what it was made of, and what was published. `list` is absent for minimization."""

    algorithm: StrictStr
    design: dict[StrictStr, Any]
    seed: Hex
    salt: Hex
    commitment: Hex
    activated_at: Moment
    list: tuple[tuple[StrictStr, StrictInt, StrictInt, StrictStr], ...] | None = None


class AllocationRecord(_Part):
    """One allocation, in the order they were made. `levels`: strata or factors as used, {factor: level}."""

    participant: StrictStr
    at: Moment
    stratum: StrictStr
    levels: dict[StrictStr, StrictStr] = {}
    position: StrictInt
    arm: StrictStr
    link: Hex


class ErratumRecord(_Part):
    """An error that was found and recorded. It changes no allocation."""

    participant: StrictStr
    kind: ErratumKind
    at: Moment
    explanation: StrictStr
    details: dict[StrictStr, StrictStr] = {}


class Record(_Part):
    """The whole file."""

    format: Literal["armslength-randomization-1"]
    trial: StrictStr
    segments: Annotated[tuple[SegmentRecord, ...], Field(min_length=1)]
    allocations: tuple[AllocationRecord, ...]
    errata: tuple[ErratumRecord, ...] = ()
    head: Hex


@dataclass(frozen=True)
class Segment:
    """A segment as it is stored, to be put on record. `slots` is None for minimization."""

    algorithm: str
    design: Design
    seed: bytes
    salt: bytes
    commitment: str
    activated_at: datetime
    slots: Sequence[SlotPlan] | None


@dataclass(frozen=True)
class Allocated:
    """An allocation as it is stored, to be put on record."""

    participant: str
    at: datetime
    stratum: str
    levels: Mapping[str, str]
    position: int
    arm: str


@dataclass(frozen=True)
class Erratum:
    """An error as it is stored, to be put on record."""

    participant: str
    kind: ErratumKind
    at: datetime
    explanation: str
    details: Mapping[str, str]


def make_record(
    trial: str, segments: Iterable[Segment], allocations: Iterable[Allocated], errata: Iterable[Erratum] = ()
) -> dict[str, Any]:
    """The file's content as plain JSON values. Allocations come in the order they were made."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "trial": trial,
        "segments": [_segment_document(segment) for segment in segments],
        "allocations": [],
        "errata": [
            {
                "participant": each.participant,
                "kind": each.kind,
                "at": moment(each.at),
                "explanation": each.explanation,
                "details": dict(each.details),
            }
            for each in errata
        ],
    }
    link = first_link(trial)
    for each in allocations:
        entry = {
            "participant": each.participant,
            "at": moment(each.at),
            "stratum": each.stratum,
            "levels": dict(each.levels),
            "position": each.position,
            "arm": each.arm,
        }
        link = next_link(link, entry)
        document["allocations"].append({**entry, "link": link})
    document["head"] = head_of(document, link)
    return document


def _segment_document(segment: Segment) -> dict[str, Any]:
    document: dict[str, Any] = {
        "algorithm": segment.algorithm,
        "design": segment.design.document(),
        "seed": segment.seed.hex(),
        "salt": segment.salt.hex(),
        "commitment": segment.commitment,
        "activated_at": moment(segment.activated_at),
    }
    if segment.slots is not None:
        document["list"] = [list(slot) for slot in segment.slots]
    return document


def moment(at: datetime) -> str:
    """A time as it is written: UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def first_link(trial: str) -> str:
    """What the first allocation's link hangs on."""
    return _hash([FORMAT, trial])


def next_link(previous: str, entry: Mapping[str, Any]) -> str:
    """The link of an allocation: SHA-256 of the link before it and all its other entries."""
    return _hash([previous, {name: value for name, value in entry.items() if name != "link"}])


def head_of(document: Mapping[str, Any], last_link: str) -> str:
    """The head: SHA-256 of the last link, the segments' commitments and times, and the errata."""
    segments = [[each["commitment"], each["activated_at"]] for each in document["segments"]]
    covered = {"trial": document["trial"], "segments": segments, "last": last_link, "errata": document["errata"]}
    return _hash({"format": FORMAT, **covered})


def _hash(value: Any) -> str:
    return hashlib.sha256(canonical_json(value)).hexdigest()


def read_record(data: bytes) -> Record:
    """Read a file's content. Raises `Problem` when it is no record; what it proves is another question."""
    if len(data) > LARGEST_RECORD:
        sentence = _("The file is larger than %(most)d MB. Choose the exported record.")
        raise Problem("record.size", sentence, params={"most": LARGEST_RECORD // 1_000_000})
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_each_once)
        # What cannot be written again cannot be hashed: half a character, for one.
        canonical_json(document)
    except UnicodeDecodeError:
        raise Problem("record.encoding", _("The file is not UTF-8 text. Choose the exported record.")) from None
    except json.JSONDecodeError as error:
        sentence = _("Line %(line)d, column %(column)d: this is not JSON. Choose the exported record.")
        raise Problem("record.json", sentence, params={"line": error.lineno, "column": error.colno}) from None
    except (ValueError, RecursionError):
        raise Problem("record.json", _("The file is not a record of a randomization.")) from None
    if isinstance(document, dict) and document.get("format") == PUBLIC_FORMAT:
        sentence = _("This file holds commitments only. The record is exported once the list is revealed.")
        raise Problem("record.commitments", sentence)
    try:
        return Record.model_validate(document)
    except ValidationError as error:
        raise _shape_problem(error.errors()[0]) from None


def _shape_problem(fault: Any) -> Problem:
    """The first fault of the file's shape."""
    place = ".".join(str(part) for part in fault["loc"]) or "record"
    if fault["type"] == "missing":
        sentence = _("The record lacks %(place)s.")
    elif fault["type"] == "extra_forbidden":
        sentence = _("The record has an entry that does not belong there: %(place)s.")
    else:
        sentence = _("The record's entry %(place)s cannot be %(value)s.")
    return Problem("record.shape", sentence, params={"place": place[:80], "value": repr(fault["input"])[:80]})


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Problem("record.twice", _("The record names %(name)s twice in one place."), params={"name": twice[:80]})
    return entries
