"""`manage.py messages preview|changes`: who gets what when, and what another protocol would change in it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.problems import Problem
from instruments.files import read_given
from reminders.foresight import Difference, Upcoming, differences, upcoming
from trials.management.people import lines_of
from trials.models import Site
from trials.protocol import ProtocolError, read_protocol
from trials.queries import protocol_of, trial_by_code

DAYS = 30


class Command(BaseCommand):
    help = "Say who gets which message when, or what a changed protocol would change in it. Study numbers only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        preview = steps.add_parser("preview", help="what is sent in the next days, if nobody answers until then")
        changes = steps.add_parser("changes", help="what would be sent otherwise if this file were in force")
        for step in (preview, changes):
            step.add_argument("trial", help="the code of a trial")
            step.add_argument("--days", type=int, default=DAYS)
        changes.add_argument("file", help="a file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = self._preview(options) if options["step"] == "preview" else self._changes(options)
        except ProtocolError as error:
            raise CommandError("\n".join(error.problems)) from None
        except Problem as problem:
            raise CommandError("\n".join(lines_of(problem))) from None
        self.stdout.write("\n".join(lines))

    def _preview(self, options: dict[str, Any]) -> list[str]:
        trial = trial_by_code(options["trial"])
        found = upcoming(trial, Site.objects.filter(trial=trial), days=options["days"])
        return [_line(each) for each in found] or [_("Nothing is sent in the next %(days)s days.") % options]

    def _changes(self, options: dict[str, Any]) -> list[str]:
        trial = trial_by_code(options["trial"])
        after = read_protocol(read_given(options["file"]))
        if after.code != trial.code:
            raise CommandError(_("This file is of another trial: %(code)s.") % {"code": after.code})
        sites = Site.objects.filter(trial=trial)
        found = differences(trial, sites, before=protocol_of(trial), after=after, days=options["days"])
        return [_changed(each) for each in found] or [
            _("The same messages are sent in the next %(days)s days.") % options
        ]


def _line(each: Upcoming) -> str:
    about = each.visit.label() if each.visit else each.appointment.purpose if each.appointment else ""
    moment = each.at.astimezone(ZoneInfo(each.participant.site.time_zone))
    return f"{moment:%Y-%m-%d %H:%M %Z}  {each.participant.number}  {each.rule} {each.number}  {about}  {each.channel}"


def _changed(found: Difference) -> str:
    if found.before is None:
        return f"+ {_line(found.either)}"
    if found.after is None:
        return f"- {_line(found.either)}"
    return f"~ {_line(found.before)}\n  {_line(found.after)}"
