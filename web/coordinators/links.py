"""Sending a participant the link to their questions now."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core import clock
from core.problems import Problem
from outcomes.models import Form as DueForm
from outcomes.models import Visit
from outcomes.queries import due_forms_of
from participants.models import Participant
from reminders.actions import by_hand
from reminders.models import Message
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.coordinators.saving import about, answer, person_of
from web.forms import ChoiceField, Form
from web.pages import TrialRequest, page
from web.shared.record_words import name_of_visit


class LinkForm(Form):
    """Which visit's questions."""

    visit = ChoiceField(label=gettext_lazy("Which questions"))

    def __init__(self, visits: list[Visit], protocol: Protocol, data: Any = None) -> None:
        super().__init__(data)
        self.fields["visit"].choices = [(str(v.pk), name_of_visit(protocol, v)) for v in visits]  # type: ignore[attr-defined]


@page(Permission.SEND_LINK, methods=("GET", "POST"))
def send(request: TrialRequest, number: str) -> HttpResponse:
    """Send by e-mail; neither the address nor the link is shown here."""
    participant = person_of(request, number)
    visits = open_visits(participant)
    form = LinkForm(visits, protocol_of(request.trial), request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        visit = next(each for each in visits if str(each.pk) == typed["visit"])
        message = by_hand.send_link(participant=participant, visit=visit, by=request.actor)
        if message.state != Message.State.SENT:
            raise Problem(
                "link.not_sent",
                gettext_lazy("The e-mail did not leave (%(reason)s). Check the address, or call the participant."),
                params={"reason": message.get_reason_display()},
                of_state=False,
            )
        messages.success(request, _("The link was sent by e-mail."))
        return reverse("record", kwargs={"trial": request.trial.code, "number": number})

    context = about(
        request,
        participant,
        title=_("Send the questionnaire link"),
        lead=_("By e-mail, to the address in the contact details, in the participant's language."),
        submit=_("Send now"),
        nothing=not visits,
    )
    return answer(request, form, context, save, template="coordinators/link.html")


def open_visits(participant: Participant) -> list[Visit]:
    """The visits with questions that the participant may still answer today, the one that closes first above."""
    today = clock.today(participant.site.time_zone)
    waiting = [DueForm.State.OPEN, DueForm.State.STARTED, DueForm.State.MISSED]
    forms = DueForm.objects.filter(
        participant=participant, filled_by="participant", state__in=waiting, opens_on__lte=today
    )
    recent = Visit.objects.filter(pk__in=forms.values("visit_id")).order_by("-closes_on", "pk")[:MOST_VISITS]
    return [visit for visit in sorted(recent, key=lambda each: each.closes_on) if due_forms_of(participant, visit)]


MOST_VISITS = 12
"""Of long series of missed visits only the newest can still be answered."""
