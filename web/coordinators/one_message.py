"""One message: what became of it, and what a person can do where it did not arrive."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from reminders.actions import mending
from reminders.models import Message
from trials.access import not_found
from trials.queries import protocol_of
from web.components import SummaryRow
from web.coordinators.saving import about, answer
from web.forms import Form, ReasonField
from web.pages import TrialRequest, page
from web.shared.record_panels import about_message, channel_name, state_in_words
from web.shared.record_rights import rights_at
from web.shared.record_words import link, logged_moment

AGAIN, BACK = "again", "back"


class AgainForm(Form):
    """Why it can arrive this time."""

    reason = ReasonField(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy("For example: the address was corrected. It is kept in the audit trail."),
    )
    step = forms.CharField(widget=forms.HiddenInput, initial=AGAIN)


class BackForm(Form):
    """Nothing is to be said: the button says it."""

    step = forms.CharField(widget=forms.HiddenInput, initial=BACK)


@page(Permission.VIEW_MESSAGES, methods=("GET", "POST"), to_post=(Permission.SEND_LINK,))
def one_message(request: TrialRequest, message: UUID) -> HttpResponse:
    """Never an address or a text; the same for everybody who reads the list."""
    held = _find(request, message)
    form = _form(held, request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        if isinstance(form, AgainForm):
            mending.send_again(message=held, by=request.actor, reason=typed["reason"])
        else:
            mending.came_back(message=held, by=request.actor)
        return request.path

    context = about(
        request,
        held.participant,
        title=about_message(held, protocol_of(request.trial)),
        lead=_("Addresses and texts are not kept here."),
        facts=_facts(held),
        can_act=_can_act(held) and Permission.SEND_LINK in rights_at(request, held.participant),
        submit=_("Send again") if isinstance(form, AgainForm) else _("It came back"),
        explanation=_explanation(held),
        back=link("coordinators:messages", trial=request.trial.code),
        keep=_("Back to the messages"),
    )
    said = _("It is sent again within minutes.") if isinstance(form, AgainForm) else _("Noted.")
    return answer(request, form, context, save, said=said, template="coordinators/one_message.html")


def _find(request: TrialRequest, key: UUID) -> Message:
    rows = Message.objects.select_related("participant__site", "participant__trial", "trial", "site")
    rows = rows.select_related("visit", "appointment", "consent", "link")
    held = rows.filter(pk=key, site__in=[site.pk for site in request.sites]).first()
    if held is None:
        raise not_found()
    return held


def _form(message: Message, data: Any) -> AgainForm | BackForm:
    """Of a message that perhaps arrived, both can be said: what was sent along tells which."""
    says_back = data is not None and data.get("step") == BACK
    if mending.may_send_again(message) and not says_back:
        return AgainForm(data)
    return BackForm(data)


def _can_act(message: Message) -> bool:
    return mending.may_send_again(message) or message.state in mending.MAY_COME_BACK


def _facts(message: Message) -> list[SummaryRow]:
    zone = message.site.time_zone
    rows = [
        SummaryRow(_("State"), state_in_words(message)),
        SummaryRow(_("Channel"), channel_name(message.channel)),
        SummaryRow(_("Planned for"), logged_moment(message.planned_for, zone)),
    ]
    if message.claimed_at is not None:
        rows.append(SummaryRow(_("Last try"), logged_moment(message.claimed_at, zone)))
    rows.append(SummaryRow(_("Tries"), message.tries))
    if message.state == Message.State.PLANNED and message.tries:
        rows.append(SummaryRow(_("Next try"), logged_moment(message.next_try_at, zone)))
    return rows


def _explanation(message: Message) -> str:
    if message.state == Message.State.UNCERTAIN:
        return _("It may have arrived. Ask the participant first: sent again, it may arrive twice.")
    if mending.may_send_again(message):
        return _("Correct what was wrong first. Whether it should still go is asked again when it is sent.")
    return _("If the study's mailbox got a notice that this message could not be delivered, say so here.")
