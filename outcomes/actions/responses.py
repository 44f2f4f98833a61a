"""Submitting a form: the one way by which answers become data."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, Grant
from audit.acts import Act, act, check_seen
from core.problems import Conflict
from instruments import catalogue
from outcomes.actions import signing
from outcomes.actions.drafts import entry_of, locked
from outcomes.actions.limits import settle_limits
from outcomes.audiences import check_on_behalf, grant_to_fill, mode_of, originator_of
from outcomes.codes import TASK_INCOMPLETE, NotNeeded
from outcomes.entries import Entry, checked, stored
from outcomes.models import PENDING, Draft, Form, Response
from outcomes.policies import check_fillable, today_at
from outcomes.queries.attachments import check_held
from outcomes.queries.signing import SIGNED_BY
from outcomes.schedule import must_be_whole
from participants.actions import tasks
from participants.models import Task
from trials.queries import protocol_of
from trials.wordings import pack_shown


def submit(
    *,
    form: Form,
    by: Actor,
    answers: Mapping[str, Any] | None = None,
    missing: Mapping[str, str] | None = None,
    confirmed: Collection[str] = (),
    reason: str = "",
    mode: str = "",
    language: str = "",
    revision: int | None = None,
) -> Response:
    """Submit a form; without ``answers`` and ``missing``, what was saved as its draft.

    ``missing`` gives a coded reason for every item without an answer, ``confirmed`` the items whose unlikely
    value stands; ``reason`` and ``mode`` are needed from staff who enter for a participant. Outside its window the
    response is flagged late. It names the content pack whose words the form is shown in. Scores are computed here,
    and an incomplete form that feeds a stratum or is the primary outcome raises a task for the coordinator the same
    day, as does a score that reaches a limit of the protocol.

    Raises Invalid with a Problem for each item (``answers.unlikely`` asks to confirm), Conflict for a second
    submit, for a form that is not needed, for a locked trial or a withdrawn participant, Problem before the
    window opens, Refused or NotFound for the wrong person.
    """
    grant = grant_to_fill(form, by)
    check_on_behalf(form, by, reason, mode)
    try:
        with act("response.submit", grant=grant, subject=form.participant, reason=reason) as a:
            form = locked(form)
            check_fillable(form, by)
            check_seen(form, revision)
            entry = _entry(form, answers, missing, confirmed)
            check_held(form, catalogue.load(form.instrument), entry.answers)
            response = _response(form, entry, by, language or form.participant.language, a)
            response.mode = mode_of(form, by, mode)
            a.create(response)
            a.note(visit=form.visit.label(), instrument=form.instrument)
            _finish(a, form, response)
            settle_task(response, grant)
            settle_limits(response, grant)
    except IntegrityError as error:
        raise Conflict(
            "form.submitted", _("This form was submitted a moment ago by somebody else. Reload the page to see it.")
        ) from error
    return response


def settle_task(response: Response, grant: Grant) -> None:
    """A task for the coordinator, due today, while a form that must be whole is not; done once it is."""
    form = response.form
    if not must_be_whole(protocol_of(form.trial), form.instrument):
        return
    about = f"{form.visit.label()} {form.instrument}"
    if not response.is_whole:
        due_on = today_at(form)
        tasks.raise_task(participant=form.participant, kind=TASK_INCOMPLETE, due_on=due_on, about=about, grant=grant)
        return
    for task in Task.objects.filter(participant=form.participant, kind=TASK_INCOMPLETE, about=about, done_at=None):
        tasks.finish(task=task, grant=grant)


def _entry(
    form: Form, answers: Mapping[str, Any] | None, missing: Mapping[str, str] | None, confirmed: Collection[str]
) -> Entry:
    definition = catalogue.load(form.instrument)
    if answers is not None or missing is not None:
        return checked(definition, Entry(answers or {}, missing or {}, confirmed))
    typed = entry_of(form, list(form.drafts.all()))
    return checked(definition, Entry(typed.answers, typed.missing, [*typed.confirmed, *confirmed]))


def _response(form: Form, entry: Entry, by: Actor, language: str, a: Act) -> Response:
    definition, now = catalogue.load(form.instrument), a.at
    pack = pack_shown(form.trial, definition, language, form.started_at)
    return Response(
        trial_id=form.trial_id,
        participant=form.participant,
        form=form,
        instrument=form.instrument,
        language=pack.language if pack else language,
        pack_version=pack.version if pack else "",
        secrecy=form.secrecy,
        originator=originator_of(form, by),
        submitted_by=by.id,
        on_behalf_reason=a.reason.strip() if form.filled_by == "participant" else "",
        started_at=form.started_at or now,
        submitted_at=now,
        late=today_at(form) > form.closes_on,
        **stored(definition, entry),
    )


def _finish(a: Act, form: Form, response: Response) -> None:
    Draft.objects.filter(form=form).delete()
    a.change(
        form,
        state=Form.State.COMPLETE,
        started_at=response.started_at,
        completed_at=response.submitted_at,
        not_done_code="",
    )
    if form.filled_by == SIGNED_BY:
        signing.settle(visit=form.visit, person=response.submitted_by, act=a)
    if form.one_of:
        others = Form.objects.filter(participant_id=form.participant_id, one_of=form.one_of, state__in=PENDING)
        for other in others.exclude(pk=form.pk):
            a.change(other, state=Form.State.CANCELLED, not_done_code=NotNeeded.ALTERNATIVE)
