"""The page on which staff fill a form: one page in order, autosaved as a draft, submitted as a separate act.

``staff_form_page(request, form, place)`` is the whole of it, for every audience: the caller has fetched the form
for somebody who may know of it; who may fill it is checked here by the verbs.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actors import Actor
from audit.refusals import met
from core import clock
from core.dates import date_format
from core.problems import Problem, Refused
from instruments.answers import unlikely
from outcomes.actions import calls, drafts, responses
from outcomes.audiences import grant_to_fill
from outcomes.codes import ON_BEHALF
from outcomes.entries import Entry
from outcomes.models import Form
from outcomes.policies import check_fillable
from outcomes.queries import draft_of
from web.forms import ChoiceField
from web.forms import Form as BaseForm
from web.instrument_forms.forms import REASON, QuestionForm, StaffForm, are_valid, reason_name, why_field
from web.instrument_forms.places import Place, Subject, refusal, say, show, subject_of, wants_json, what_is_next
from web.instrument_forms.reading import read_page
from web.instrument_forms.uploads import with_uploads
from web.keeping.showing import kept_in
from web.pages import TrialRequest


class OnBehalfForm(BaseForm):
    """How the participant gave the answers, and why staff enter them; of the primary outcome of somebody about to
    be lost, whether nothing else is asked any more."""

    mode = ChoiceField(
        label=gettext_lazy("How did the participant give these answers?"),
        choices=[(each.value, each.label) for each in ON_BEHALF],
        inline=True,
    )
    reason = why_field(
        gettext_lazy("Why do you enter this for the participant?"),
        gettext_lazy("Say why you enter this, not the participant."),
        gettext_lazy("For example: no internet at home; called on 3 March."),
    )
    only_primary = forms.BooleanField(
        label=gettext_lazy("Only this was asked: close the other questionnaires of this visit"), required=False
    )

    def __init__(self, form: Form, data: Any = None) -> None:
        super().__init__(data)
        if not calls.is_offered(form):
            del self.fields["only_primary"]


def staff_form_page(request: TrialRequest, form: Form, place: Place) -> HttpResponse:
    """One form for the staff: to fill, or to read once it is submitted or for those who only read.

    GET and POST. POST takes `step`: submit, save (the draft) or reasons (ask for a reason item by item); the
    script posts single items with `Accept: application/json`.
    """
    subject = subject_of(form)
    if form.state == Form.State.COMPLETE:
        return completed(request, subject, place)
    try:
        grant_to_fill(form, request.actor)
        check_fillable(form, request.actor)
    except Problem as problem:
        if request.method == "POST" or wants_json(request):
            raise
        sentence = "" if isinstance(problem, Refused) else problem.sentence
        return show(request, "waiting", subject, place, sentence=sentence)
    if request.method == "POST":
        return save_one(request, subject) if wants_json(request) else receive(request, subject, place)
    reasons_typed = any(name.endswith(REASON) and any(values) for name, values in kept_in(request).items())
    return editor(request, subject, place, empty_form(subject, request.actor, ask_reasons=reasons_typed))


def completed(request: TrialRequest, subject: Subject, place: Place) -> HttpResponse:
    """A submitted form is read; who submits it again is told so, with what they typed to compare."""
    if request.method != "POST":
        return read_page(request, subject, place)
    sentence = _("This form was submitted meanwhile. Your entries are shown below; nothing of them was saved.")
    if wants_json(request):
        return refusal(sentence, 409)
    filled = filled_form(subject, request, keep=False)
    filled.is_valid()
    filled.add_error(None, sentence)
    return editor(request, subject, place, filled, status=409)


def editor(
    request: TrialRequest,
    subject: Subject,
    place: Place,
    form: StaffForm,
    on_behalf: OnBehalfForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form to fill."""
    if on_behalf is None and subject.is_participants:
        on_behalf = OnBehalfForm(subject.form)
    saved_at = draft_of(subject.form, request.actor).saved_at
    saved = saved_in_words(subject.form, saved_at) if saved_at else ""
    return show(request, "fill", subject, place, status, form=form, on_behalf=on_behalf, saved=saved)


def empty_form(subject: Subject, by: Actor, ask_reasons: bool = False) -> StaffForm:
    """The form with its draft, if there is one."""
    typed = draft_of(subject.form, by).entry
    return StaffForm(
        subject.definition, subject.texts, answers=typed.answers, missing=typed.missing, ask_reasons=ask_reasons
    )


