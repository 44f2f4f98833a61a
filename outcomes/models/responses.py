"""Answers: drafts while they are typed, the response once submitted, requests to correct it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.classes import FieldClass, classify
from audit.records import Record
from core import ids
from outcomes.codes import CorrectionReason, Mode
from outcomes.models.visits import Form
from participants.models import Participant
from trials.models import Trial


class Draft(models.Model):
    """One item as last typed, before submitting. Not a record: submitting is the entry.

    ``typed_at`` is when it was typed as far as the server can tell; the latest wins on every device.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="id form item value missing confirmed typed_at typed_by revision"
    )

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="drafts")
    item = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    missing = models.CharField(max_length=24, blank=True)
    confirmed = models.BooleanField(default=False)
    typed_at = models.DateTimeField()
    typed_by = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "item"], name="one_draft_of_an_item")]


class Answered(Record):
    """What holds answers. Their class is the row's: those of a concealed form are concealed."""

    ANSWERS: ClassVar[frozenset[str]] = frozenset()

    secrecy = models.CharField(max_length=12, choices=Form.Secrecy.choices, default=Form.Secrecy.EXPORTABLE)

    class Meta:
        abstract = True

    def field_class(self, name: str) -> FieldClass:
        return FieldClass(self.secrecy) if name in self.ANSWERS else super().field_class(name)


class Response(Answered):
    """A submitted form: one for each form, ever, by the database's own rule.

    A correction changes it with a reason; the old values stay in the trail and ``corrections`` counts them;
    ``corrected_after_guess`` says that one came after the arm had been guessed about this visit.
    ``answers`` is {item: value}; ``missing`` is {item: why it has no answer}; ``confirmed`` lists the items
    whose unlikely value was confirmed. ``pack_version`` names the content pack, in force when the form was begun,
    whose words were shown; empty for the words that are shipped. ``mode`` says how a participant's own answers were
    given; empty for other forms. Moments are the server's; ``late`` says the window had closed.
    """

    class Originator(models.TextChoices):
        PARTICIPANT = "participant", _("Participant")
        STAFF_ON_BEHALF = "staff_on_behalf", _("Staff, on behalf of the participant")
        ASSESSOR = "assessor", pgettext_lazy("who answered", "Assessor")
        STAFF = "staff", _("Staff")
        IMPORT = "import", _("Import")

    REASON_REQUIRED = True
    ANSWERS = frozenset({"answers", "missing", "confirmed", "scores", "n_answered", "n_required"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="answers missing confirmed scores n_answered n_required instrument instrument_version pack_version "
        "rule_version language originator mode started_at submitted_at late corrections "
        "corrected_after_guess",
        technical="trial participant form secrecy submitted_by on_behalf_reason corrected_at revision",
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="responses")
    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="response")
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    pack_version = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8)
    answers = models.JSONField(default=dict, blank=True)
    missing = models.JSONField(default=dict, blank=True)
    confirmed = models.JSONField(default=list, blank=True)
    scores = models.JSONField(default=dict, blank=True)
    n_answered = models.PositiveIntegerField(default=0)
    n_required = models.PositiveIntegerField(default=0)
    rule_version = models.CharField(max_length=40, blank=True)
    originator = models.CharField(max_length=16, choices=Originator.choices)
    mode = models.CharField(max_length=12, choices=Mode.choices, blank=True)
    submitted_by = models.CharField(max_length=64)
    on_behalf_reason = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    corrections = models.PositiveIntegerField(default=0)
    corrected_at = models.DateTimeField(null=True)
    corrected_after_guess = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["trial", "instrument", "submitted_at"], name="response_of_trial"),
            models.Index(fields=["participant", "instrument", "submitted_at"], name="response_of_participant"),
        ]

    @property
    def is_whole(self) -> bool:
        """Whether every item that the scores rest on has an answer."""
        return self.n_answered >= self.n_required

    @property
    def is_participants(self) -> bool:
        """Whether the answers are the participant's own, typed by them or told to staff."""
        return self.originator in (self.Originator.PARTICIPANT, self.Originator.STAFF_ON_BEHALF)

    def label(self) -> str:
        return self.instrument


class CorrectionRequest(Answered):
    """A participant asks, themself or through staff, that one answer of theirs be changed."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state", "Open")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    ANSWERS = frozenset({"item", "old_value", "old_missing", "new_value", "new_missing", "why"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial participant response secrecy item old_value old_missing new_value new_missing why asked_by "
        "asked_at state decided_by decided_at decision_reason revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="requests")
    item = models.CharField(max_length=40)
    old_value = models.JSONField(null=True)
    old_missing = models.CharField(max_length=24, blank=True)
    new_value = models.JSONField(null=True)
    new_missing = models.CharField(max_length=24, blank=True)
    why = models.CharField(max_length=16, choices=CorrectionReason.choices)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response", "item"], condition=models.Q(state="open"), name="one_open_request_of_an_item"
            )
        ]
        indexes = [models.Index(fields=["trial", "state"], name="request_open")]

    def field_class(self, name: str) -> FieldClass:
        # Of an ordinary form a request holds nothing that a dataset needs; only secrecy overrides.
        return super().field_class(name) if self.secrecy != Form.Secrecy.EXPORTABLE else FieldClass.TECHNICAL

    def label(self) -> str:
        return self.item
