"""The only place that says who somebody is: ciphertext, apart from everything else."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.codes import AttemptOutcome, Channel
from participants.encrypted import SealedField
from participants.models.participant import Participant


class IdentifierKey(models.Model):
    """A participant's key, wrapped. Not a record: it must be erasable, and so never enters the trail."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(technical="participant wrapped")

    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, primary_key=True, related_name="identifier_key"
    )
    wrapped = models.BinaryField()


class IdentifierHash(models.Model):
    """Keyed hashes of normalized identifiers: an index by which the same person is noticed. Erased with the key."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail address")
        PHONE = "phone", _("Phone number")
        NAME = "name", _("Name")
        PERSON = "person", _("Name and date of birth")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(identifying="value", technical="participant kind")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="identifier_hashes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "kind"], name="one_identifier_hash")]
        indexes = [models.Index(fields=["value", "kind"], name="identifier_hash_value")]


class Contact(Record):
    """One row per participant. Every field but the preferred channel is ciphertext under the participant's key."""

    SEALED: ClassVar[tuple[str, ...]] = ("name", "email", "phone", "address", "date_of_birth")
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        identifying="name email phone address date_of_birth", technical="participant preferred_channel revision"
    )

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="contact")
    name = SealedField(null=True, blank=True)
    email = SealedField(null=True, blank=True)
    phone = SealedField(null=True, blank=True)
    address = SealedField(null=True, blank=True)
    date_of_birth = SealedField(null=True, blank=True)
    preferred_channel = models.CharField(max_length=12, choices=Channel.choices, blank=True)


class ContactAttempt(Record):
    """Somebody tried to reach the participant. The note is ciphertext: people write names into notes.

    A note of somebody who may know the arm is shown to nobody blinded (``by_unblinded``).
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        identifying="note", technical="participant channel outcome at by by_unblinded revision"
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="contact_attempts")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    outcome = models.CharField(max_length=16, choices=AttemptOutcome.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    by_unblinded = models.BooleanField(default=False)
    note = SealedField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["participant", "at"], name="contact_attempt_participant")]
