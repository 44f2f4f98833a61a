"""Draw an example list of a design, as JSON lines. It never reads a trial's list."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import ids
from core.problems import Problem
from instruments.files import load_yaml
from randomization.design import read_design
from randomization.sequence import generate, in_order
from randomization.stream import SEED_BYTES


class Command(BaseCommand):
    help = "randomization preview --design FILE --slots N [--seed HEX]: an example list of a design."

    def add_arguments(self, parser: CommandParser) -> None:
        preview = parser.add_subparsers(dest="task", required=True).add_parser("preview", help="an example list")
        preview.add_argument("--design", type=Path, required=True, help="the design, as YAML or JSON")
        preview.add_argument("--slots", type=int, help="slots of each stratum (by default the design's)")
        preview.add_argument("--seed", help="64 hexadecimal digits (by default a fresh random seed)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._preview(options)
        except Problem as problem:
            raise CommandError(problem.sentence) from problem

    def _preview(self, options: dict[str, Any]) -> None:
        data = load_yaml(options["design"])
        if isinstance(data, dict) and options["slots"] is not None:
            data.setdefault("slots_per_stratum", options["slots"])
        design = read_design(data)
        seed = _seed(options["seed"]) if options["seed"] else ids.random_bytes(SEED_BYTES)
        for slot in in_order(generate(design, seed, options["slots"])):
            self.stdout.write(json.dumps(slot._asdict()))


def _seed(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise CommandError("The seed is not written in hexadecimal digits (0-9, a-f).") from error
