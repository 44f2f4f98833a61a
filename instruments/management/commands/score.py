"""`manage.py score odi answers.json`: the scores of one set of answers as one JSON object."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from instruments import scoring
from instruments.problems import ScoreInputError, UnknownInstrument

MAXIMUM_BYTES = 100_000


class Command(BaseCommand):
    help = "Print the scores of one set of answers, {item code: code}, as one JSON object."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="such as odi, promis29 or ipaq_sf")
        parser.add_argument("file", nargs="?", default="-", help="a JSON file; - or none: standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scoring.rule(options["instrument"])
            answers = read_answers(read_source(options["file"]))
            scores = scoring.score_with_facts(options["instrument"], answers)
        except (ScoreInputError, UnknownInstrument) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(json.dumps(scores.as_dict(), ensure_ascii=False))


def read_source(name: str) -> bytes:
    """Return at most 100 kB of a file or of standard input; raises CommandError."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAXIMUM_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        sentence = _("%(name)s cannot be opened (%(why)s). Check the path.")
        raise CommandError(sentence % {"name": name, "why": error.strerror}) from None
    if len(data) > MAXIMUM_BYTES:
        raise CommandError(_("The answers are larger than 100 kB. Give those of one form only."))
    return data


def read_answers(data: bytes) -> dict[str, Any]:
    """Return the answers in JSON bytes; raises CommandError."""
    try:
        answers = json.loads(data.decode("utf-8-sig"), object_pairs_hook=each_once)
    except UnicodeDecodeError:
        raise CommandError(_("The answers are not UTF-8 text. Save them as UTF-8.")) from None
    except json.JSONDecodeError as error:
        sentence = _("Line %(line)s, column %(column)s: this is not JSON. Write {item code: code}.")
        place = {"line": error.lineno, "column": error.colno}
        raise CommandError(sentence % place) from None
    except (ValueError, RecursionError):
        sentence = _("The answers hold a number or a nesting that no form has. Correct them.")
        raise CommandError(sentence) from None
    if not isinstance(answers, dict):
        raise CommandError(_("The answers are not an object. Write {item code: code}."))
    return answers


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for code, value in pairs:
        if code in answers:
            raise CommandError(_("The item %(code)s is given twice. Keep one.") % {"code": code[:40]})
        answers[code] = value
    return answers
