"""Do visits open, close, and reach everybody they are planned for?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from ..forms import fillers, known_instruments, languages_of
from ..programmes import Programme
from ..schema import Protocol
from ..visits import Anchor, FormPlan, Visit
from .finding import Finding, problem, twice, unknown, warning

# Milestones whose day is known only once it has come; nothing can open before them.
NOT_FORESEEN = frozenset({"screening", "consent", "randomized", "session", "last_session"})
OF_SESSIONS = frozenset({"first_session_booked", "session", "last_session"})


def findings(protocol: Protocol) -> Iterator[Finding]:
    yield from twice("visits", (visit.code for visit in protocol.visits))
    purposes = [purpose.code for purpose in protocol.appointments]
    groups = [group.code for group in protocol.design.groups]
    for visit in protocol.visits:
        path = f"visits[{visit.code}]"
        if visit.appointment is not None and visit.appointment not in purposes:
            yield unknown(f"{path}.appointment", visit.appointment, purposes)
        for group in visit.groups:
            if group not in groups:
                yield unknown(f"{path}.groups", group, groups)
        anchored = list(_anchor(path, visit, protocol))
        yield from anchored
        if not anchored:
            yield from _opens(path, visit, protocol)
            yield from _ends_in_time(path, visit, protocol)
        yield from _repeats(path, visit)
        yield from _forms(path, visit, protocol)
    yield from _alternatives(protocol)


def root_of(visit: Visit, protocol: Protocol) -> tuple[Anchor, int] | None:
    """The milestone a visit finally hangs on, and the days from it to the first target; None in a circle."""
    days, seen = 0, set()
    while visit.code not in seen:
        seen.add(visit.code)
        days += visit.offset_days
        if visit.anchor.visit is None:
            return visit.anchor, days
        visit = protocol.visit(visit.anchor.visit)
    return None


def _anchor(path: str, visit: Visit, protocol: Protocol) -> Iterator[Finding]:
    anchor = visit.anchor
    if (anchor.milestone is None) == (anchor.visit is None):
        yield problem(_("%(path)s.anchor: name either a milestone or a visit."), path=path)
        return
    if (anchor.milestone == "session") != (anchor.number is not None):
        yield problem(_("%(path)s.anchor: a number belongs to the milestone session, and to no other."), path=path)
        return
    codes = [each.code for each in protocol.visits]
    if anchor.visit is not None and anchor.visit not in codes:
        yield unknown(f"{path}.anchor.visit", anchor.visit, codes)
        return
    try:
        root = root_of(visit, protocol)
    except KeyError:
        return
    if root is None:
        yield problem(_("%(path)s.anchor: the visits hang on each other in a circle. Break it."), path=path)
        return
    yield from _reached(path, visit, root[0], protocol)


def _reached(path: str, visit: Visit, anchor: Anchor, protocol: Protocol) -> Iterator[Finding]:
    if anchor.milestone == "randomized" and not protocol.is_randomized:
        yield problem(_("%(path)s.anchor: nobody is randomized in this trial. Choose another milestone."), path=path)
    if anchor.milestone not in OF_SESSIONS:
        return
    for code, programme in programmes_of_visit(visit, protocol):
        if programme is None:
            yield problem(
                _(
                    '%(path)s.anchor: "%(arm)s" has no sessions and never reaches %(milestone)s. '
                    "Count the visit from randomization or consent."
                ),
                path=path,
                arm=code,
                milestone=anchor.milestone,
            )
        elif anchor.number is not None and anchor.number > programme.sessions:
            yield problem(
                _(
                    '%(path)s.anchor: "%(arm)s" never reaches session %(number)s; '
                    "its programme has %(sessions)s sessions. Choose an earlier one."
                ),
                path=path,
                arm=code,
                number=anchor.number,
                sessions=programme.sessions,
            )


def programmes_of_visit(visit: Visit, protocol: Protocol) -> Iterator[tuple[str, Programme | None]]:
    """Each arm (or group of the visit) with its programme; None for one that has none."""
    known = {programme.code: programme for programme in protocol.programmes}
    owners = (
        protocol.design.arms
        if protocol.is_randomized
        else [group for group in protocol.design.groups if not visit.groups or group.code in visit.groups]
    )
    for owner in owners:
        if owner.programme is None or owner.programme in known:
            yield owner.code, known.get(owner.programme or "")


def _opens(path: str, visit: Visit, protocol: Protocol) -> Iterator[Finding]:
    root = root_of(visit, protocol)
    if root is None or root[0].milestone not in NOT_FORESEEN:
        return
    closes = root[1] + visit.window.after
    if closes < 0:
        yield problem(
            _(
                "%(path)s: never opens, since it closes %(days)s days before the day it is counted from. "
                "Choose a later offset or an earlier anchor."
            ),
            path=path,
            days=-closes,
        )


def _ends_in_time(path: str, visit: Visit, protocol: Protocol) -> Iterator[Finding]:
    root = root_of(visit, protocol)
    if root is None:
        return
    spans = [days_to(root[0], programme) for _code, programme in programmes_of_visit(visit, protocol)] or [0]
    last = max(spans) + root[1] + (visit.offset_of(visit.occurrences) - visit.offset_days)
    due = protocol.dates.enrolment_end + timedelta(days=last)
    facts = {"path": path, "last": protocol.dates.enrolment_end, "end": protocol.dates.trial_end}
    if due > protocol.dates.trial_end:
        yield problem(
            _(
                "%(path)s: falls due on %(due)s for somebody enrolled on the last day, %(last)s, but the trial "
                "ends on %(end)s. End enrolment earlier or the trial later."
            ),
            due=due,
            **facts,
        )
    elif due + timedelta(days=visit.window.after) > protocol.dates.trial_end:
        yield warning(
            _(
                "%(path)s: its window closes on %(closes)s for somebody enrolled on the last day, %(last)s, "
                "after the trial's end on %(end)s."
            ),
            closes=due + timedelta(days=visit.window.after),
            **facts,
        )


def days_to(anchor: Anchor, programme: Programme | None) -> int:
    """Days from the first session to another one, at the planned pace; 0 for what is not counted from sessions."""
    if programme is None or anchor.milestone not in ("session", "last_session"):
        return 0
    number = anchor.number if anchor.number is not None else programme.sessions
    return (number - 1) * 7 // programme.sessions_per_week


def _repeats(path: str, visit: Visit) -> Iterator[Finding]:
    if visit.repeat and visit.window.before + visit.window.after >= visit.repeat.every_days:
        yield warning(
            _("%(path)s: two occurrences are open at the same time. Narrow the window to less than %(days)s days."),
            path=path,
            days=visit.repeat.every_days,
        )


def _forms(path: str, visit: Visit, protocol: Protocol) -> Iterator[Finding]:
    yield from twice(f"{path}.forms", (form.instrument for form in visit.forms))
    for form in visit.forms:
        where = f"{path}.forms[{form.instrument}]"
        yield from _instrument(where, form, protocol)
        yield from _blind(where, form, protocol)
        clauses = [clause.code for clause in protocol.consent.clauses if clause.optional]
        if form.needs_clause is not None and form.needs_clause not in clauses:
            yield unknown(f"{where}.needs_clause", form.needs_clause, clauses)
        yield from twice(f"{where}.not_done", (reason.code for reason in form.not_done))


def _instrument(where: str, form: FormPlan, protocol: Protocol) -> Iterator[Finding]:
    if form.instrument not in known_instruments():
        yield unknown(where, form.instrument, sorted(known_instruments()))
        return
    allowed = fillers(form.instrument)
    if allowed and form.filled_by not in allowed:
        yield problem(
            _('%(where)s.filled_by: is "%(given)s", but this form is filled by: %(allowed)s.'),
            where=where,
            given=form.filled_by,
            allowed=", ".join(allowed),
        )
    lacking = [language for language in protocol.languages if language not in languages_of(form.instrument)]
    if lacking and form.filled_by == "participant":
        yield warning(
            _("%(where)s: this form has no texts in %(languages)s. Participants cannot answer it there."),
            where=where,
            languages=", ".join(lacking),
        )


def _blind(where: str, form: FormPlan, protocol: Protocol) -> Iterator[Finding]:
    arms = [arm.code for arm in protocol.design.arms]
    for arm in form.arms:
        if arm not in arms:
            yield unknown(f"{where}.arms", arm, arms)
    if form.arms and set(form.arms) != set(arms) and not form.breaks_blind:
        yield problem(
            _("%(where)s: exists for some arms only and so tells the arm. Add breaks_blind: true."),
            where=where,
        )
    if form.breaks_blind and protocol.blinding.hides(form.filled_by, "allocation"):
        yield problem(
            _('%(where)s: breaks the blind of "%(role)s", who fills it. Let another role fill it.'),
            where=where,
            role=form.filled_by,
        )
    if form.filled_by in form.hidden_from:
        yield problem(
            _('%(where)s: is hidden from "%(role)s", who fills it. Remove one.'),
            where=where,
            role=form.filled_by,
        )


def _alternatives(protocol: Protocol) -> Iterator[Finding]:
    named: dict[str, int] = {}
    for visit in protocol.visits:
        for form in visit.forms:
            if form.one_of is not None:
                named[form.one_of] = named.get(form.one_of, 0) + 1
    for name, times in named.items():
        if times == 1:
            yield problem(
                _('visits: only one form is in one_of "%(name)s". Give it an alternative or remove it.'),
                name=name,
            )
