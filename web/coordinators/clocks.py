"""The time zone a participant lives in: messages rest at night by their clock."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from participants.actions.clocks import set_time_zone
from web.coordinators.saving import about, answer, person_of
from web.forms import Form, ReasonField, whole_number
from web.pages import TrialRequest, page

AT_SITE = "site"


class TimeZoneForm(Form):
    """The site's, or another; a reason once another was kept."""

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    reason = ReasonField(label=gettext_lazy("Why does it change?"))

    def __init__(self, site_zone: str, held: str, data: Any = None) -> None:
        super().__init__(data, initial={"time_zone": held} if held else None)
        own = gettext_lazy("As at the site (%(zone)s)") % {"zone": site_zone}
        zones = sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/"))
        first = [("", _("Choose")), (AT_SITE, own)]
        self.fields["time_zone"].choices = [*first, *((each, each) for each in zones)]  # type: ignore[attr-defined]
        if not held:
            del self.fields["reason"]


@page(Permission.LOG_CONTACT, methods=("GET", "POST"))
def time_zone(request: TrialRequest, number: str) -> HttpResponse:
    """Where the participant lives, as far as the clock goes."""
    participant = person_of(request, number)
    seen = request.POST.get("revision", "")
    data = request.POST if request.method == "POST" else None
    form = TimeZoneForm(participant.site.time_zone, participant.time_zone, data)

    def save(typed: dict[str, Any]) -> str:
        chosen = "" if typed["time_zone"] == AT_SITE else typed["time_zone"]
        set_time_zone(
            participant=participant,
            time_zone=chosen,
            by=request.actor,
            reason=typed.get("reason", ""),
            revision=whole_number(seen),
        )
        return str(context["back"])

    context = about(
        request,
        participant,
        title=_("Time zone"),
        lead=_("Messages to this participant rest at night by this clock. Visits and appointments keep to the site's."),
        revision=seen or participant.revision,
        submit=_("Save"),
    )
    return answer(request, form, context, save, said=_("The time zone is saved."))
