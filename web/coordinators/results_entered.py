"""The files of results that were entered, as the trail tells of them."""

from django.utils.translation import gettext as _

from audit.queries import entries_for, shown
from web.components import Table, TableCell
from web.pages import TrialRequest
from web.shared.record_words import instrument_name, logged_moment
from web.shared.trail_readers import blinded_audience

MOST_FILES_SHOWN = 20


def entered_table(request: TrialRequest) -> Table:
    """The latest files at the reader's sites; the audit page has them all."""
    audience = blinded_audience(tuple(site.pk for site in request.sites))
    found = list(entries_for(audience, request.trial.pk, verb="results.import")[:MOST_FILES_SHOWN])
    zone = request.sites[0].time_zone
    rows = [
        [
            TableCell(logged_moment(entry.at, zone)),
            TableCell(entry.who),
            TableCell(instrument_name(str(entry.facts["instrument"]))),
            TableCell(str(entry.facts["rows"]), number=True),
            TableCell(str(entry.facts["sha256"])[:12]),
        ]
        for entry in shown(found, audience)
    ]
    head = [_("When"), _("By"), _("Form"), _("Rows"), _("File (first characters of its SHA-256)")]
    return Table(_("Files entered so far"), head, rows)
