"""Who signed what was measured at a visit, in words: for the assessor's pages and the record."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from outcomes.queries import Signing
from web.shared.record_words import logged_moment


@dataclass(frozen=True)
class SigningRow:
    """One person's part of a visit: its state, of which visit or by whom, when it was signed, and what is left."""

    status: str
    state: str
    label: str
    signed: str
    left: str = ""


def signing_rows(signings: Iterable[Signing], zone: str, visit: str = "") -> list[SigningRow]:
    """Each part in words; among those of other visits the rows are called by their ``visit``."""
    return [_row(each, zone, visit) for each in signings]


def _row(signing: Signing, zone: str, visit: str) -> SigningRow:
    label = visit or signing.name
    if signing.signed_at is None:
        return SigningRow("due", _("to sign"), label, "", _("%(name)s has to sign it.") % {"name": signing.name})
    when = logged_moment(signing.signed_at, zone)
    signed = f"{signing.name}, {when}" if visit else when
    if signing.is_changed:
        again = _("Changed since. %(name)s has to sign it again.") % {"name": signing.name}
        return SigningRow("closing", _("signed before"), label, signed, again)
    return SigningRow("signed", _("signed"), label, signed)
