"""Content packs: in which words each questionnaire is shown, loading more, and the languages side by side.

Whoever is here loads the protocol too, and so knows its forms. The pages name instruments and languages only: no
visit, nobody who fills a form, nothing that tells a form of one arm from the others.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from core.dates import date_format
from core.problems import Problem
from instruments import catalogue
from instruments.problems import FileRefused
from trials.access import not_found
from trials.actions import content_packs
from trials.models import LoadedPack, Trial
from trials.queries import protocol_of
from trials.wordings import Wording, gaps, language_name, packs_of, wordings_of
from web.components import Crumb, Table, TableCell
from web.monitors.pack_form import PackForm
from web.monitors.pack_words import side_by_side
from web.pages import TrialRequest, page
from web.shared.record_words import instrument_name


@page(Permission.LOAD_CONTENT_PACKS, methods=("GET", "POST"))
def packs(request: TrialRequest) -> HttpResponse:
    """Every instrument in every language, and loading a pack."""
    if request.method != "POST":
        return show(request, PackForm())
    form = PackForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, 422)
    try:
        done = check(form) if request.POST.get("do") == "check" else load(request, form)
    except FileRefused as refused:
        form.refuse(refused.sentences)
        return show(request, form, 422)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status if problem.status == 409 else 422)
    messages.success(request, done)
    return redirect("monitors:packs", trial=request.trial.code)


def check(form: PackForm) -> str:
    """What would be loaded; nothing is."""
    pack = content_packs.checked(form.cleaned_data["file"])
    facts = {"instrument": instrument_name(pack.instrument), "language": language_name(pack.language)}
    return _("The pack fits: %(instrument)s, %(language)s. It is not loaded yet.") % facts


def load(request: TrialRequest, form: PackForm) -> str:
    """Load the pack; the words in force from now on."""
    document, reason = form.cleaned_data["file"], form.cleaned_data["reason"]
    pack = content_packs.load(trial=request.trial, document=document, reason=reason, by=request.actor)
    facts = {"instrument": instrument_name(pack.instrument), "language": language_name(pack.language)}
    return _("Loaded: %(instrument)s, %(language)s. Forms begun from now on show these words.") % facts


def show(request: TrialRequest, form: PackForm, status: int = 200) -> HttpResponse:
    """What is in force, what is lacking, and the form."""
    trial = Trial.objects.get(pk=request.trial.pk)
    context = {
        "form": form,
        "table": wordings_table(trial),
        "lacking": lacking(trial),
        "in_setup": trial.state == Trial.State.SETUP,
    }
    return render(request, "monitors/packs.html", context, status=status)


def lacking(trial: Trial) -> list[str]:
    """Every form without its licensed words, with the languages it lacks them in."""
    languages: dict[str, list[str]] = {}
    for gap in gaps(trial, protocol_of(trial)):
        languages.setdefault(gap.instrument, []).append(language_name(gap.language))
    return [
        _("%(form)s: %(languages)s") % {"form": instrument_name(code), "languages": ", ".join(names)}
        for code, names in languages.items()
    ]


def wordings_table(trial: Trial) -> Table:
    """One row for an instrument in a language."""
    held = wordings_of(trial)
    names = names_of([each.pack for each in held if each.pack])
    head = [_("Form"), _("Language"), _("Words"), _("Licence"), _("Loaded")]
    return Table(_("Forms and their words"), head, [wording_row(trial, each, names) for each in held])


def wording_row(trial: Trial, words: Wording, names: dict[str, str]) -> list[TableCell]:
    """One instrument in one language; the name leads to its words."""
    state = words.state if words.is_in_protocol else _("%(state)s; not in the protocol") % {"state": words.state}
    title = _("%(title)s (%(code)s)") % {"title": instrument_name(words.instrument), "code": words.instrument}
    pack = words.pack
    owner = catalogue.load(words.instrument).licence.owner
    return [
        TableCell(title, url=reverse("monitors:pack", args=[trial.code, words.instrument])),
        TableCell(language_name(words.language)),
        TableCell(state),
        TableCell(f"{pack.licence_owner}, {pack.licence_reference}" if pack else owner),
        TableCell(loaded_in_words(pack, names) if pack else ""),
    ]


def names_of(found: list[LoadedPack]) -> dict[str, str]:
    """Who loaded packs, by key."""
    keys = {pack.loaded_by for pack in found}
    return {str(user.pk): user.name for user in User.objects.filter(pk__in=keys)} if keys else {}


def loaded_in_words(pack: LoadedPack, names: dict[str, str]) -> str:
    """Who loaded a pack, and when."""
    facts = {"name": names.get(pack.loaded_by, ""), "when": date_format(pack.loaded_at, "j M Y, H:i")}
    return _("%(name)s, %(when)s UTC") % facts


@page(Permission.LOAD_CONTENT_PACKS)
def pack(request: TrialRequest, instrument: str) -> HttpResponse:
    """The words of one instrument, the trial's languages side by side, and every pack that was loaded."""
    held = [each for each in wordings_of(request.trial) if each.instrument == instrument]
    if not held:
        raise not_found()
    definition = catalogue.load(instrument)
    loaded = [each for each in reversed(packs_of(request.trial)) if each.instrument == instrument]
    context = {
        "crumbs": [Crumb(_("Content packs"), reverse("monitors:packs", args=[request.trial.code]))],
        "title": instrument_name(instrument),
        "definition": definition,
        "words": side_by_side(definition, held),
        "loaded": loaded_table(loaded),
    }
    return render(request, "monitors/pack.html", context)


def loaded_table(loaded: list[LoadedPack]) -> Table:
    """Every version ever loaded, newest first."""
    names = names_of(loaded)
    rows = [
        [
            TableCell(each.version),
            TableCell(language_name(each.language)),
            TableCell(f"{each.licence_owner}, {each.licence_reference}"),
            TableCell(loaded_in_words(each, names)),
            TableCell(each.sha256[:12]),
        ]
        for each in loaded
    ]
    head = [_("Version"), _("Language"), _("Licence"), _("Loaded"), _("SHA-256 begins")]
    return Table(_("Packs loaded"), head, rows)
