"""Correcting a submitted form: staff their own entries with a reason, a participant's answers by request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.problems import Conflict, Problem
from instruments.answers import Missing
from outcomes.actions import corrections
from outcomes.codes import CorrectionReason
from outcomes.models import CorrectionRequest, Form, Response
from outcomes.queries import response_of
from trials.access import not_found, refused
from trials.models import Site
from web.components import SummaryRow
from web.forms import ChoiceField, ReasonField
from web.forms import Form as BaseForm
from web.instrument_forms.forms import QuestionForm, StaffForm, are_valid, reason_field, why_field
from web.instrument_forms.places import Place, Subject, say, show, subject_of
from web.instrument_forms.reading import may_correct
from web.instrument_forms.uploads import with_uploads
from web.instrument_forms.words import answer_in_words
from web.pages import TrialRequest


class CorrectionForm(BaseForm):
    """Why stored values change, and which revision of them the person looked at."""

    reason = ReasonField()
    revision = forms.IntegerField(widget=forms.HiddenInput())


class RequestForm(BaseForm):
    """Why the participant wants one answer changed: chosen, since what they say in their own words may tell the arm."""

    why = ChoiceField(
        label=gettext_lazy("Why does the participant want it changed?"),
        choices=CorrectionReason.choices,
        error_messages={"required": gettext_lazy("Choose why the answer is to be changed.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"] = reason_field(_("If there is no right answer, why?"))
        self.order_fields(["missing", "why"])


class RefusalForm(BaseForm):
    """Why an answer stays as it is."""

    reason = why_field(gettext_lazy("Why does the answer stay?"), gettext_lazy("Say why the answer stays as it is."))


def correction_page(request: TrialRequest, form: Form, place: Place) -> HttpResponse:
    """Correct a submitted form, or record that the participant asks for it."""
    subject = subject_of(form)
    response = response_of(form, {membership.role for membership in request.memberships})
    if not may_correct(request, subject):
        raise refused()
    if response is None:
        return redirect(place.form_url)
    if response.is_participants:
        return request_page(request, subject, place, response)
    if request.method == "POST":
        return receive_correction(request, subject, place, response)
    try:
        query = corrections.query_needed(form, request.actor)
    except Problem as problem:
        return show(request, "waiting", subject, place, sentence=problem.sentence, readable=True)
    filled = StaffForm(subject.definition, subject.texts, answers=response.answers, missing=response.missing)
    why = CorrectionForm(initial={"revision": response.revision})
    return show(request, "correct", subject, place, form=filled, why=why, query=query)


def receive_correction(request: TrialRequest, subject: Subject, place: Place, response: Response) -> HttpResponse:
    """Correct, or say what is wrong; what was typed stays on the page."""
    data, refused_files = with_uploads(request, subject)
    filled = StaffForm(subject.definition, subject.texts, data, missing=response.missing)
    filled.refused = refused_files
    why = CorrectionForm(request.POST)
    if not are_valid(filled, why):
        return show(request, "correct", subject, place, 422, form=filled, why=why)
    try:
        corrections.correct(
            response=response,
            answers=filled.answers,
            missing=filled.missing | cleared(subject, filled, response),
            confirmed=filled.confirmed,
            reason=why.cleaned_data["reason"],
            revision=why.cleaned_data["revision"],
            by=request.actor,
        )
    except Conflict as problem:
        return compare(request, subject, place, filled, problem)
    except Problem as problem:
        (why if problem.field == "reason" else filled).add_problem(problem)
        return show(request, "correct", subject, place, problem.status, form=filled, why=why)
    say(request, _("Corrected. The old values stay in the audit trail."))
    return redirect(place.form_url)


def cleared(subject: Subject, filled: StaffForm, response: Response) -> dict[str, str]:
    """Optional items whose stored value was taken away: they were not done."""
    optional = [item.code for item in subject.definition.items if item.optional]
    return {
        code: Missing.NOT_DONE.value for code in optional if code in response.answers and code not in filled.answers
    }


def compare(
    request: TrialRequest, subject: Subject, place: Place, filled: StaffForm, problem: Conflict
) -> HttpResponse:
    """Somebody else saved meanwhile: what they stored beside what was typed; saving again is then allowed."""
    newest = Response.objects.get(form=subject.form)
    data = request.POST.copy()
    data["revision"] = str(newest.revision)
    filled.add_problem(problem)
    rows = differences(subject, newest, filled)
    return show(
        request, "correct", subject, place, problem.status, form=filled, why=CorrectionForm(data), differences=rows
    )


def differences(subject: Subject, newest: Response, filled: StaffForm) -> Sequence[SummaryRow]:
    """The items stored otherwise than typed, as they are stored now."""
    return [
        SummaryRow(
            subject.texts.items[item.code].text,
            answer_in_words(
                item,
                subject.texts.items[item.code],
                newest.answers.get(item.code),
                newest.missing.get(item.code, ""),
            ),
        )
        for item in subject.definition.items
        if newest.answers.get(item.code) != filled.answers.get(item.code)
    ]


def request_page(request: TrialRequest, subject: Subject, place: Place, response: Response) -> HttpResponse:
    """Record that the participant wants one answer changed; another person accepts it."""
    code = request.GET.get("item", "")
    if code not in {*response.answers, *response.missing}:
        return redirect(place.form_url)
    item, words = subject.definition.item(code), subject.texts.items[code]
    data = request.POST if request.method == "POST" else None
    asked = QuestionForm(subject.definition, subject.texts, item, data)
    why = RequestForm(data)
    context: dict[str, Any] = {
        "form": asked,
        "why": why,
        "question": words.text,
        "stored": answer_in_words(item, words, response.answers.get(code), response.missing.get(code, "")),
    }
    if data is None:
        return show(request, "request", subject, place, **context)
    if not are_valid(asked, why):
        return show(request, "request", subject, place, 422, **context)
    try:
        corrections.request(
            response=response,
            item=code,
            value=asked.value,
            missing=why.cleaned_data["missing"],
            why=why.cleaned_data["why"],
            by=request.actor,
        )
    except Problem as problem:
        why.add_problem(problem)
        return show(request, "request", subject, place, problem.status, **context)
    say(request, _("Request recorded. Another person has to accept it."))
    return redirect(place.form_url)


def request_at(sites: Sequence[Site], key: UUID, audience: set[str]) -> CorrectionRequest:
    """A request at one of the sites that the audience may read; NotFound for any other."""
    rows = CorrectionRequest.objects.select_related("participant", "response__form__trial", "response__form__site")
    asked = rows.filter(pk=key, participant__site__in=[site.pk for site in sites]).first()
    if asked is None:
        raise not_found()
    response_of(asked.response.form, audience)
    return asked


def receive_decision(request: TrialRequest, asked: CorrectionRequest, place: Place) -> HttpResponse:
    """Accept or refuse a request; who recorded it cannot decide on it."""
    subject = subject_of(asked.response.form)
    if request.POST.get("step") == "accept":
        corrections.accept(request=asked, by=request.actor)
        say(request, _("Accepted: the answer is changed and the scores are computed anew."))
        return redirect(place.form_url)
    why = RefusalForm(request.POST if "reason" in request.POST else None)
    if not why.is_valid():
        status = 422 if why.is_bound else 200
        return show(request, "refuse", subject, place, status, form=why, asked=asked)
    corrections.refuse(request=asked, reason=why.cleaned_data["reason"], by=request.actor)
    say(request, _("Refused: the answer stays as it is."))
    return redirect(place.form_url)
