"""Correcting a submitted form. Old values stay in the trail; scores are computed anew.

Staff correct what staff entered. A participant's answers change only when the participant asks, and a second
person accepts.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, ActorKind, Grant
from audit.acts import act, check_seen
from core import clock
from core.problems import Conflict, Problem, Refused
from instruments import catalogue
from instruments.answers import MISSING_LABELS
from outcomes.actions import signing
from outcomes.actions.limits import settle_limits
from outcomes.actions.queries import matter_of
from outcomes.actions.responses import settle_task
from outcomes.audiences import grant_to_fill, may_read
from outcomes.codes import CorrectionReason
from outcomes.entries import Entry, checked, merged, stored, with_not_presented
from outcomes.models import CorrectionRequest, Form, Response
from outcomes.queries.attachments import check_held
from outcomes.queries.guesses import was_guessed
from outcomes.queries.queries import open_for_correction
from outcomes.queries.signing import SIGNED_BY
from participants.blindness import check_blind
from review.actions import queries
from review.models import Query
from review.policies import check_not_locked
from trials.access import authorize, refused


def correct(
    *,
    response: Response,
    answers: Mapping[str, Any],
    reason: str,
    by: Actor,
    missing: Mapping[str, str] | None = None,
    confirmed: Collection[str] = (),
    revision: int | None = None,
) -> Response:
    """Change items of a form that staff filled. Items not named stay as they were.

    By whoever may fill such forms, or holds CORRECT. A correction after the arm was guessed is flagged; it needs an
    open query by somebody else, which it answers. Raises Problem without a reason, without that query or for a
    participant's answers, Conflict if it was changed meanwhile or whoever corrects what an assessor measured may know
    the arm, Invalid for values that cannot be.
    """
    if by.kind is ActorKind.PARTICIPANT:
        raise refused()
    grant = grant_to_correct(response.form, by)
    if response.is_participants:
        raise Problem(
            "correction.participants",
            _("These are the participant's own answers. Record the participant's request for a correction instead."),
        )
    if response.form.filled_by == "assessor":
        check_blind(response.participant, by)
    _check_reason(reason)
    return _apply(response, Entry(answers, missing or {}, confirmed), grant, reason, revision)


def request(
    *, response: Response, item: str, why: str, by: Actor, value: Any = None, missing: str = ""
) -> CorrectionRequest:
    """Record that the participant wants one answer changed: asked by themself, or told to staff.

    ``why`` is a CorrectionReason. Raises Problem for a value the item cannot hold, Conflict while a request for the
    item is open.
    """
    grant = grant_to_fill(response.form, by)
    if not response.is_participants:
        raise Problem("correction.staff", _("Staff entered this form, and may correct it themselves with a reason."))
    if why not in CorrectionReason.values:
        raise Problem("correction.why", _("Choose why the answer is to be changed."), field="why")
    if item not in {*response.answers, *response.missing}:
        raise Problem("correction.item", _("This form holds no answer to that question."), field="item")
    _changed(response, _entry_of_request(item, value, missing))
    try:
        with act("correction.request", grant=grant, subject=response.participant) as a:
            check_not_locked(response.trial)
            if response.requests.filter(item=item, state=CorrectionRequest.State.OPEN).exists():
                raise _asked_already()
            return a.create(
                CorrectionRequest(
                    trial_id=response.trial_id,
                    participant=response.participant,
                    response=response,
                    secrecy=response.secrecy,
                    item=item,
                    old_value=response.answers.get(item),
                    old_missing=response.missing.get(item, ""),
                    new_value=value,
                    new_missing=missing,
                    why=why,
                    asked_by=by.id,
                    asked_at=clock.now(),
                )
            )
    except IntegrityError as error:
        raise _asked_already() from error


def _asked_already() -> Conflict:
    return Conflict("correction.open", _("A correction of this answer was asked for already."), field="item")


def accept(*, request: CorrectionRequest, by: Actor) -> Response:
    """Apply a request; by somebody holding CORRECT who did not record it. Conflict if the answer moved on.

    After the participant guessed the arm it needs an open query, as in ``correct``.
    """
    grant = _grant_to_decide(request, by)
    response = Response.objects.select_related("form").get(pk=request.response_id)
    if _moved(response, request):
        raise Conflict(
            "correction.moved", _("This answer was changed since the request. Refuse the request and ask again.")
        )
    entry = _entry_of_request(request.item, request.new_value, request.new_missing)
    why = request.get_why_display()
    with act("correction.accept", grant=grant, subject=request.participant, reason=why) as a:
        a.change(
            request,
            state=CorrectionRequest.State.ACCEPTED,
            decided_by=by.id,
            decided_at=clock.now(),
            decision_reason="",
        )
        return _apply(response, entry, grant, why, response.revision)


def _moved(response: Response, request: CorrectionRequest) -> bool:
    if response.answers.get(request.item) != request.old_value:
        return True
    # Requests from before the reason was kept hold none, and are judged by the answer alone.
    return bool(request.old_missing) and response.missing.get(request.item) != request.old_missing


def refuse(*, request: CorrectionRequest, reason: str, by: Actor) -> CorrectionRequest:
    """Leave the answer as it is, with the reason."""
    grant = _grant_to_decide(request, by)
    _check_reason(reason)
    with act("correction.refuse", grant=grant, subject=request.participant, reason=reason) as a:
        return a.change(
            request,
            state=CorrectionRequest.State.REFUSED,
            decided_by=by.id,
            decided_at=clock.now(),
            decision_reason=reason.strip(),
        )


def _apply(response: Response, new: Entry, grant: Grant, reason: str, revision: int | None) -> Response:
    with act("response.correct", grant=grant, subject=response.participant, reason=reason) as a:
        response = Response.objects.select_for_update(of=("self",)).select_related("form").get(pk=response.pk)
        check_not_locked(response.trial)
        check_seen(response, revision)
        entry = _changed(response, new)
        check_held(response.form, catalogue.load(response.instrument), entry.answers)
        fields = stored(catalogue.load(response.instrument), entry)
        held = {name: getattr(response, name) for name in fields}
        if held == fields:
            sentence = _("Nothing was changed: the answers are the ones stored.")
            raise Problem("correction.nothing", sentence, of_state=False)
        query = query_needed(response.form, grant.actor)
        after = query is not None
        a.note(visit=response.form.visit.label(), instrument=response.instrument, after_guess=after)
        flagged = response.corrected_after_guess or after
        count = response.corrections + 1
        a.change(response, **fields, corrections=count, corrected_at=clock.now(), corrected_after_guess=flagged)
        if response.form.filled_by == SIGNED_BY:
            signing.settle(visit=response.form.visit, person=response.submitted_by, act=a)
        settle_task(response, grant)
        settle_limits(response, grant)
        if query is not None:
            a.note(query=query.kind)
            matter = matter_of(response.form)
            queries.answer(query=query, matter=matter, text=a.reason, grant=grant, corrected=True)
    return response


def query_needed(form: Form, by: Actor) -> Query | None:
    """The open query by which somebody may correct a form after the arm was guessed; None before, Problem without."""
    if not was_guessed(form):
        return None
    query = open_for_correction(form, by.id)
    if query is None:
        raise Problem(
            "correction.query",
            _(
                "The group was guessed after this outcome was given. A correction now needs an open query of somebody "
                "else: ask the coordinator, the monitor or the data manager to raise one about this form."
            ),
        )
    return query


def _changed(response: Response, new: Entry) -> Entry:
    definition = catalogue.load(response.instrument)
    entry = merged(definition, Entry(response.answers, response.missing, response.confirmed), new)
    # A participant asks for one item; what it would have led to was never asked.
    return checked(definition, with_not_presented(definition, entry) if response.is_participants else entry)


def _entry_of_request(item: str, value: Any, missing: str) -> Entry:
    if (value is None) == (missing == ""):
        raise Problem("correction.value", _("Give either the right answer or a reason for none."), field="value")
    if missing and missing not in MISSING_LABELS:
        raise Problem("correction.missing", _("Choose one of the reasons for no answer."), field="missing")
    # The participant stands by the value: asking again whether it is unlikely would ask nobody.
    return Entry({item: value}, {}, [item]) if value is not None else Entry({}, {item: missing})


def grant_to_correct(form: Form, by: Actor) -> Grant:
    try:
        return grant_to_fill(form, by)
    except Refused:
        grant = authorize(by, Permission.CORRECT, trial=form.trial, site=form.site)
        if not may_read(form, {grant.role}):
            raise
        return grant


def _grant_to_decide(request: CorrectionRequest, by: Actor) -> Grant:
    form = request.response.form
    grant = authorize(by, Permission.CORRECT, trial=form.trial, site=form.site)
    if not may_read(form, {grant.role}):
        raise refused()
    check_not_locked(form.trial)
    if by.id == request.asked_by:
        raise Problem("correction.second_person", _("You recorded this request. Another person has to decide on it."))
    if request.state != CorrectionRequest.State.OPEN:
        raise Conflict("correction.decided", _("This request was decided already."))
    return grant


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Problem("correction.reason", _("Say why the stored answer is wrong."), field="reason")
