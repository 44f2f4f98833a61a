"""`manage.py randomization preview|verify`: an example list of a design; a revealed record put to the proof.

Neither needs a database, a key or any setting. The preview never reads a trial's list.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import ids
from core.problems import Problem
from randomization.design import LONGEST_LIST, Design, Minimization
from randomization.design_file import read_design_file
from randomization.minimization import simulate
from randomization.record import LARGEST_RECORD, Record, read_record
from randomization.sequence import SlotPlan, generate, in_order
from randomization.strata import key_of
from randomization.stream import SEED_BYTES
from randomization.verification import verify_record

DISCREPANCY = 1
BAD_INPUT = 2


class Command(BaseCommand):
    help = "Draw an example list of a design, or verify the record of a randomization."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        preview = tasks.add_parser("preview", help="an example list as JSON lines: stratum, position, block, arm")
        preview.add_argument("--design", type=Path, required=True, help="the design, as YAML or JSON")
        preview.add_argument("--slots", type=int, help="slots of each stratum (by default the design's)")
        preview.add_argument("--seed", help="64 hexadecimal digits (by default a fresh random seed)")
        verify = tasks.add_parser("verify", help="fails with 1 and names the first discrepancy, if there is one")
        verify.add_argument("file", type=Path, help="the exported record, as JSON")
        verify.add_argument(
            "--commitment",
            action="append",
            default=[],
            help="the commitment as it was published, to compare; once for each segment, in order",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._preview(options) if options["task"] == "preview" else self._verify(options)
        except Problem as problem:
            raise CommandError(problem.sentence, returncode=BAD_INPUT) from None

    def _preview(self, options: dict[str, Any]) -> None:
        design = read_design_file(options["design"], slots=options["slots"])
        seed = ids.random_bytes(SEED_BYTES) if options["seed"] is None else _seed(options["seed"])
        for slot in _example(design, seed, options["slots"]):
            self.stdout.write(json.dumps(slot._asdict(), ensure_ascii=False))

    def _verify(self, options: dict[str, Any]) -> None:
        record = read_record(_bytes_of(options["file"]))
        finding = verify_record(record, published=options["commitment"])
        if finding is not None:
            raise CommandError(finding.sentence, returncode=DISCREPANCY)
        for sentence in _verified(record):
            self.stdout.write(sentence)


def _example(design: Design, seed: bytes, slots: int | None) -> Iterable[SlotPlan]:
    """The slots of a list; for minimization the allocations of simulated arrivals."""
    if not isinstance(design, Minimization):
        return in_order(generate(design, seed, slots))
    arrivals = design.slots_per_stratum if slots is None else slots
    if not 1 <= arrivals <= LONGEST_LIST:
        sentence = _("A minimization is shown with 1 to %(most)d arrivals.")
        raise Problem("preview.slots", sentence, field="slots", params={"most": LONGEST_LIST})
    return (SlotPlan(key_of(made.levels), made.number, 1, made.arm) for made in simulate(design, seed, arrivals))


def _verified(record: Record) -> Iterable[str]:
    """What holds, and what is still to be compared by the reader."""
    sentence = _("The record of %(trial)s holds: %(allocations)d allocations, each where and when it had to be.")
    yield sentence % {"trial": record.trial, "allocations": len(record.allocations)}
    for number, segment in enumerate(record.segments, start=1):
        sentence = _("Segment %(number)d, commitment %(commitment)s: compare it with the published one.")
        yield sentence % {"number": number, "commitment": segment.commitment.lower()}


def _seed(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        sentence = _("The seed is not written in hexadecimal digits (0-9, a-f).")
        raise Problem("preview.seed", sentence, field="seed") from None


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_RECORD + 1)
    except OSError as error:
        sentence = _("%(name)s cannot be opened (%(why)s). Check the path.")
        raise Problem("verify.file", sentence, params={"name": str(path), "why": error.strerror}) from None
