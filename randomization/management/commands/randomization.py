"""`manage.py randomization preview|verify|export|trail`: an example list; a record put to the proof; record and trail.

Previews and the verification of a file need no database, key or setting. The preview never reads a trial's list.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.actors import Actor
from core import ids
from core.problems import Problem
from randomization.actions import records
from randomization.actions import trail as trails
from randomization.design import LONGEST_LIST, Design, Minimization, canonical_json
from randomization.design_file import read_design_file
from randomization.minimization import simulate
from randomization.proof import public_record
from randomization.record import LARGEST_RECORD, Record, read_record
from randomization.sequence import SlotPlan, generate, in_order
from randomization.strata import key_of
from randomization.stream import SEED_BYTES
from randomization.verification import verify_record
from trials.management.people import person
from trials.queries import trial_by_code

DISCREPANCY = 1
BAD_INPUT = 2


class Command(BaseCommand):
    help = "Draw an example list of a design, or export and verify the record of a randomization."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        preview = tasks.add_parser("preview", help="an example list as JSON lines: stratum, position, block, arm")
        preview.add_argument("--design", type=Path, required=True, help="the design, as YAML or JSON")
        preview.add_argument("--slots", type=int, help="slots of each stratum (by default the design's)")
        preview.add_argument("--seed", help="64 hexadecimal digits (by default a fresh random seed)")
        verify = tasks.add_parser("verify", help="fails with 1 and names the first discrepancy, if there is one")
        verify.add_argument("file", type=Path, nargs="?", help="the exported record, as JSON")
        verify.add_argument("--trial", help="instead of a file: the trial as it is in this database")
        verify.add_argument("--by", help="with --trial: e-mail of a statistician")
        verify.add_argument(
            "--commitment",
            action="append",
            default=[],
            help="the commitment as it was published, to compare; once for each segment, in order",
        )

        export = tasks.add_parser("export", help="the record of a trial as a JSON file, once its list is revealed")
        export.add_argument("--trial", required=True, help="code of the trial")
        export.add_argument("--by", help="e-mail of a statistician; not needed for --commitments")
        export.add_argument("--purpose", default="", help="what it is for; the audit trail keeps it")
        export.add_argument("--commitments", action="store_true", help="only what is public from the first day")
        export.add_argument("-o", "--output", type=Path, required=True, help="the file to write; it must not exist")

        trail = tasks.add_parser("trail", help="the whole audit trail of a trial with what unblinds, as JSON lines")
        trail.add_argument("--trial", required=True, help="code of the trial")
        trail.add_argument("--by", help="e-mail of a statistician")
        trail.add_argument("--purpose", default="", help="what it is for; the audit trail keeps it")
        trail.add_argument("-o", "--output", type=Path, required=True, help="the file to write; it must not exist")

    def handle(self, *args: Any, **options: Any) -> None:
        tasks = {"preview": self._preview, "verify": self._verify, "export": self._export, "trail": self._trail}
        try:
            tasks[options["task"]](options)
        except Problem as problem:
            raise CommandError(problem.sentence, returncode=BAD_INPUT) from None

    def _preview(self, options: dict[str, Any]) -> None:
        design = read_design_file(options["design"], slots=options["slots"])
        seed = ids.random_bytes(SEED_BYTES) if options["seed"] is None else _seed(options["seed"])
        for slot in _example(design, seed, options["slots"]):
            self.stdout.write(json.dumps(slot._asdict(), ensure_ascii=False))

    def _verify(self, options: dict[str, Any]) -> None:
        if (options["file"] is None) == (options["trial"] is None):
            raise Problem("verify.file", _("Name a file, or a trial with --trial and --by."))
        if options["trial"] is not None:
            self._verify_trial(options)
            return
        record = read_record(_bytes_of(options["file"]))
        finding = verify_record(record, published=options["commitment"])
        if finding is not None:
            raise CommandError(finding.sentence, returncode=DISCREPANCY)
        for sentence in _verified(record, compared=bool(options["commitment"])):
            self.stdout.write(sentence)

    def _verify_trial(self, options: dict[str, Any]) -> None:
        trial = trial_by_code(options["trial"])
        by = _somebody(options)
        finding = records.check(trial=trial, by=by)
        if finding is not None:
            raise CommandError(finding.sentence, returncode=DISCREPANCY)
        for sentence in _verified_here(trial.code, records.head(trial=trial, by=by)):
            self.stdout.write(sentence)

    def _export(self, options: dict[str, Any]) -> None:
        trial = trial_by_code(options["trial"])
        if options["commitments"]:
            made = canonical_json(public_record(trial))
        else:
            made = records.export(trial=trial, purpose=options["purpose"], by=_somebody(options))
        with _new_file(options["output"]) as file:
            file.write(made)
        self.stdout.write(_("%(name)s is written.") % {"name": options["output"]})

    def _trail(self, options: dict[str, Any]) -> None:
        by, trial = _somebody(options), trial_by_code(options["trial"])
        path = options["output"]
        with _new_file(path) as file:
            try:
                trails.export(trial=trial, purpose=options["purpose"], by=by, file=file)
            except Problem:
                path.unlink()
                raise
        self.stdout.write(_("%(name)s is written.") % {"name": path})


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that was not there, for its owner's eyes only; a Problem if it cannot be written."""
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
    except OSError as error:
        sentence = _("%(name)s cannot be written (%(why)s). Choose another name.")
        raise Problem("export.file", sentence, params={"name": str(path), "why": error.strerror}) from None


