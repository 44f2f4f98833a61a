"""Reminders, blinding and consent: does each role hear, know and agree to what it should?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..reminders import Moment, Reminder
from ..schema import Protocol
from .finding import Finding, problem, twice, unknown, warning


def findings(protocol: Protocol) -> Iterator[Finding]:
    yield from twice("reminders", (reminder.code for reminder in protocol.reminders))
    for reminder in protocol.reminders:
        path = f"reminders[{reminder.code}]"
        yield from _about(path, reminder, protocol)
        yield from _moments(path, reminder)
    yield from _blinding(protocol)
    yield from _guesses(protocol)
    yield from _concealed(protocol)
    yield from _consent(protocol)


def _about(path: str, reminder: Reminder, protocol: Protocol) -> Iterator[Finding]:
    about = reminder.about
    visits = {visit.code: visit for visit in protocol.visits}
    purposes = [purpose.code for purpose in protocol.appointments]
    if bool(about.visits) == bool(about.appointments):
        yield problem(_("%(path)s.about: name either visits or appointments."), path=path)
    for code in about.appointments:
        if code not in purposes:
            yield unknown(f"{path}.about.appointments", code, purposes)
    for code in about.visits:
        if code not in visits:
            yield unknown(f"{path}.about.visits", code, visits)
            return
    forms = [form for code in about.visits for form in visits[code].forms]
    for instrument in about.instruments:
        if instrument not in {form.instrument for form in forms}:
            yield unknown(f"{path}.about.instruments", instrument, (form.instrument for form in forms))
    if reminder.to == "participant" and about.visits:
        mine = [f for f in forms if not about.instruments or f.instrument in about.instruments]
        if not any(form.filled_by == "participant" for form in mine):
            yield problem(
                _("%(path)s: reminds participants of forms that they do not fill. Correct visits or to."),
                path=path,
            )


def _moments(path: str, reminder: Reminder) -> Iterator[Finding]:
    for number, moment in enumerate(reminder.send, start=1):
        kinds = _kinds(moment)
        if len(kinds) != 1:
            yield problem(
                _(
                    "%(path)s.send[%(number)s]: give exactly one of after_opening, before_closing, "
                    "after_closing, before_appointment."
                ),
                path=path,
                number=number,
            )
        elif (kinds[0] == "before_appointment") != bool(reminder.about.appointments):
            yield problem(
                _("%(path)s.send[%(number)s]: %(kind)s does not fit what the reminder is about."),
                path=path,
                number=number,
                kind=kinds[0],
            )
    if reminder.at_most > len(reminder.send):
        yield warning(
            _("%(path)s.at_most: is %(most)s, but only %(count)s messages are planned."),
            path=path,
            most=reminder.at_most,
            count=len(reminder.send),
        )
    if reminder.quiet_hours.start == reminder.quiet_hours.end:
        yield problem(_("%(path)s.quiet_hours: start and end are the same. Correct one."), path=path)


def _kinds(moment: Moment) -> list[str]:
    names = ("after_opening", "before_closing", "after_closing", "before_appointment")
    return [name for name in names if getattr(moment, name) is not None]


def _blinding(protocol: Protocol) -> Iterator[Finding]:
    blinding = protocol.blinding
    for role, hidden in blinding.blind_to.items():
        if "allocation" in hidden and role in blinding.unblinded_roles:
            yield problem(
                _('blinding: "%(role)s" is both blind to the allocation and unblinded. Choose one.'),
                role=role,
            )
    if "assessor" in blinding.unblinded_roles and protocol.is_randomized:
        yield warning(_("blinding.unblinded_roles: assessors who know the arm may favour one."))
    reviewer = blinding.safety_reviewer
    if reviewer is not None and reviewer not in blinding.unblinded_roles:
        yield problem(
            _('blinding.safety_reviewer: "%(role)s" must be one of the unblinded roles. Add it there.'),
            role=reviewer,
        )
    if blinding.hides("therapist", "allocation") and protocol.programmes:
        yield problem(_("blinding: therapists deliver the programmes and cannot be blind to the allocation."))


def _guesses(protocol: Protocol) -> Iterator[Finding]:
    visits = {visit.code: visit for visit in protocol.visits}
    for number, asked in enumerate(protocol.blinding.guesses, start=1):
        path = f"blinding.guesses[{number}]"
        if not protocol.is_randomized:
            yield problem(_("%(path)s: without randomization there is no arm to guess. Remove it."), path=path)
        if not protocol.blinding.hides(asked.by, "allocation"):
            yield warning(
                _('%(path)s: "%(role)s" is not blind to the allocation, so the guess says nothing of the blinding.'),
                path=path,
                role=asked.by,
            )
        for code in asked.visits:
            if code not in visits:
                yield unknown(f"{path}.visits", code, visits)
            elif not any(form.filled_by == asked.by for form in visits[code].forms):
                yield problem(
                    _('%(path)s.visits: at "%(visit)s" "%(role)s" fills no form, so no guess can follow one.'),
                    path=path,
                    visit=code,
                    role=asked.by,
                )


def _concealed(protocol: Protocol) -> Iterator[Finding]:
    concealed = {role for factor in protocol.strata for role in factor.concealed_from}
    blind = {role for role, hidden in protocol.blinding.blind_to.items() if "stratum" in hidden}
    for role in sorted(concealed ^ blind):
        yield problem(
            _(
                'blinding: "%(role)s" must be named both in concealed_from of a stratum and as blind to '
                '"stratum". Name it in both or in neither.'
            ),
            role=role,
        )


def _consent(protocol: Protocol) -> Iterator[Finding]:
    consent = protocol.consent
    yield from twice("consent.clauses", (clause.code for clause in consent.clauses))
    yield from twice("consent.documents", (f"{document.version} {document.language}" for document in consent.documents))
    clauses = [clause.code for clause in consent.clauses]
    sharing = consent.data_sharing.clause
    if sharing is not None and sharing not in clauses:
        yield unknown("consent.data_sharing.clause", sharing, clauses)
    for document in consent.documents:
        if document.language not in protocol.languages:
            yield unknown("consent.documents", document.language, protocol.languages)
    for language in protocol.languages:
        if consent.document_for(language) is None:
            yield warning(
                _('consent.documents: none is in "%(language)s". Nobody can consent in it until one is added.'),
                language=language,
            )
