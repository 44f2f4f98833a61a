"""Files sent with a form: kept at once, so that no other mistake on the page loses them."""

from __future__ import annotations

from django.http import QueryDict

from core.problems import Problem
from instruments.uploads import LARGEST
from outcomes.actions.attachments import attach
from web.instrument_forms.fields import UPLOAD
from web.instrument_forms.places import Subject
from web.pages import TrialRequest


def with_uploads(request: TrialRequest, subject: Subject) -> tuple[QueryDict, list[Problem]]:
    """What was sent, each file in it kept and named by its key, and why the others were not taken."""
    data, refused = request.POST.copy(), []
    for item in subject.definition.items:
        sent = request.FILES.get(f"{item.code}{UPLOAD}")
        if item.kind != "file" or sent is None:
            continue
        try:
            kept = attach(form=subject.form, item=item.code, content=sent.read(LARGEST + 1), by=request.actor)
        except Problem as problem:
            if problem.field != item.code:
                raise
            refused.append(problem)
        else:
            data[item.code] = str(kept.pk)
    return data, refused