def _somebody(options: dict[str, Any]) -> Actor:
    """Who acts on the command line."""
    if not options["by"]:
        raise Problem("records.by", _("Say who you are: --by with the e-mail of a statistician."))
    return person(options["by"])


def _example(design: Design, seed: bytes, slots: int | None) -> Iterable[SlotPlan]:
    """The slots of a list; for minimization the allocations of simulated arrivals."""
    if not isinstance(design, Minimization):
        return in_order(generate(design, seed, slots))
    arrivals = design.slots_per_stratum if slots is None else slots
    if not 1 <= arrivals <= LONGEST_LIST:
        sentence = _("A minimization is shown with 1 to %(most)d arrivals.")
        raise Problem("preview.slots", sentence, field="slots", params={"most": LONGEST_LIST})
    return (SlotPlan(key_of(made.levels), made.number, 1, made.arm) for made in simulate(design, seed, arrivals))


def _verified(record: Record, *, compared: bool) -> Iterable[str]:
    """What holds, and what is still to be compared by the reader: a file cannot vouch for itself.

    `compared`: the published commitments were given, and are those of the record.
    """
    sentence = _("The record of %(trial)s holds: %(allocations)d allocations, each where and when it had to be.")
    yield sentence % {"trial": record.trial, "allocations": len(record.allocations)}
    for number, segment in enumerate(record.segments, start=1):
        if compared:
            sentence = _("Segment %(number)d, commitment %(commitment)s: it is the published one.")
        else:
            sentence = _("Segment %(number)d, commitment %(commitment)s: compare it with the published one.")
        yield sentence % {"number": number, "commitment": segment.commitment.lower()}
    yield _("Head: %(head)s") % {"head": record.head.lower()}
    yield _(
        "The file alone does not show that it names the right people, all of them, and the right times. For that the "
        "head has to be the one that “randomization verify --trial” prints from the trial's database, where each "
        "allocation is compared with the audit trail."
    )


def _verified_here(trial: str, head: str) -> Iterable[str]:
    """What holds in the database, and what binds the trail that it was compared with."""
    yield _("Seeds, lists, commitments and allocations of %(trial)s hold.") % {"trial": trial}
    yield _("Each allocation has its entry in the audit trail, and each entry its allocation.")
    yield _("Head: %(head)s") % {"head": head}
    yield _("That nobody wrote the trail anew is shown by “audit verify --anchors”, with anchors kept elsewhere.")


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
