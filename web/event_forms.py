"""What is asked about adverse events, in one way of everybody who reports, follows or judges them."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import clock
from exports.tables import in_language
from participants.models import Participant
from safety.codes import ActionTaken, Criterion, Found, Outcome, Relatedness, Severity
from safety.facts import STATUS_FIELDS, Facts, Status, expected_at, terms
from safety.models import AdverseEvent
from safety.models.event import LONGEST_TEXT
from trials.queries import protocol_of
from web.forms import (
    ChoiceField,
    ChoicesField,
    ClockField,
    Form,
    PartialDateField,
    SplitDateField,
    SplitDateWidget,
    YesNoField,
    moment,
)

FOR_BLIND = gettext_lazy(
    "Name neither people nor the programme, exercises, therapists or places: other people read it."
)
BEHIND = gettext_lazy("Name nobody. Only people who may know arms read it.")


class StatusForm(Form):
    """How an event stands. ``behind``: who fills it may know arms, and so writes for others than blinded people do."""

    severity = ChoiceField(label=gettext_lazy("How intense was it at its worst?"), choices=Severity.choices)
    serious = YesNoField(
        label=gettext_lazy("Is it serious?"),
        help_text=gettext_lazy("Serious is not severe: one of the reasons below makes it so, however intense it was."),
    )
    criteria = ChoicesField(label=gettext_lazy("If it is: why?"), choices=Criterion.choices, required=False)
    action = ChoiceField(label=gettext_lazy("What was done about taking part?"), choices=ActionTaken.choices)
    outcome = ChoiceField(label=gettext_lazy("How is it now?"), choices=Outcome.choices)
    ended = PartialDateField(
        label=gettext_lazy("If it is over: since when?"),
        help_text=gettext_lazy("The day or month may be left empty if it is not known."),
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, behind: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = BEHIND if behind else FOR_BLIND

    def status(self) -> Status:
        """What was said, once it is valid."""
        typed = {name: self.cleaned_data[name] for name in STATUS_FIELDS}
        return Status(**{**typed, "criteria": tuple(typed["criteria"]), "ended": typed["ended"] or ""})


class EventForm(StatusForm):
    """A first report. When it was heard of is asked only of whoever did not hear of it just now."""

    def __init__(self, participant: Participant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participant = participant
        self.fields.update(what_fields(participant))
        zone = participant.site.time_zone
        self.fields["aware_on"] = SplitDateField(
            label=_("Heard of it on another day?"),
            help_text=_("Leave it empty if you heard of it just now. Time limits count from when it was heard of."),
            latest=lambda: clock.today(zone),
            required=False,
        )
        self.fields["aware_at"] = ClockField(label=_("At what time?"), required=False)
        self.order_fields(["term", "onset", *STATUS_FIELDS, "found", "text", "aware_on", "aware_at"])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if bool(typed.get("aware_on")) != bool(typed.get("aware_at")) and not self.errors.keys() & {
            "aware_on",
            "aware_at",
        }:
            missing = "aware_at" if typed.get("aware_on") else "aware_on"
            self.add_error(missing, _("Enter day and time, or leave both empty."))
        return typed

    def facts(self) -> Facts:
        """What was said, once it is valid."""
        typed = self.cleaned_data
        heard = None
        if typed["aware_on"]:
            heard = moment(typed["aware_on"], typed["aware_at"], self.participant.site.time_zone)
        return Facts(typed["term"], typed["onset"], typed["found"], self.status(), heard)


class CorrectionForm(Form):
    """What was wrong from the start, and why it is changed."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it corrected?"), max_length=500, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, participant: Participant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**what_fields(participant), **self.fields}


class OpinionForm(Form):
    """What somebody thinks caused an event."""

    intervention = ChoiceField(
        label=gettext_lazy("Did a programme of the trial cause it?"), choices=Relatedness.choices
    )
    procedures = ChoiceField(
        label=gettext_lazy("Did a measurement or another step of the trial cause it?"), choices=Relatedness.choices
    )
    text = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=FOR_BLIND,
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class CausalityForm(OpinionForm):
    """An investigator's opinion, with what the event is on the protocol's list of expected ones."""

    def __init__(self, event: AdverseEvent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = expected_at(protocol_of(event.participant.trial), event.onset)
        language = get_language() or "en"
        self.fields["expected_as"] = ChoiceField(
            label=_("Is it on the protocol's list of expected events?"),
            help_text=_("The list as it stood when the event began."),
            choices=[(each.code, each.label.in_language(language)) for each in listed]
            + [(NOT_LISTED, _("No, it was not expected"))],
        )
        self.order_fields(["intervention", "procedures", "expected_as", "text"])

    def opinion(self) -> dict[str, Any]:
        """The arguments of the verb."""
        typed = self.cleaned_data
        return {**typed, "expected_as": "" if typed["expected_as"] == NOT_LISTED else typed["expected_as"]}


NOT_LISTED = "-"


def what_fields(participant: Participant) -> dict[str, forms.Field]:
    """What happened, since when, and how it came to light."""
    language = get_language() or "en"
    choices = [(code, in_language(words, language)) for code, words in terms(protocol_of(participant.trial))]
    return {
        "term": ChoiceField(label=_("What happened?"), choices=choices, as_list=True),
        "onset": PartialDateField(
            label=_("Since when?"),
            help_text=_("The day or month may be left empty if it is not known."),
            widget=SplitDateWidget(today=clock.today(participant.site.time_zone)),
        ),
        "found": ChoiceField(label=_("How did it come to light?"), choices=Found.choices),
    }
