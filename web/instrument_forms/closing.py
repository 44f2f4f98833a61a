"""Marking a form as not done, with a coded reason."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.problems import Problem
from outcomes.actions.forms import mark_not_done, not_done_reasons
from outcomes.audiences import grant_to_fill
from outcomes.models import Form
from web.forms import ChoiceField
from web.forms import Form as BaseForm
from web.instrument_forms.places import Place, say, show, subject_of, what_is_next
from web.pages import TrialRequest


class NotDoneForm(BaseForm):
    """Why a form is closed unanswered."""

    reason = forms.CharField(
        label=gettext_lazy("In a few words"),
        help_text=gettext_lazy("Needed for another reason than those of the list."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, form: Form, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reasons = not_done_reasons(form, get_language() or "en")
        self.fields["reason_code"] = ChoiceField(label=_("Why was it not done?"), choices=reasons)
        self.order_fields(["reason_code", "reason"])


def not_done_page(request: TrialRequest, form: Form, place: Place) -> HttpResponse:
    """Close a form unanswered. It can still be submitted later, if it is done after all."""
    subject = subject_of(form)
    grant_to_fill(form, request.actor)
    if form.state == Form.State.COMPLETE:
        return redirect(place.form_url)
    if request.method != "POST":
        return show(request, "not_done", subject, place, form=NotDoneForm(form, initial={"revision": form.revision}))
    why = NotDoneForm(form, request.POST)
    if not why.is_valid():
        return show(request, "not_done", subject, place, 422, form=why)
    try:
        mark_not_done(form=form, by=request.actor, **why.cleaned_data)
    except Problem as problem:
        why.add_problem(problem)
        return show(request, "not_done", subject, place, problem.status, form=why)
    say(request, _("Marked as not done."))
    return redirect(what_is_next(request, form) or place.form_url)
