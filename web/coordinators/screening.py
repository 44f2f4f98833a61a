"""Screening somebody, for the first time or again: one page, the criteria in the protocol's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core import clock
from core.problems import Conflict, Invalid, NotFound, Problem, Refused
from outcomes.actions import enrolment
from participants.actions.screening_drafts import check_seen, discard, typed_in
from participants.codes import DeclineReason
from participants.eligibility import preview
from participants.models import Contact, Participant, Screening
from participants.policies import check_may_be_screened_again
from trials.models import Site
from trials.protocol import Protocol
from trials.protocol.eligibility import Assessment
from trials.queries import protocol_of
from web.components import Crumb, Tab
from web.coordinators import drafting
from web.coordinators.once import Once
from web.coordinators.saving import about, person_of
from web.forms import ChoiceField, Form
from web.keeping.aside import asks_for_part
from web.pages import TrialRequest, page
from web.shared.criteria_form import CriteriaForm
from web.shared.record import crumbs
from web.shared.record_words import criteria_in_words, language_name, say


class AboutForm(Form):
    """Where, in which language, and whether the person wants to go on."""

    site = ChoiceField(label=gettext_lazy("Site"))
    language = ChoiceField(label=gettext_lazy("Language of the participant"), inline=True)
    declined_reason = ChoiceField(
        label=gettext_lazy("If the person declined: why"), choices=DeclineReason.choices, as_list=True, required=False
    )

    def __init__(self, protocol: Protocol, sites: list[Site], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offered = dict.fromkeys(code for site in sites for code in _languages(protocol, site))
        self.fields["language"].choices = [(code, language_name(code)) for code in offered]  # type: ignore[attr-defined]
        self.fields["site"].choices = [(site.code, site.name) for site in sites]  # type: ignore[attr-defined]
        if len(sites) == 1:
            del self.fields["site"]


@dataclass
class Sheet:
    """One opened screening: who, of which group, and what is typed so far."""

    request: TrialRequest
    protocol: Protocol
    group: str
    participant: Participant | None = None

    def __post_init__(self) -> None:
        data = self.request.POST if self.request.method == "POST" else None
        sites = [self.participant.site] if self.participant else self.request.sites
        self.sites = {site.code: site for site in sites}
        if data is not None and data.get("step") == "save":
            data = None  # A draft is not judged.
        # To check the answers nothing else needs to be there yet.
        is_check = data is not None and "check" in data
        self.about = AboutForm(self.protocol, sites, *((None, data) if is_check else (data, None)))
        self.criteria = CriteriaForm(self.protocol, self.stage, self.group, data)
        self.draft = drafting.drafted(self.request, self.participant)
        self.once = Once(self.request, self.draft.token if self.draft else "")
        self.revision = drafting.revision_seen(self.request, self.draft)

    @property
    def zone(self) -> str:
        """The clock of the site, or of the first while none is chosen."""
        return str(next(iter(self.sites.values())).time_zone)

    def show_newest(self) -> None:
        """From here on the page knows what is saved: sending it again is meant."""
        self.draft = drafting.drafted(self.request, self.participant)
        self.revision = self.draft.revision if self.draft else 0

    @property
    def stage(self) -> str:
        return self.protocol.eligibility.stages[0].code

    @property
    def site(self) -> Site:
        return self.sites[self.about.cleaned_data.get("site") or next(iter(self.sites))]

    def save(self) -> Screening:
        """Screen; raises what the verb raises."""
        return enrolment.screen(
            trial=self.request.trial,
            site=self.site,
            language=self.about.cleaned_data["language"],
            answers=self.criteria.answers(),
            group=self.group,
            participant=self.participant,
            declined_reason=self.about.cleaned_data["declined_reason"],
            by=self.request.actor,
        )

    def add_problem(self, problem: Problem) -> None:
        """Each problem at its question, or above the form."""
        for single in problem.problems if isinstance(problem, Invalid) else [problem]:
            of_criteria = single.code.startswith("eligibility.") or single.code == "screening.age"
            (self.criteria if of_criteria else self.about).add_problem(single)


@page(Permission.SCREEN, methods=("GET", "POST"))
def screen_new(request: TrialRequest) -> HttpResponse:
    """Screen somebody new."""
    return _page(request, None)


@page(Permission.SCREEN, methods=("GET", "POST"))
def screen_again(request: TrialRequest, number: str) -> HttpResponse:
    """Screen somebody again; the earlier screening stays, linked."""
    participant = person_of(request, number)
    check_may_be_screened_again(participant)
    return _page(request, participant)


def _page(request: TrialRequest, participant: Participant | None) -> HttpResponse:
    protocol = protocol_of(request.trial)
    groups = [each.code for each in protocol.design.groups]
    asked = groups[0] if len(groups) == 1 else request.GET.get("group", "")
    group = participant.group if participant else asked if asked in groups else ""
    if "discard" in request.POST:
        return _discard(request)
    if participant is None and groups and not group:
        return render(request, "coordinators/groups.html", {"tabs": _group_tabs(request, protocol)})
    sheet = Sheet(request, protocol, group, participant)
    if request.method != "POST":
        return _show(request, sheet, typed=typed_in(sheet.draft) if sheet.draft else None)
    if request.POST.get("step") == "save":
        return _save_draft(request, sheet)
    if "check" in request.POST:
        return _check(request, sheet)
    return _save(request, sheet)


def _discard(request: TrialRequest) -> HttpResponse:
    discard(trial=request.trial, token=request.POST["discard"][:64], by=request.actor)
    messages.success(request, _("The draft is thrown away."))
    return redirect(request.path)


def _save_draft(request: TrialRequest, sheet: Sheet) -> HttpResponse:
    try:
        draft = drafting.save(request, sheet.once.token, sheet.group, sheet.participant)
    except (Refused, NotFound):
        raise
    except Problem as problem:
        if asks_for_part(request):
            return drafting.not_saved(problem)
        sheet.show_newest()
        return _show(request, sheet, status=problem.status, typed=drafting.typed(request), problems=[problem])
    if asks_for_part(request):
        return drafting.saved(request, draft, sheet.zone)
    return redirect(drafting.address_of(request, draft))


def _save(request: TrialRequest, sheet: Sheet) -> HttpResponse:
    if not all([sheet.about.is_valid(), sheet.criteria.is_valid()]):
        return _show(request, sheet, status=422)
    try:
        number = sheet.once.claim() if sheet.participant is None else ""
        if number:
            return redirect("record", trial=request.trial.code, number=number)
    except Conflict as conflict:
        sheet.add_problem(conflict)
        return _show(request, sheet, status=409)
    try:
        check_seen(sheet.draft, sheet.revision)
        screening = sheet.save()
    except (Refused, NotFound):
        raise
    except Problem as problem:
        sheet.once.release()
        if problem.code.startswith("draft."):
            sheet.show_newest()
        sheet.add_problem(problem)
        return _show(request, sheet, status=409 if isinstance(problem, Conflict) else 422)
    sheet.once.keep(screening.participant.number)
    discard(trial=request.trial, token=sheet.once.token, by=request.actor)
    return _go_on(request, screening)


def _go_on(request: TrialRequest, screening: Screening) -> HttpResponse:
    """Identifiers are asked once somebody is eligible, and not before."""
    number = screening.participant.number
    if screening.outcome != Screening.Outcome.ELIGIBLE:
        messages.success(request, _("%(number)s is saved. No contact details are asked for.") % {"number": number})
        return redirect("record", trial=request.trial.code, number=number)
    messages.success(request, _("%(number)s is eligible by these answers.") % {"number": number})
    known = Contact.objects.filter(participant=screening.participant).exists()
    return redirect("record" if known else "coordinators:contact", trial=request.trial.code, number=number)


def _check(request: TrialRequest, sheet: Sheet) -> HttpResponse:
    """What the answers say so far; saves nothing."""
    sheet.criteria.is_valid()
    verdict = None
    try:
        day = clock.today(sheet.sites[next(iter(sheet.sites))].time_zone)
        verdict = preview(sheet.protocol, sheet.stage, sheet.criteria.answers(), sheet.group, day)
    except Invalid as problem:
        sheet.criteria.add_problem(problem)
    if request.htmx:
        return render(request, "coordinators/verdict.html", verdict_in_words(sheet.protocol, verdict))
    return _show(request, sheet, verdict)


def _show(
    request: TrialRequest,
    sheet: Sheet,
    verdict: Assessment | None = None,
    status: int = 200,
    typed: dict[str, list[str]] | None = None,
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    context: dict[str, Any] = {
        "sheet": sheet,
        "about": sheet.about,
        "criteria": sheet.criteria,
        "parts": sheet.criteria.parts(),
        "once": sheet.once.token,
        "form_errors": status >= 400,
        "problems": problems,
        "revision": sheet.revision,
        "waiting": drafting.waiting(request, sheet.participant, sheet.zone, sheet.once.token),
        **drafting.facts_about(request, sheet.draft, sheet.zone),
        **verdict_in_words(sheet.protocol, verdict),
    }
    if sheet.participant is not None:
        context |= about(request, sheet.participant)
    else:
        back = reverse("coordinators:participants", kwargs={"trial": request.trial.code})
        context |= {"crumbs": [*crumbs(request)] or [Crumb(_("Participants"), back)], "back": back}
    response = render(request, "coordinators/screening.html", context, status=status)
    return drafting.as_typed(request, response, typed) if typed else response


def verdict_in_words(protocol: Protocol, verdict: Assessment | None) -> dict[str, Any]:
    """An assessment for the page: the outcome, and the criteria that decide or are open, as worded."""
    if verdict is None:
        return {"verdict": None}
    return {
        "verdict": verdict,
        "excluding": criteria_in_words(protocol, verdict.reasons),
        "open_criteria": criteria_in_words(protocol, verdict.unanswered),
    }


def _group_tabs(request: TrialRequest, protocol: Protocol) -> list[Tab]:
    return [Tab(say(each.label), f"{request.path}?group={each.code}") for each in protocol.design.groups]


def _languages(protocol: Protocol, site: Site) -> tuple[str, ...]:
    planned = next((each for each in protocol.sites if each.code == site.code), None)
    # A site that an amendment dropped screens nobody any more.
    return (planned.languages or protocol.languages) if planned else ()
