"""Does the day of a visit that is counted from sessions tell the arm?

Sessions are recorded behind the wall, but the day of such a visit comes down from there: blinded people have it in
their worklists. Where the arms' programmes differ in pace, it names the arm.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.roles import ROLES, Role

from ..schema import Protocol
from ..visits import Visit
from .finding import Finding, problem, warning
from .visits import days_to, programmes_of_visit, root_of

COUNTED = frozenset({"session", "last_session"})
UNBLINDING = frozenset(role for role, definition in ROLES.items() if definition.unblinding)


def findings(protocol: Protocol) -> Iterator[Finding]:
    if not protocol.is_randomized:
        return
    for visit in protocol.visits:
        if any(_is_seen(form.filled_by) and not form.breaks_blind for form in visit.forms):
            yield from _pace(visit, protocol)


def _is_seen(filler: str) -> bool:
    """Whether blinded people know of the forms of a filler: participants and machines are no roles behind the wall."""
    return filler not in UNBLINDING


def _pace(visit: Visit, protocol: Protocol) -> Iterator[Finding]:
    try:
        root = root_of(visit, protocol)
    except KeyError:
        return  # It hangs on a visit that is not there, and is told so.
    if root is None or root[0].milestone not in COUNTED:
        return
    days = {code: days_to(root[0], programme) for code, programme in programmes_of_visit(visit, protocol) if programme}
    facts = {"path": f"visits[{visit.code}]", "roles": ", ".join(sorted({Role.INTERVIEWER, Role.THERAPIST}))}
    if len(set(days.values())) > 1:
        paces = ", ".join(_("%(arm)s on day %(day)s") % {"arm": arm, "day": day} for arm, day in days.items())
        yield problem(
            _(
                "%(path)s.anchor: at the planned pace the session comes at another time in each arm (%(paces)s after "
                "the first), so blinded people who see the visit's day learn the arm. Count it from randomization, or "
                "let only %(roles)s fill its forms."
            ),
            paces=paces,
            **facts,
        )
    else:
        yield warning(
            _(
                "%(path)s.anchor: the visit's day follows from the sessions held, and blinded people see it. Where "
                "attendance differs between the arms it hints at the arm. Count it from randomization, or let only "
                "%(roles)s fill its forms."
            ),
            **facts,
        )
