"""Locking the trial, and lifting the lock."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from core.dates import date_format
from core.problems import Problem
from randomization import door
from review.actions.locks import lock_trial
from review.models import Lock
from review.policies import is_locked
from review.queries import locks_of
from trials.models import Trial
from web.components import TimelineEvent
from web.forms import ReasonField
from web.pages import TrialRequest, page
from web.signed_form import SignedForm


class LockForm(SignedForm):
    """Why, and the password."""

    reason = ReasonField(label=gettext_lazy("Why?"), help_text=gettext_lazy("It is kept in the audit trail."))


@page(Permission.LOCK_TRIAL, methods=("GET", "POST"))
def lock(request: TrialRequest) -> HttpResponse:
    """Lock the trial or, when it is locked, lift the lock."""
    if request.method != "POST":
        return show(request, LockForm(request))
    form = LockForm(request, request.POST)
    if not form.is_valid():
        return show(request, form, 422)
    lifting = request.POST.get("do") == "unlock"
    verb = door.lift_lock if lifting else lock_trial
    try:
        verb(trial=request.trial, reason=form.cleaned_data["reason"], by=request.actor)
    except Problem as problem:
        form.add_problem(problem)
        return show(request, form, problem.status)
    done = _("The lock is lifted. The trial goes on.") if lifting else _("The trial is locked.")
    messages.success(request, done)
    return redirect("monitors:lock", trial=request.trial.code)


def show(request: TrialRequest, form: LockForm, status: int = 200) -> HttpResponse:
    """The state, the form, and every lock there ever was."""
    locked = is_locked(request.trial)
    context = {
        "form": form,
        "locked": locked,
        "stays": locked and door.stays_locked(request.trial),
        "events": history(request.trial),
    }
    return render(request, "monitors/lock.html", context, status=status)


def history(trial: Trial) -> list[TimelineEvent]:
    """Locks and their lifting, oldest first."""
    held = locks_of(trial)[::-1]
    keys = [key for each in held for key in (each.locked_by, each.lifted_by) if key]
    names = {str(user.pk): user.name for user in User.objects.filter(pk__in=keys)}
    return [event for each in held for event in _events(each, names)]


def _events(held: Lock, names: dict[str, str]) -> list[TimelineEvent]:
    events = [TimelineEvent(_("Locked"), _detail(names.get(held.locked_by, ""), held.locked_at))]
    if held.lifted_at is not None:
        events.append(TimelineEvent(_("Lock lifted"), _detail(names.get(held.lifted_by, ""), held.lifted_at)))
    return events


def _detail(name: str, moment: Any) -> str:
    return _("%(name)s, %(when)s UTC") % {"name": name, "when": date_format(moment, "j F Y, H:i")}
