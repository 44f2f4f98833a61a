"""Marking a task done."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.roles import Role
from participants.actions import tasks
from participants.models import Task
from trials.access import not_found
from web.coordinators.going_back import back_to
from web.pages import TrialRequest, page


@page(Permission.LOG_CONTACT, methods=("POST",))
def done(request: TrialRequest, task: UUID) -> HttpResponse:
    """The task is done; back to where it was marked."""
    rows = Task.objects.select_related("participant__trial", "participant__site")
    held = rows.filter(pk=task, role=Role.COORDINATOR, participant__site__in=request.sites).first()
    if held is None:
        raise not_found()
    tasks.close(task=held, by=request.actor)
    messages.success(request, _("Done. The task is off the list."))
    return redirect(back_to(request, "record", number=held.participant.number))