def filled_form(subject: Subject, request: TrialRequest, whole: bool = True, keep: bool = True) -> StaffForm:
    """The form as it was sent; with ``keep`` its files are kept."""
    typed = draft_of(subject.form, request.actor).entry
    data, refused = with_uploads(request, subject) if keep else (request.POST, [])
    filled = StaffForm(
        subject.definition,
        subject.texts,
        data,
        missing=typed.missing,
        whole=whole,
        ask_reasons=request.POST.get("step") == "reasons",
    )
    filled.refused = refused
    return filled


def receive(request: TrialRequest, subject: Subject, place: Place) -> HttpResponse:
    """The page was sent: as a draft, or to be submitted."""
    if request.POST.get("step") in ("save", "reasons"):
        return receive_draft(request, subject, place)
    filled = filled_form(subject, request)
    on_behalf = OnBehalfForm(subject.form, request.POST) if subject.is_participants else None
    if not are_valid(filled, on_behalf):
        return editor(request, subject, place, filled, on_behalf, status=422)
    return submit(request, subject, place, filled, on_behalf)


def submit(
    request: TrialRequest, subject: Subject, place: Place, filled: StaffForm, on_behalf: OnBehalfForm | None
) -> HttpResponse:
    """Submit what was read; a refusal of the verb keeps everything on the page."""
    told = on_behalf.cleaned_data.copy() if on_behalf else {}
    enter = calls.ask_primary_only if told.pop("only_primary", False) else responses.submit
    try:
        enter(
            form=subject.form,
            by=request.actor,
            answers=filled.answers,
            missing=filled.missing,
            confirmed=filled.confirmed,
            language=subject.texts.language,
            **told,
        )
    except Problem as problem:
        (on_behalf if on_behalf and problem.field in on_behalf.fields else filled).add_problem(problem)
        return editor(request, subject, place, filled, on_behalf, status=problem.status)
    say(request, _("Submitted."))
    return redirect(what_is_next(request, subject.form) or place.form_url)


def receive_draft(request: TrialRequest, subject: Subject, place: Place) -> HttpResponse:
    """Save what can be saved; what cannot stays on the page with its sentence."""
    filled = filled_form(subject, request, whole=False)
    valid = filled.is_valid()
    save_all(subject, filled, request.actor)
    if request.POST.get("step") == "reasons" and valid:
        return editor(request, subject, place, empty_form(subject, request.actor, ask_reasons=True))
    if not valid:
        return editor(request, subject, place, filled, status=422)
    say(request, _("Draft saved. It is not submitted yet."))
    return redirect(place.form_url)


def save_all(subject: Subject, filled: StaffForm, by: Actor) -> None:
    """Save the items that differ from the draft, in order, so that what shows an item is saved before it."""
    held: Entry = draft_of(subject.form, by).entry
    for item in subject.definition.items:
        code = item.code
        if filled.has_error(code) and code not in filled.unlikely:
            continue
        value, why = filled.answers.get(code), filled.missing.get(code, "")
        if (value, why) == (held.answers.get(code), held.missing.get(code, "")) and code not in filled.confirmed:
            continue
        drafts.save_item(
            form=subject.form, item=code, value=value, missing=why, confirmed=code in filled.confirmed, by=by
        )


def save_one(request: TrialRequest, subject: Subject) -> JsonResponse:
    """One item, as the script sends it when it was changed."""
    code = request.POST.get("item", "")
    if code not in subject.definition.item_codes():
        return refusal(_("This form has no such question. Reload the page."), 422)
    asked = QuestionForm(subject.definition, subject.texts, subject.definition.item(code), request.POST)
    if not asked.is_valid() and code not in asked.unlikely:
        return refusal(str(asked.errors[code][0]), 422)
    try:
        drafts.save_item(
            form=subject.form,
            item=code,
            value=asked.value,
            missing="" if asked.value is not None else request.POST.get(reason_name(code), ""),
            confirmed=code in asked.confirmed,
            by=request.actor,
        )
    except Problem as problem:
        met(problem)
        return refusal(problem.sentence, problem.status)
    return JsonResponse({"saved": saved_in_words(subject.form), "unusual": question_about(subject, code, asked)})


def question_about(subject: Subject, code: str, asked: QuestionForm) -> str:
    """The question the page will ask about an unlikely value when it is submitted; empty for any other."""
    warning = unlikely(subject.definition.item(code), asked.value) if asked.value is not None else None
    return warning.sentence if warning else ""


def saved_in_words(form: Form, at: Any = None) -> str:
    """When the draft was saved, by the clock of the site."""
    moment = localtime(at or clock.now(), ZoneInfo(form.site.time_zone))
    return _("Draft saved %(time)s") % {"time": date_format(moment, "H:i")}
