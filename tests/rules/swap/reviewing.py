"""What is asked about forms, and what was changed after it was signed."""

from demo.company import Company
from outcomes.actions import corrections, queries
from outcomes.models import Form, Response, Visit

ASKED = (("assessor", "other", "amelie"), ("assessor", "source", ""), ("participant", "other", ""))
"""Who filled the form, what is asked, and who has answered. Not who also closes: their page would be of one person."""


def ask_about_forms(company: Company) -> None:
    """The monitor asks about what was measured, once answered and once not, and about what a participant answered."""
    for filler, kind, answerer in ASKED:
        held = Form.objects.select_related("participant", "visit", "site", "trial").filter(
            trial=company.trial, filled_by=filler, state=Form.State.COMPLETE
        )
        form = held.order_by("participant__number", "visit__order", "order", "pk").first()
        if form is None:
            continue
        query = queries.raise_about(form=form, kind=kind, text="As in the source?", by=company.by("tomas"))
        if answerer:
            queries.answer(query=query, text="Yes, as in the source.", by=company.by(answerer))


def change_what_was_signed(company: Company) -> None:
    """Of somebody who has come to the end a value of the first visit is mended: its assessor has to sign again."""
    measured = Visit.objects.filter(trial=company.trial, code="week16", forms__response__originator="assessor")
    held = Response.objects.filter(
        participant__in=measured.values("participant"), form__visit__code="baseline", instrument="hip_rom"
    )
    response = held.select_related("form").order_by("participant__number").first()
    if response is not None:
        change = {"flexion_left_1": (response.answers["flexion_left_1"] or 0) + 1}
        corrections.correct(
            response=response, answers=change, reason="Copied wrong.", confirmed=list(change), by=company.by("elise")
        )
