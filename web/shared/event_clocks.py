"""The form that stops a clock: which report was sent, and what it is filed under."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from safety.models import AdverseEvent
from trials.queries import protocol_of
from web.event_words import clock_name
from web.forms import ChoiceField, Form


class ReportSentForm(Form):
    """One of the reports that are still waited for."""

    def __init__(self, event: AdverseEvent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        protocol = protocol_of(event.participant.trial)
        by_report = {each.code for each in protocol.safety.clocks if each.met_by == "report"}
        waiting = event.clocks.filter(met_at=None).order_by("due_at", "pk").values_list("code", flat=True)
        choices = [(code, clock_name(protocol, code)) for code in waiting if code in by_report]
        self.fields["code"] = ChoiceField(label=_("Which report?"), choices=choices)
        self.fields["reference"] = forms.CharField(
            label=_("Filed under"), help_text=_("A file number or the like; no names."), max_length=200
        )
