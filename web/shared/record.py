"""The record of one participant, for all who may see participants; each sees only what their role admits."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from participants.models import Participant
from participants.queries import open_tasks, participant_by_number, withdrawn_from
from reminders.actions import opting_out
from web.components import Crumb
from web.pages import TrialRequest, page
from web.shared.record_matrix import VisitPanel
from web.shared.record_panels import (
    appointment_rows,
    consent_rows,
    message_table,
    request_rows,
    task_rows,
    unclosed_queries,
)
from web.shared.record_rights import Rights, rights_at
from web.shared.record_states import shape_of
from web.shared.record_steps import Steps
from web.shared.record_story import story
from web.shared.record_words import day_in_words, language_name, link
from web.shared.unblinding_words import unblinding_rows


@page(Permission.VIEW_PARTICIPANTS)
def record(request: TrialRequest, number: str) -> HttpResponse:
    """Everything about one participant that the reader may know."""
    participant = participant_by_number(request.trial, number, request.sites)
    rights = rights_at(request, participant)
    panel = VisitPanel(participant, rights, clock.today(participant.site.time_zone))
    steps = Steps(participant, rights)
    context: dict[str, Any] = {
        "participant": participant,
        "crumbs": crumbs(request),
        "lead": _lead(participant),
        "shape": shape_of(participant.state),
        "visits": panel.read(),
        "events": story(participant, rights, panel),
        "steps": steps,
        "newer_consent": steps.newer_consent() if Permission.CONSENT in rights else "",
        "copy_url": _copy_url(participant, steps) if Permission.CONSENT in rights else "",
        "consent": consent_rows(participant, steps.consent, steps.protocol),
        "appointments": appointment_rows(participant, Permission.BOOK in rights),
        "silent": withdrawn_from(participant, "contact"),
    }
    return render(request, "shared/record.html", context | _for_some(participant, rights, steps, panel))


def _for_some(participant: Participant, rights: Rights, steps: Steps, panel: VisitPanel) -> dict[str, Any]:
    """Parts that only some roles have; for all others they are not there."""
    found: dict[str, Any] = {}
    if Permission.BOOK in rights or Permission.VIEW_PROGRESS in rights:
        found["unblindings"] = unblinding_rows(participant)
    if Permission.VIEW_MESSAGES in rights:
        found["messages_sent"] = message_table(participant)
        found["opted_out"] = opting_out.current(participant)
    if Permission.LOG_CONTACT in rights:
        mine = open_tasks([participant.site]).filter(participant=participant).select_related("participant__trial")
        found["tasks"] = task_rows(list(mine), steps.protocol)
    if Permission.VIEW_QUERIES in rights:
        found["queries"] = unclosed_queries(participant, rights, panel)
    if Permission.CORRECT in rights:
        found["requests"] = request_rows(participant, rights, steps.protocol)
    return found


def _copy_url(participant: Participant, steps: Steps) -> str:
    """Where the copy of the consent in force is."""
    names = {"trial": participant.trial.code, "number": participant.number}
    return link("coordinators:consent_copy", **names, consent=steps.consent.pk) if steps.consent else ""


def crumbs(request: TrialRequest) -> list[Crumb]:
    """The list above a record, for those who have one."""
    names = ("coordinators:participants", "monitors:participants")
    lists = [link(name, trial=request.trial.code) for name in names]
    offered = {item.url for item in getattr(request, "nav", [])}
    return [Crumb(_("Participants"), url) for url in lists if url and url in offered][:1]


def _lead(participant: Participant) -> str:
    facts = {
        "site": participant.site.name,
        "language": language_name(participant.language),
        "day": day_in_words(participant.screened_on),
    }
    return _("%(site)s, speaks %(language)s, screened %(day)s") % facts
