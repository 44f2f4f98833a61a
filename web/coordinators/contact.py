"""Who somebody is and how to reach them; and the log of attempts to do so."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from core.problems import Problem
from participants.actions import contacts
from participants.codes import AttemptOutcome, Channel
from participants.details import FIELDS, LONGEST, Details
from participants.models import ContactAttempt, Participant
from participants.queries import attempts_of, contact_of
from web.components import SummaryRow
from web.coordinators.saving import about, answer, person_of
from web.forms import ChoiceField, ClockField, Form, ReasonField, SplitDateField, moment, whole_number
from web.keeping.showing import kept_in
from web.pages import TrialRequest, page
from web.shared.record_words import day_in_words, moment_in_words

DUPLICATE = ("participant.duplicate", "participant.duplicate_reason")


class ContactForm(Form):
    """Contact details; the last two are asked only when somebody like this takes part already."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST["name"])
    email = forms.CharField(label=gettext_lazy("E-mail address"), max_length=LONGEST["email"], required=False)
    phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=LONGEST["phone"], required=False)
    address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=LONGEST["address"],
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    date_of_birth = SplitDateField(label=gettext_lazy("Date of birth"), required=False)
    preferred_channel = ChoiceField(
        label=gettext_lazy("How the person prefers to be reached"),
        choices=Channel.choices,
        required=False,
        inline=True,
    )
    another_person = forms.BooleanField(label=gettext_lazy("This is another person"), required=False)
    reason = ReasonField(label=gettext_lazy("How you know"), help_text="", required=False)

    def __init__(self, details: Details, data: Any = None) -> None:
        self.held = {name: getattr(details, name) for name in FIELDS}
        super().__init__(data, initial=self.held)
        for name in ("name", "email", "phone", "address"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self._question = {name: self.fields[name] for name in ("another_person", "reason")}
        if data is None or "another_person_asked" not in data:
            for name in self._question:
                del self.fields[name]

    def ask_whether_another(self) -> None:
        """Show the box that says it is another person."""
        self.fields |= self._question

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not any(typed.get(each) for each in ("email", "phone", "address")) and not self.errors:
            raise forms.ValidationError(_("Enter at least one way to reach the person."))
        return typed

    def changes(self) -> dict[str, Any]:
        """The fields that differ from what is held; None forgets one."""
        typed = {name: self.cleaned_data.get(name) or None for name in FIELDS}
        found = {name: value for name, value in typed.items() if value != (self.held[name] or None)}
        return {name: value or ("" if name == "preferred_channel" else None) for name, value in found.items()}

    def stored(self) -> list[SummaryRow]:
        """What is stored now of the fields that are typed otherwise, to compare."""
        return [SummaryRow(str(self.fields[name].label), _shown(name, self.held[name])) for name in self.changes()]


def _shown(name: str, value: Any) -> str:
    """A stored detail in words."""
    if not value:
        return _("nothing")
    if name == "preferred_channel":
        return str(Channel(value).label)
    return day_in_words(value) if name == "date_of_birth" else str(value)


@page(Permission.VIEW_CONTACT, methods=("GET", "POST"))
def contact(request: TrialRequest, number: str) -> HttpResponse:
    """Contact details, to read and to change. Reading is in the trail."""
    participant = person_of(request, number)
    form = ContactForm(contact_of(participant, request.actor), request.POST if request.method == "POST" else None)
    if "another_person_asked" in kept_in(request):
        form.ask_whether_another()
    seen = request.POST.get("revision", "")

    def save(typed: dict[str, Any]) -> str:
        try:
            contacts.save(
                participant=participant,
                contact=form.changes(),
                confirmed_not_duplicate=bool(typed.get("another_person")),
                reason=typed.get("reason") or "",
                revision=whole_number(seen),
                by=request.actor,
            )
        except Problem as problem:
            if problem.code in DUPLICATE:
                form.ask_whether_another()
            if problem.code == "record.changed":
                # Told once, with what is stored beside it: saving again means having seen it.
                context.update(stored=form.stored(), revision=contacts.revision_of(participant))
            raise
        if any(form.held[name] for name in ("email", "phone") if name in form.changes()):
            messages.info(request, _("Links sent before do not open any more. Send a new one if questions are open."))
        return reverse("record", kwargs={"trial": request.trial.code, "number": number})

    context = about(
        request,
        participant,
        title=_("Contact details"),
        lead=_("Kept apart and encrypted. Whoever opens this page is noted in the audit trail."),
        submit=_("Save"),
        revision=seen or contacts.revision_of(participant),
    )
    template = "coordinators/contact.html"
    return answer(request, form, context, save, said=_("The contact details are saved."), template=template)


class AttemptForm(Form):
    """One attempt to reach somebody; without a time it is now."""

    channel = ChoiceField(label=gettext_lazy("How"), choices=Channel.choices, inline=True)
    outcome = ChoiceField(label=gettext_lazy("What came of it"), choices=AttemptOutcome.choices)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Encrypted like the contact details."),
        max_length=contacts.LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    at = SplitDateField(label=gettext_lazy("Day, if not now"), required=False)
    at_time = ClockField(label=gettext_lazy("Time, if not now"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if bool(typed.get("at")) != bool(typed.get("at_time")) and not self.errors:
            raise forms.ValidationError(_("Enter both the day and the time, or neither."))
        return typed


@dataclass(frozen=True)
class Attempt:
    """One line of the log."""

    when: str
    what: str
    by: str
    note: str


@page(Permission.LOG_CONTACT, methods=("GET", "POST"))
def contact_log(request: TrialRequest, number: str) -> HttpResponse:
    """How to reach somebody, what was tried, and the form to log another attempt."""
    participant = person_of(request, number)
    form = AttemptForm(request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        at = moment(typed["at"], typed["at_time"], participant.site.time_zone) if typed["at"] else None
        contacts.log_attempt(
            participant=participant,
            channel=typed["channel"],
            outcome=typed["outcome"],
            note=typed["note"] or None,
            at=at,
            by=request.actor,
        )
        return request.path

    context = about(
        request,
        participant,
        title=_("Calls and contacts"),
        reach=_ways(contact_of(participant, request.actor)),
        attempts=_log(participant, attempts_of(participant, request.actor)),
        submit=_("Log it"),
    )
    return answer(request, form, context, save, said=_("Logged."), template="coordinators/contact_log.html")


def _log(participant: Participant, held: list[tuple[ContactAttempt, str | None]]) -> list[Attempt]:
    """The log in words. Who of those that may know the arm called is not said."""
    people = User.objects.filter(pk__in={attempt.by for attempt, _note in held})
    names = {str(pk): name for pk, name in people.values_list("pk", "name")}
    return [
        Attempt(
            moment_in_words(attempt.at, participant.site.time_zone),
            f"{attempt.get_channel_display()}: {attempt.get_outcome_display()}",
            "" if attempt.by_unblinded else names.get(attempt.by, ""),
            note or "",
        )
        for attempt, note in held
    ]


def _ways(details: Details) -> list[SummaryRow]:
    rows = [
        SummaryRow(_("Name"), details.name or None),
        SummaryRow(_("Phone number"), details.phone or None),
        SummaryRow(_("E-mail address"), details.email or None),
    ]
    if details.preferred_channel:
        rows.append(SummaryRow(_("Prefers"), Channel(details.preferred_channel).label))
    return rows
