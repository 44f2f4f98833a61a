"""A protocol in a page of plain lines, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .schema import Protocol
from .visits import Anchor, Visit


def summarize(protocol: Protocol, language: str = "en") -> list[str]:
    """Lines to print, in the document's order."""
    return [
        *_trial(protocol, language),
        *_arms(protocol, language),
        *_eligibility(protocol, language),
        *_strata(protocol, language),
        *_visits(protocol, language),
        *_assumptions(protocol, language),
    ]


def _trial(protocol: Protocol, language: str) -> Iterator[str]:
    yield f"{protocol.code} {protocol.version}: {protocol.title.in_language(language)}"
    yield _("Target %(target)s, %(start)s to %(end)s, languages %(languages)s, sites %(sites)s.") % {
        "target": protocol.target,
        "start": protocol.dates.enrolment_start,
        "end": protocol.dates.trial_end,
        "languages": ", ".join(protocol.languages),
        "sites": ", ".join(site.code for site in protocol.sites),
    }


def _arms(protocol: Protocol, language: str) -> Iterator[str]:
    names = [(arm.code, arm.public_name) for arm in protocol.design.arms]
    names += [(group.code, group.label) for group in protocol.design.groups]
    for code, name in names:
        programme = protocol.programme_of(code)
        if programme is None:
            yield _("  %(code)s: %(name)s, no programme") % {"code": code, "name": name.in_language(language)}
        else:
            yield _("  %(code)s: %(name)s, %(sessions)s sessions in %(weeks)s weeks") % {
                "code": code,
                "name": name.in_language(language),
                "sessions": programme.sessions,
                "weeks": programme.weeks,
            }


def _eligibility(protocol: Protocol, language: str) -> Iterator[str]:
    for kind, title in (("inclusion", _("Included:")), ("exclusion", _("Excluded:"))):
        yield title
        for criterion in protocol.eligibility.criteria:
            if criterion.kind == kind:
                yield f"  {criterion.code}: {criterion.wording.in_language(language)} [{criterion.rule}]"


def _strata(protocol: Protocol, language: str) -> Iterator[str]:
    for factor in protocol.strata:
        levels = ", ".join(level.label.in_language(language) for level in factor.levels)
        yield _("Stratified by %(factor)s: %(levels)s.") % {
            "factor": factor.label.in_language(language),
            "levels": levels,
        }


def _visits(protocol: Protocol, language: str) -> Iterator[str]:
    yield _("Visits:")
    for visit in protocol.visits:
        forms = ", ".join(form.instrument for form in visit.forms)
        yield f"  {visit.code}: {when(visit)}: {forms}"


def when(visit: Visit) -> str:
    """Such as 'randomized + 112 days (-7 to +10)'."""
    words = _anchor_words(visit.anchor)
    if visit.offset_days:
        words += _(" %(sign)s %(days)s days") % {
            "sign": "+" if visit.offset_days > 0 else "-",
            "days": abs(visit.offset_days),
        }
    if visit.repeat:
        words += _(", every %(days)s days, %(times)s times") % {
            "days": visit.repeat.every_days,
            "times": visit.repeat.times,
        }
    return words + _(" (-%(before)s to +%(after)s)") % {
        "before": visit.window.before,
        "after": visit.window.after,
    }


def _anchor_words(anchor: Anchor) -> str:
    if anchor.visit is not None:
        return anchor.visit
    return f"{anchor.milestone} {anchor.number}" if anchor.number is not None else str(anchor.milestone)


def _assumptions(protocol: Protocol, language: str) -> Iterator[str]:
    if protocol.assumptions:
        yield _("To be signed by the investigator:")
    for assumption in protocol.assumptions:
        yield f"  {assumption.code}: {assumption.wording.in_language(language)}"
