"""The question which arm somebody believes it is, and how sure they are: one choice of five for two arms."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.actors import Actor
from core.problems import Problem
from outcomes.actions import guesses
from outcomes.models import Guess, Visit
from trials.protocol import Protocol
from web.forms import ChoiceField, Form

SEPARATOR = ":"


class GuessForm(Form):
    """Every arm by its public name, strongly or somewhat, with "I do not know" between or below them."""

    def __init__(self, protocol: Protocol, label: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guess"] = ChoiceField(label=label, choices=choices(protocol))
        self.fields["guess"].error_messages["required"] = _("Choose one, or say that you do not know.")


class SkipForm(Form):
    """Why there is no guess."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skipped"] = ChoiceField(label=_("Why do you not guess?"), choices=Guess.Skipped.choices)


def choices(protocol: Protocol) -> list[tuple[str, str]]:
    """Of two arms from sure of the one to sure of the other, with not knowing in the middle; of more, one by one."""
    language = get_language() or "en"
    arms = [(arm.code, arm.public_name.in_language(language)) for arm in protocol.design.arms]
    pairs = [[_choice(code, name, each) for each in Guess.Certainty] for code, name in arms]
    unsure = (guesses.DONT_KNOW, _("I do not know"))
    if len(pairs) == 2:
        return [*pairs[0], unsure, *reversed(pairs[1])]
    return [*(choice for pair in pairs for choice in pair), unsure]


def _choice(code: str, name: str, certainty: Guess.Certainty) -> tuple[str, str]:
    words = {
        Guess.Certainty.STRONGLY: _("%(arm)s, I believe it strongly"),
        Guess.Certainty.SOMEWHAT: _("%(arm)s, I believe it somewhat"),
    }
    return f"{code}{SEPARATOR}{certainty.value}", words[certainty] % {"arm": name}


def keep(visit: Visit, by: Actor, guess: GuessForm, skip: SkipForm, *, skipping: bool) -> bool:
    """Keep the guess, or why there is none; False with the mistake on its form."""
    asked: Form = skip if skipping else guess
    if not asked.is_valid():
        return False
    try:
        if skipping:
            guesses.skip(visit=visit, why=asked.cleaned_data["skipped"], by=by)
        else:
            arm, _separator, certainty = asked.cleaned_data["guess"].partition(SEPARATOR)
            guesses.give(visit=visit, arm=arm, certainty=certainty, by=by)
    except Problem as problem:
        asked.add_problem(problem)
        return False
    return True
