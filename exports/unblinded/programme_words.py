"""What a programme is, in words: shared by the CERT and the TIDieR table."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.numbers import to_places
from therapy.codes import Decision
from therapy.delivered import Delivered
from therapy.models import PerformedExercise
from trials.protocol import Protocol
from trials.protocol.programmes import Exercise, Programme, Span

Say = Callable[[Any], str]
"""A text of the protocol in the language of the table."""


def told(programme: Programme, name: str, say: Say) -> str:
    """A part of the programme; else that it is not collected, or that the protocol does not say."""
    value = getattr(programme, name)
    if value:
        return say(value)
    if name in programme.not_collected:
        return _("Not collected, as the protocol says.")
    return _("Not stated in the protocol.")


def numbers_of(span: Span) -> str:
    """A range without its unit."""
    low, high = f"{span.min:g}", f"{span.max:g}"
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def dose_of(exercise: Exercise, say: Say) -> str:
    """One exercise with everything that is planned of it, and what is not collected."""
    parts = [f"{say(exercise.label)}:", _("%(count)s sets") % {"count": exercise.sets or 1}]
    spans = (
        (exercise.reps, _("%(span)s repetitions")),
        (exercise.seconds, _("%(span)s s")),
        (exercise.effort, _("effort %(span)s")),
        (exercise.rest, _("rest %(span)s s")),
        (exercise.angle, _("%(span)s degrees")),
        (exercise.time_under_load, _("%(span)s s under load")),
    )
    parts += [words % {"span": numbers_of(span)} for span, words in spans if span is not None]
    if exercise.each_side:
        parts.append(_("each side"))
    if exercise.tempo:
        parts.append(_("tempo %(tempo)s") % {"tempo": exercise.tempo})
    if exercise.load_unit not in ("none", "body_weight"):
        parts.append(_("load in %(unit)s") % {"unit": exercise.load_unit})
    if exercise.motion:
        parts.append(say(exercise.motion))
    if exercise.not_collected:
        names = ", ".join(name.replace("_", " ") for name in exercise.not_collected)
        parts.append(_("not collected: %(names)s") % {"names": names})
    return ", ".join(parts).replace(":,", ":")


def doses_of(programme: Programme, say: Say) -> str:
    """All exercises by type of session."""
    kinds = []
    for kind in programme.session_types:
        doses = "; ".join(dose_of(exercise, say) for exercise in kind.exercises)
        kinds.append(f"{say(kind.label)}. {doses}")
    return " | ".join(kinds)


def equipment_of(programme: Programme, say: Say) -> str:
    """Each piece of equipment once, in the order of the exercises."""
    exercises = [exercise for kind in programme.session_types for exercise in kind.exercises]
    named = [say(exercise.equipment) for exercise in exercises if exercise.equipment]
    return "; ".join(dict.fromkeys(named)) or _("None.")


def who(protocol: Protocol, programme: Programme, say: Say) -> str:
    """Who may deliver it, and how they are trained."""
    labels = {each.code: say(each.label) for each in protocol.qualifications}
    names = ", ".join(labels.get(code, code) for code in programme.delivered_by) or _("Any therapist of the trial")
    return _("%(names)s. Training: %(training)s") % {"names": names, "training": told(programme, "training", say)}


def therapists_in_words(found: Delivered) -> str:
    """How many delivered it, and to how many participants each."""
    if not found.therapists:
        return _("Nobody delivered a session yet.")
    facts = {"count": len(found.therapists), "each": ", ".join(str(count) for count in found.therapists)}
    return _("Delivered by %(count)s therapists, to so many participants each: %(each)s.") % facts


def attended_in_words(found: Delivered) -> str:
    """Sessions attended of those planned for everybody in the arm."""
    if found.attended_percent is None:
        return _("Nobody was randomized to it yet.")
    facts = {"attended": found.attended, "planned": found.planned, "people": found.participants}
    facts_in_words = {**facts, "percent": to_places(found.attended_percent, 1)}
    return (
        _("%(attended)s of %(planned)s sessions attended (%(percent)s %%) by %(people)s participants.") % facts_in_words
    )


def counts_in_words(counts: dict[str, int], choices: type[PerformedExercise.Status] | type[Decision]) -> str:
    """So many of each kind; the kinds that never came are left out."""
    named = [f"{choice.label}: {counts[choice.value]}" for choice in choices if counts.get(choice.value)]
    return "; ".join(named) or _("None recorded.")


def frequency(programme: Programme) -> str:
    """How often, how long, for how many weeks."""
    facts = {
        "sessions": programme.sessions,
        "a_week": programme.sessions_per_week,
        "weeks": programme.weeks,
        "minutes": programme.minutes.planned,
        "least": programme.minutes.at_least,
    }
    words = _(
        "%(sessions)s sessions: %(a_week)s a week for %(weeks)s weeks, %(minutes)s min each (at least %(least)s)."
    )
    return words % facts
