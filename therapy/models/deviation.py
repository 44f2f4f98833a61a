"""A programme that was not delivered as the protocol says. It tells the arm, so it stands here and not in safety."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models import Participant
from safety.models.event import LONGEST_TEXT
from safety.short_codes import Importance, Remedy
from therapy.models.keys import sealed_key


class DeliveryDeviation(Record):
    """Something about the sessions was not as the protocol says; an important one is to be reviewed by ``due_at``.

    Another treatment than the allocated one, as a whole, is an error about the allocation and recorded as that.
    """

    class Kind(models.TextChoices):
        OTHER_PROGRAMME = "other_programme", _("Parts of another programme were given")
        UNQUALIFIED = "unqualified", _("Delivered by somebody without the qualification")
        UNSUPERVISED = "unsupervised", _("Without the supervision the protocol asks for")
        CONTENT = "content", _("Exercises or loads not as the programme says")
        PLACE = "place", _("Another place or other equipment")
        OTHER = "other", _("Another deviation")

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset({"id"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant revision",
        unblinding="kind importance happened_on session remedy text recorded_at recorded_by due_at reviewed_at "
        "reviewed_by",
    )

    participant = sealed_key(Participant)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    importance = models.CharField(max_length=10, choices=Importance.choices)
    happened_on = models.DateField()
    session = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    remedy = models.CharField(max_length=10, choices=Remedy.choices)
    text = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)
    due_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["participant", "recorded_at"], name="delivery_deviation_of")]
