"""CERT (16 items in 19 rows) and TIDieR (12 items) of a programme, from the protocol and the session logs.

Slade SC et al., Br J Sports Med 2016;50:1428 (CERT). Hoffmann TC et al., BMJ 2014;348:g1687 (TIDieR). The headings
are our own short words.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from exports.unblinded import programme_words as words
from exports.unblinded.programme_words import Say
from therapy.codes import Decision
from therapy.delivered import Delivered
from therapy.models import PerformedExercise
from trials.protocol import Protocol
from trials.protocol.programmes import Programme

Line = tuple[str, str, str]
"""Item, what it asks, and what stands in protocol and logs."""


def cert(protocol: Protocol, programme: Programme, found: Delivered, say: Say) -> list[Line]:
    """The 19 rows in the order of the checklist."""
    return [*_what(protocol, programme, found, say), *_content(programme, found, say)]


def _what(protocol: Protocol, programme: Programme, found: Delivered, say: Say) -> Iterator[Line]:
    told = words.told
    yield "1", _("Equipment"), words.equipment_of(programme, say)
    yield "2", _("Qualifications and training"), words.who(protocol, programme, say)
    yield "3", _("Individual or group"), _supervision(programme)
    yield "4", _("Supervision"), " ".join([_supervision(programme), words.therapists_in_words(found)])
    yield "5", _("How adherence is measured"), _rule()
    yield "6", _("Motivation"), told(programme, "motivation", say)
    yield "7a", _("Rule of progression"), say(programme.progression.wording)
    yield "7b", _("How it was progressed"), _progressed(found)
    yield "8", _("Each exercise"), words.doses_of(programme, say)
    yield "9", _("Home programme"), told(programme, "home", say)
    yield "10", _("Components other than exercise"), told(programme, "other_components", say)


def _content(programme: Programme, found: Delivered, say: Say) -> Iterator[Line]:
    told = words.told
    yield "11", _("Adverse events"), _events(found)
    yield "12", _("Setting"), say(programme.setting)
    yield "13", _("Dose"), " ".join([words.frequency(programme), words.doses_of(programme, say)])
    yield "14a", _("Generic or tailored"), _("Tailored.") if programme.tailoring else told(programme, "tailoring", say)
    yield "14b", _("How it is tailored"), told(programme, "tailoring", say)
    yield "15", _("Starting level"), told(programme, "starting_level", say)
    yield "16a", _("How fidelity is assessed"), _fidelity(programme, say)
    yield "16b", _("Delivered as planned"), _actual(found)


def tidier(protocol: Protocol, programme: Programme, found: Delivered, say: Say) -> list[Line]:
    """The 12 items in the order of the checklist."""
    told = words.told
    return [
        ("1", _("Name"), say(programme.label)),
        ("2", _("Why"), told(programme, "rationale", say)),
        ("3", _("What: materials"), _materials(programme, say)),
        ("4", _("What: procedures"), words.doses_of(programme, say)),
        ("5", _("Who provided"), " ".join([words.who(protocol, programme, say), words.therapists_in_words(found)])),
        ("6", _("How"), _supervision(programme)),
        ("7", _("Where"), say(programme.setting)),
        ("8", _("When and how much"), words.frequency(programme)),
        ("9", _("Tailoring"), told(programme, "tailoring", say)),
        ("10", _("Modifications"), _modifications(found)),
        ("11", _("How well: planned"), " ".join([_rule(), _fidelity(programme, say)])),
        ("12", _("How well: actual"), _actual(found)),
    ]


def _supervision(programme: Programme) -> str:
    return {
        "individual": _("Individually, supervised, face to face."),
        "group": _("In a group, supervised."),
        "unsupervised": _("Unsupervised."),
    }[programme.supervision]


def _rule() -> str:
    return _(
        "Therapists log each session on the day. Adherence is sessions attended, in full or shortened, of all sessions "
        "of the programme; missed and never recorded ones count against it."
    )


def _progressed(found: Delivered) -> str:
    facts = {"decisions": words.counts_in_words(found.decisions, Decision)}
    return _("What therapists did with the loads that the rule suggested: %(decisions)s") % facts


def _events(found: Delivered) -> str:
    facts = {"count": found.events}
    return _("Sessions at which something unwanted was noted: %(count)s.") % facts


def _fidelity(programme: Programme, say: Say) -> str:
    if not programme.fidelity:
        return words.told(programme, "fidelity", say)
    items = "; ".join(say(item.wording) for item in programme.fidelity)
    return _("Checklist: %(items)s.") % {"items": items}


def _materials(programme: Programme, say: Say) -> str:
    equipment = _("Equipment: %(equipment)s.") % {"equipment": words.equipment_of(programme, say).rstrip(".")}
    if not programme.materials:
        return " ".join([equipment, words.told(programme, "materials", say)])
    named = [f"{say(each.label)} ({each.version})" if each.version else say(each.label) for each in programme.materials]
    return " ".join([equipment, "; ".join(named)])


def _actual(found: Delivered) -> str:
    facts = {"kept": found.kept, "judged": found.judged}
    kept = _("Fidelity checklists: %(kept)s of %(judged)s lines kept.") % facts
    return " ".join([words.attended_in_words(found), _exercises(found), kept])


def _exercises(found: Delivered) -> str:
    facts = {"counts": words.counts_in_words(found.exercises, PerformedExercise.Status)}
    return _("Exercises: %(counts)s.") % facts


def _modifications(found: Delivered) -> str:
    changed = {key: count for key, count in found.exercises.items() if key != PerformedExercise.Status.AS_PLANNED}
    facts = {"counts": words.counts_in_words(changed, PerformedExercise.Status)}
    return _("Within sessions: %(counts)s. Changes of the protocol are in its versions.") % facts
