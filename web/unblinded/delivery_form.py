"""What is asked about a programme that was not delivered as the protocol says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from safety.models.event import LONGEST_TEXT
from safety.short_codes import Importance, Remedy
from therapy.models import DeliveryDeviation
from web.event_forms import BEHIND
from web.forms import ChoiceField, Form, SplitDateField

TITLE = _("Record a deviation in the sessions")
LEAD = _("Who delivered, what and how. Another treatment than the allocated one is recorded under Allocation errors.")


class DeliveryForm(Form):
    kind = ChoiceField(label=_("What was not as the protocol says?"), choices=DeliveryDeviation.Kind.choices)
    importance = ChoiceField(
        label=_("How important is it?"),
        help_text=_("A safety physician reviews important ones within the protocol's time limit."),
        choices=Importance.choices,
    )
    happened_on = SplitDateField(label=_("On which day?"))
    remedy = ChoiceField(label=_("What was done about it?"), choices=Remedy.choices)
    text = forms.CharField(
        label=_("In a few words"),
        help_text=BEHIND,
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
