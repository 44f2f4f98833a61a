"""Results from a file: all of it is checked first, all that is wrong is said at once, and it is entered whole or not.

Each row becomes the response of one form through ``responses.submit``, so that nothing comes in by a file that could
not be typed; the rows stand in the trail under one act that names the file by its hash.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from audit.actors import Actor, Origin
from audit.acts import act
from core.problems import Conflict, Problem
from instruments import catalogue
from instruments.problems import FileRefused
from outcomes.actions import responses
from outcomes.models import Form
from outcomes.policies import NOT_FOLLOWED, check_fillable
from outcomes.result_files import Row, read_rows
from review.policies import check_not_locked
from trials.access import authorize, not_found, sites_of
from trials.models import Site, Trial
from trials.queries import protocol_of

FILLED_BY = "imported"


@dataclass(frozen=True)
class Ready:
    """A file that can be entered: each row with its form, and the questions about unlikely values.

    ``unlikely``: (row, item, sentence) for every value to confirm or correct.
    """

    instrument: str
    rows: list[tuple[Row, Form]]
    unlikely: list[tuple[Row, str, str]]
    sha256: str


def importable(trial: Trial) -> list[str]:
    """The instruments of the protocol whose results come from a file."""
    forms = [form for visit in protocol_of(trial).visits for form in visit.forms]
    return sorted({form.instrument for form in forms if form.filled_by == FILLED_BY and not form.breaks_blind})


def awaited(*, trial: Trial, instrument: str, by: Actor) -> QuerySet[Form]:
    """The forms that a file may fill, in the order of study numbers; NotFound for another instrument."""
    sites = sites_of(by, Permission.ENTER_RESULTS, trial)
    if instrument not in importable(trial):
        raise not_found()
    states = [Form.State.OPEN, Form.State.MISSED]
    waiting = _forms(trial, sites, instrument).filter(state__in=states, not_done_code="")
    return waiting.exclude(participant__state__in=NOT_FOLLOWED)


def checked(*, trial: Trial, instrument: str, document: str, by: Actor) -> Ready:
    """What a file would enter; nothing is written. Raises FileRefused with a sentence for everything wrong.

    A study number of another site is as unknown as one that does not exist.
    """
    sites = sites_of(by, Permission.ENTER_RESULTS, trial)
    check_not_locked(trial)
    if instrument not in importable(trial):
        raise Problem("import.instrument", _("Choose one of the forms of the list."), field="instrument")
    rows = read_rows(catalogue.load(instrument), document)
    forms = _held(trial, sites, instrument, rows)
    mistakes = [*_repeated(rows)]
    for row in rows:
        mistakes += [_in_row(row, sentence) for sentence in _refusals(row, forms, by)]
    if mistakes:
        raise FileRefused(mistakes)
    asked = [(row, str(each.field), each.sentence) for row in rows for each in row.checked.warnings]
    digest = hashlib.sha256(document.encode()).hexdigest()
    return Ready(instrument, [(row, forms[row.key]) for row in rows], asked, digest)


def load(
    *, trial: Trial, instrument: str, document: str, by: Actor, confirmed: bool = False, sha256: str = ""
) -> Ready:
    """Enter every row of a file, or none. ``confirmed``: the unlikely values were looked at and stand.

    ``sha256`` is that of the file that was looked at; Conflict when another one is sent. Raises FileRefused as
    ``checked`` does, and Problem while unlikely values are not confirmed.
    """
    grant = authorize(by, Permission.ENTER_RESULTS, trial=trial)
    ready = checked(trial=trial, instrument=instrument, document=document, by=by)
    if sha256 and sha256 != ready.sha256:
        raise Conflict("import.other_file", _("This is not the file that was checked. Check it again."))
    if ready.unlikely and not confirmed:
        raise Problem(
            "import.unlikely", _("Confirm the unusual values, or correct them in the file."), field="confirmed"
        )
    actor = replace(by, origin=Origin.IMPORT)
    with act("results.import", grant=replace(grant, actor=actor), subject=trial) as a:
        a.note(instrument=instrument, rows=len(ready.rows), sha256=ready.sha256)
        # In the order of the forms' keys: two files at once then wait for each other, and neither gives up.
        for row, form in sorted(ready.rows, key=lambda pair: str(pair[1].pk)):
            responses.submit(
                form=form,
                by=actor,
                answers=row.checked.values,
                missing=row.checked.missing,
                confirmed=[str(each.field) for each in row.checked.warnings],
                reason=f"Results file {ready.sha256[:12]}",
            )
    return ready


def _forms(trial: Trial, sites: Sequence[Site], instrument: str) -> QuerySet[Form]:
    rows = Form.objects.filter(
        trial=trial, site__in=[site.pk for site in sites], instrument=instrument, filled_by=FILLED_BY
    ).exclude(secrecy=Form.Secrecy.UNBLINDING)
    joined = rows.select_related("participant__trial", "participant__site", "visit", "site", "trial")
    return joined.order_by("participant__number", "visit__order", "visit__number", "pk")


def _held(
    trial: Trial, sites: Sequence[Site], instrument: str, rows: Sequence[Row]
) -> dict[tuple[str, str, int], Form]:
    numbers = {row.number for row in rows}
    found = list(_forms(trial, sites, instrument).filter(participant__number__in=numbers))
    return {(form.participant.number, form.visit.code, form.visit.number): form for form in found}


def _repeated(rows: Sequence[Row]) -> list[str]:
    """The forms that stand in the file more than once."""
    counted = Counter(row.key for row in rows)
    return [
        _("%(number)s, %(visit)s is in the file %(count)s times. Keep one row.")
        % {"number": key[0][:40], "visit": key[1][:40], "count": count}
        for key, count in counted.items()
        if count > 1
    ]


def _refusals(row: Row, forms: dict[tuple[str, str, int], Form], by: Actor) -> list[str]:
    """Why a row cannot be entered: no such form, one that is in already, and each wrong value."""
    said = [f"{each.field}: {each.sentence}" for each in row.checked.problems]
    form = forms.get(row.key)
    if form is None:
        known = {number for number, _visit, _occurrence in forms}
        return [_unknown_visit(row) if row.number in known else _unknown_number(row), *said]
    try:
        check_fillable(form, by)
    except Problem as problem:
        return [problem.sentence, *said]
    if form.state == Form.State.STARTED:
        said.insert(0, _("Somebody began to type this form. Submit it there, or take the row out of the file."))
    if form.not_done_code:
        said.insert(0, _("This form was marked as not done. Enter it by hand if it was done after all."))
    return said


def _unknown_number(row: Row) -> str:
    return _("No form is expected of a participant with this study number. Check the number.")


def _unknown_visit(row: Row) -> str:
    return _("This participant has no such form at this visit. Check the visit's code.")


def _in_row(row: Row, sentence: str) -> str:
    facts = {"line": row.line, "number": row.number[:40] or "–", "visit": row.visit[:40] or "–", "sentence": sentence}
    return _("Row %(line)s (%(number)s, %(visit)s): %(sentence)s") % facts
