"""A visit that did not take place: all that is left of it is closed with one reason."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core import clock
from outcomes.actions.forms import VISIT_MISSED, mark_visit_missed, open_forms_of
from outcomes.models import Visit
from participants.models import Participant
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.coordinators.saving import about, answer, person_of
from web.forms import ChoiceField, Form
from web.pages import TrialRequest, page
from web.shared.record_words import name_of_visit

MOST_VISITS = 12
"""Of long series the newest."""


class MissedForm(Form):
    """Which visit, and why."""

    visit = ChoiceField(label=gettext_lazy("Which visit did not take place?"))
    reason_code = ChoiceField(
        label=gettext_lazy("Why not?"), choices=[(each.value, each.label) for each in VISIT_MISSED]
    )
    reason = forms.CharField(
        label=gettext_lazy("In a few words"),
        help_text=gettext_lazy("Needed for another reason than those of the list."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, visits: list[Visit], protocol: Protocol, data: Any = None) -> None:
        super().__init__(data)
        self.fields["visit"].choices = [(str(v.pk), name_of_visit(protocol, v)) for v in visits]  # type: ignore[attr-defined]


@page(Permission.ENTER_FOR_PARTICIPANT, methods=("GET", "POST"))
def missed(request: TrialRequest, number: str) -> HttpResponse:
    """Close a visit as a whole. What was submitted stays, and what is done after all can still be submitted."""
    participant = person_of(request, number)
    visits = visits_begun(participant)
    form = MissedForm(visits, protocol_of(request.trial), request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        visit = next(each for each in visits if str(each.pk) == typed.pop("visit"))
        mark_visit_missed(visit=visit, by=request.actor, **typed)
        return str(context["back"])

    context = about(
        request,
        participant,
        title=_("Visit missed"),
        lead=_("All forms of the visit that are still open are closed. What is done after all can still be entered."),
        submit=_("Mark the visit as missed"),
    )
    return answer(request, form, context, save, said=_("The visit is marked as missed."))


def visits_begun(participant: Participant) -> list[Visit]:
    """The visits that have begun and of which something is open, the earliest first."""
    today = clock.today(participant.site.time_zone)
    begun = Visit.objects.filter(pk__in=open_forms_of(participant).order_by().values("visit"), opens_on__lte=today)
    newest = begun.select_related("participant__site", "participant__trial").order_by("-closes_on", "pk")[:MOST_VISITS]
    return sorted(newest, key=lambda each: (each.closes_on, each.order, each.number))
