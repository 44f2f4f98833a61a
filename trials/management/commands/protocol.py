"""`manage.py protocol check|show|diff|load|open`: a trial's document, making it a version, opening recruitment."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.problems import Problem
from instruments.files import read_given, read_text
from trials.management.people import lines_of, person
from trials.protocol import Protocol, ProtocolError, check_protocol, read_protocol
from trials.protocol.diff import describe_changes
from trials.protocol.summary import summarize

SHIPPED = Path(__file__).resolve().parents[2] / "protocols"


class Command(BaseCommand):
    help = "Check, show, compare or load a trial's protocol."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        check = steps.add_parser("check", help="print every problem and warning; fails on problems")
        check.add_argument("file", help="a file, or - for standard input")
        show = steps.add_parser("show", help="print a readable summary")
        show.add_argument("file", help="a file, - for standard input, or the code of a trial")
        show.add_argument("--language", default="en")
        diff = steps.add_parser("diff", help="say in words what the second file changes")
        diff.add_argument("before", help="a file")
        diff.add_argument("after", help="a file; one of the two may be - for standard input")
        load = steps.add_parser("load", help="make the file a version of its trial")
        load.add_argument("file", help="a file, or - for standard input")
        load.add_argument("--by", required=True, help="e-mail of the person who loads it")
        start = steps.add_parser("open", help="open a loaded trial for recruitment")
        start.add_argument("code")
        start.add_argument("--by", required=True, help="e-mail of the trial's data manager")

    def handle(self, *args: Any, **options: Any) -> None:
        steps = {"check": self._check, "show": self._show, "diff": self._diff, "load": self._load, "open": self._open}
        try:
            steps[options["step"]](options)
        except ProtocolError as error:
            raise CommandError("\n".join(error.problems)) from None
        except Problem as problem:
            raise CommandError("\n".join(lines_of(problem))) from None

    def _check(self, options: dict[str, Any]) -> None:
        report = check_protocol(read_given(options["file"]))
        for sentence in report.warnings:
            self.stdout.write(_("Warning: %(sentence)s") % {"sentence": sentence})
        for sentence in report.problems:
            self.stdout.write(_("Problem: %(sentence)s") % {"sentence": sentence})
        if report.problems:
            count = len(report.problems)
            sentence = ngettext(
                "%(count)s problem. Correct it and check again.",
                "%(count)s problems. Correct them and check again.",
                count,
            )
            raise CommandError(sentence % {"count": count})
        count = len(report.warnings)
        sentence = ngettext(
            "The protocol can be loaded; %(count)s warning.", "The protocol can be loaded; %(count)s warnings.", count
        )
        self.stdout.write(sentence % {"count": count})

    def _show(self, options: dict[str, Any]) -> None:
        for line in summarize(find(options["file"]), options["language"]):
            self.stdout.write(line)

    def _diff(self, options: dict[str, Any]) -> None:
        before, after = (read_protocol(read_given(options[key])) for key in ("before", "after"))
        for sentence in describe_changes(before, after) or [_("Nothing changes.")]:
            self.stdout.write(sentence)

    def _load(self, options: dict[str, Any]) -> None:
        from trials.actions import protocols

        version = protocols.load(text=read_given(options["file"]), by=person(options["by"]))
        self.stdout.write(
            _("%(code)s: version %(number)s is in force.") % {"code": version.trial.code, "number": version.number}
        )

    def _open(self, options: dict[str, Any]) -> None:
        from trials.actions import states
        from trials.queries import trial_by_code

        trial = states.open_recruitment(trial=trial_by_code(options["code"]), by=person(options["by"]))
        self.stdout.write(_("%(code)s is open for recruitment.") % {"code": trial.code})


def find(name: str) -> Protocol:
    """The protocol in a file or on standard input, of a loaded trial, or shipped under that code, in this order."""
    from trials.queries import protocol_of, trial_by_code

    if name == "-" or Path(name).is_file():
        return read_protocol(read_given(name))
    try:
        return protocol_of(trial_by_code(name.upper()))
    except Problem:
        shipped = SHIPPED / f"{name.lower()}.yaml"
    if not shipped.is_file():
        raise CommandError(_("There is neither a file nor a trial %(name)s. Check the spelling.") % {"name": name})
    return read_protocol(read_text(shipped))
