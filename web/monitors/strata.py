"""The strata as the investigator reads and signs them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from core.problems import Conflict, Problem
from review.actions.signatures import sign
from review.models import Signature
from review.queries import signature_of
from trials.protocol.factors import Factor, Level, Source
from trials.protocol.schema import Protocol
from trials.protocol.signing import strata_hash
from trials.protocol.strata import attainable_values, contains
from trials.queries import protocol_of, protocol_version
from web.components import SummaryRow, Table, TableCell
from web.pages import TrialRequest, page
from web.shared.record_words import instrument_name, say
from web.signed_form import SignedForm


class SignForm(SignedForm):
    """The signature; ``seen`` is the content that was read."""

    seen = forms.CharField(widget=forms.HiddenInput(), max_length=64)


@page(Permission.SIGN_STRATA, methods=("GET", "POST"))
def strata(request: TrialRequest) -> HttpResponse:
    """Read the strata, sign them."""
    content = strata_hash(protocol_of(request.trial))
    if request.method != "POST":
        return show(request, SignForm(request, initial={"seen": content}))
    form = SignForm(request, request.POST)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        check_seen(form.cleaned_data["seen"], content)
        sign(
            kind=Signature.Kind.STRATA,
            trial=request.trial,
            subject=request.trial,
            content_hash=content,
            meaning=meaning(),
            by=request.actor,
        )
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    messages.success(request, _("Signed. The statistician can prepare the list now."))
    return redirect("monitors:strata", trial=request.trial.code)


def meaning() -> str:
    """What the signature stands for, as it is shown and kept."""
    return _("I have read these strata, their cuts and the reasons, and they are those of the trial.")


def check_seen(seen: str, content: str) -> None:
    """Refuse a signature under strata that an amendment changed while they were read."""
    if seen != content:
        raise Conflict("strata.changed", _("The strata were amended meanwhile. Reload the page and read them again."))


def show(request: TrialRequest, form: SignForm, status: int = 200) -> HttpResponse:
    """The strata in words, and the signature or the form for it."""
    protocol = protocol_of(request.trial)
    context = {
        "form": form,
        "version": protocol_version(request.trial).number,
        "factors": [in_words(protocol, factor) for factor in protocol.strata],
        "assumptions": [say(each.wording) for each in protocol.assumptions if each.about.startswith("strata")],
        "signature": signature_of(Signature.Kind.STRATA, request.trial, strata_hash(protocol)),
        "meaning": meaning(),
    }
    return render(request, "monitors/strata.html", context, status=status)


def in_words(protocol: Protocol, factor: Factor) -> dict[str, Any]:
    """One factor: where its value comes from, its levels with every value they hold, from whom it is concealed."""
    hidden = ", ".join(str(role_label(role)) for role in factor.concealed_from) or _("nobody")
    return {
        "label": say(factor.label),
        "why": say(factor.why) if factor.why else "",
        "rows": [
            SummaryRow(_("Comes from"), source_in_words(factor.source)),
            SummaryRow(_("Concealed from"), hidden),
        ],
        "levels": levels_table(protocol, factor),
    }


def role_label(role: str) -> Any:
    """A role in words; participants have none of the table."""
    return ROLES[Role(role)].label if role in set(Role) else _("Participant")


def source_in_words(source: Source) -> str:
    """Where a factor's value comes from."""
    if source.site:
        return _("the site")
    if source.question:
        return _("the answer at screening to: %(question)s") % {"question": source.question}
    facts = {"form": instrument_name(source.instrument or ""), "part": source.score or source.field}
    if source.score:
        return _("the score “%(part)s” of the form %(form)s, at baseline") % facts
    return _("the item “%(part)s” of the form %(form)s, at baseline") % facts


def levels_table(protocol: Protocol, factor: Factor) -> Table:
    """Each level with its cut in words and the attainable values it holds."""
    values = attainable_values(protocol, factor)
    rows = [
        [
            TableCell(say(level.label)),
            TableCell(cut_in_words(level)),
            TableCell(values_in_words([value for value in values if contains(level, value)])),
        ]
        for level in factor.levels
    ]
    return Table(_("Levels of %(factor)s") % {"factor": say(factor.label)}, [_("Level"), _("Cut"), _("Values")], rows)


def cut_in_words(level: Level) -> str:
    """The bounds of a level as a sentence would say them."""
    parts = [
        (level.at_least, _("%(bound)s or more")),
        (level.above, _("more than %(bound)s")),
        (level.at_most, _("at most %(bound)s")),
        (level.below, _("less than %(bound)s")),
    ]
    said = [words % {"bound": f"{bound:g}"} for bound, words in parts if bound is not None]
    return _(" and ").join(said) if said else ", ".join(str(value) for value in level.values)


def values_in_words(values: list[Any]) -> str:
    """A few values one by one, many as their ends."""
    if len(values) <= 20:
        return ", ".join(str(value) for value in values)
    return _("%(low)s to %(high)s") % {"low": values[0], "high": values[-1]}
