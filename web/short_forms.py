"""What the short forms of safety ask: codes and days, no words."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safety import short_codes as codes
from web.forms import ChoiceField, Form, NumberField, PartialDateField, SplitDateField, YesNoField


class DeviationForm(Form):
    kind = ChoiceField(label=_("What was not as the protocol says?"), choices=codes.DeviationKind.choices)
    importance = ChoiceField(
        label=_("How important is it?"),
        help_text=_("An investigator reviews important ones within the protocol's time limit."),
        choices=codes.Importance.choices,
    )
    happened_on = SplitDateField(label=_("On which day?"))
    cause = ChoiceField(label=_("What led to it?"), choices=codes.Cause.choices)
    remedy = ChoiceField(label=_("What was done about it?"), choices=codes.Remedy.choices)


class DeviationCorrectionForm(DeviationForm):
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500, widget=forms.Textarea({"rows": 2}))


class PregnancyForm(Form):
    known_on = SplitDateField(label=_("Since when is it known?"))
    expected = PartialDateField(label=_("Expected date of birth"), required=False)
    outcome = ChoiceField(label=_("How does it stand?"), choices=codes.PregnancyOutcome.choices)
    mri_told = YesNoField(
        label=_("Does the MRI team know?"),
        help_text=_("The MRI is not done during pregnancy. Mark that form as not done, with this reason."),
    )


class FindingForm(Form):
    number = NumberField(label=_("Which finding of this participant? The first is 1."), low=1, high=20)
    step = ChoiceField(label=_("What was done?"), choices=codes.FindingStep.choices)
    day = SplitDateField(label=_("On which day?"))
    urgent = YesNoField(label=_("Is it urgent?"))


class CareForm(Form):
    kind = ChoiceField(label=_("What kind of care?"), choices=codes.CareKind.choices)
    reason = ChoiceField(label=_("What for?"), choices=codes.CareReason.choices)
    began = PartialDateField(label=_("Since when?"))
    ended = PartialDateField(label=_("Until when?"), help_text=_("Leave it empty while it goes on."), required=False)

    def clean_ended(self) -> str:
        return self.cleaned_data["ended"] or ""


class AskingForm(Form):
    answer = ChoiceField(label=_("What did the participant say?"), choices=codes.Answer.choices)


class ReviewForm(Form):
    seen = forms.BooleanField(label=_("I have reviewed this deviation."))


@dataclass(frozen=True)
class Paper:
    """A short form of a participant as pages offer it: its address, what it is called, what is said above it."""

    place: str
    form: type[Form]
    title: str | Promise
    lead: str | Promise


PAPERS: dict[str, Paper] = {
    "deviation": Paper(
        "deviations",
        DeviationForm,
        _("Record a deviation"),
        _("How sessions went is no deviation to record here: it stands in the session log."),
    ),
    "care": Paper(
        "care",
        CareForm,
        _("Record other care"),
        _("Whatever the participant gets or does besides the trial for their health."),
    ),
    "pregnancy": Paper(
        "pregnancies",
        PregnancyForm,
        _("Record a pregnancy"),
        _("More becomes known later: record it again."),
    ),
    "finding": Paper(
        "findings",
        FindingForm,
        _("Record an incidental finding"),
        _("Found, referred, told to the participant, closed: each step is recorded once."),
    ),
}


def typed_of(form: Form) -> dict[str, Any]:
    """What was typed, as verbs take it: nothing is an empty text."""
    return {name: "" if value is None else value for name, value in form.cleaned_data.items()}
