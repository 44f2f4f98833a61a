"""Whether a participant wants messages: no more, as they told somebody, and again, as they said later."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from reminders.actions import opting_out
from web.coordinators.saving import about, answer, person_of
from web.forms import Form, ReasonField
from web.pages import TrialRequest, page
from web.shared.record_words import logged_moment


class AgainForm(Form):
    """How the participant said that messages are wanted again."""

    reason = ReasonField(
        label=gettext_lazy("When and how did the participant say so?"),
        help_text=gettext_lazy("It is kept in the audit trail."),
    )


@page(Permission.LOG_CONTACT, methods=("GET", "POST"))
def wishes(request: TrialRequest, number: str) -> HttpResponse:
    """One question at a time: stop the messages, or have them sent again."""
    participant = person_of(request, number)
    held = opting_out.current(participant)
    data = request.POST if request.method == "POST" else None
    form = Form(data) if held is None else AgainForm(data)

    def save(typed: dict[str, Any]) -> str:
        if held is None:
            opting_out.by_staff(participant=participant, by=request.actor)
        else:
            opting_out.lift(participant=participant, by=request.actor, reason=typed["reason"])
        return str(context["back"])

    if held is None:
        words = {
            "title": _("No more messages"),
            "lead": _("The participant told you so. They stay in the trial, and may be called."),
            "submit": _("Stop the messages"),
        }
    else:
        since = logged_moment(held.at, participant.site.time_zone)
        words = {
            "title": _("Send messages again"),
            "lead": _("No messages since %(moment)s, as the participant asked.") % {"moment": since},
            "submit": _("Send messages again"),
        }
    context = about(request, participant, **words)
    said = _("No more messages are sent.") if held is None else _("Messages are sent again.")
    return answer(request, form, context, save, said=said)
