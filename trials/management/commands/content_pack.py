"""`manage.py content_pack check|load|list`: the licensed words of a questionnaire, for one trial."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.problems import Problem
from instruments import catalogue
from instruments.files import read_given
from trials.actions import content_packs
from trials.management.people import lines_of, person
from trials.queries import trial_by_code
from trials.wordings import wordings_of


class Command(BaseCommand):
    help = "Check, load or list a trial's content packs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        check = steps.add_parser("check", help="print every mistake; fails on mistakes")
        check.add_argument("file", help="a file, or - for standard input")
        load = steps.add_parser("load", help="make it the words of a trial from now on")
        load.add_argument("file", help="a file, or - for standard input")
        load.add_argument("--trial", required=True, help="code of the trial")
        load.add_argument("--by", required=True, help="e-mail of the trial's data manager")
        load.add_argument("--reason", default="", help="why other words replace those in force")
        listed = steps.add_parser("list", help="the words of every form in every language of the trial")
        listed.add_argument("--trial", required=True, help="code of the trial")

    def handle(self, *args: Any, **options: Any) -> None:
        steps = {"check": self._check, "load": self._load, "list": self._list}
        try:
            steps[options["step"]](options)
        except Problem as problem:
            raise CommandError("\n".join(lines_of(problem))) from None

    def _check(self, options: dict[str, Any]) -> None:
        pack = content_packs.checked(read_given(options["file"]))
        facts = {"instrument": pack.instrument, "language": pack.language, "version": pack.version}
        self.stdout.write(_("%(instrument)s %(language)s, version %(version)s: can be loaded.") % facts)

    def _load(self, options: dict[str, Any]) -> None:
        trial = trial_by_code(options["trial"].upper())
        document, by = read_given(options["file"]), person(options["by"])
        pack = content_packs.load(trial=trial, document=document, by=by, reason=options["reason"])
        facts = {"trial": trial.code, "pack": pack.label(), "sha256": pack.sha256}
        self.stdout.write(_("%(trial)s: %(pack)s is in force. SHA-256 %(sha256)s") % facts)

    def _list(self, options: dict[str, Any]) -> None:
        for words in wordings_of(trial_by_code(options["trial"].upper())):
            title = catalogue.load(words.instrument).title["en"]
            licence = f", {words.pack.licence_reference}" if words.pack else ""
            self.stdout.write(f"{words.instrument} {words.language}: {words.state}{licence} ({title})")
