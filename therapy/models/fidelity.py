"""How a session kept to the protocol, item by item."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from audit.records import Record
from therapy.models.keys import sealed_key
from therapy.models.session import Session


class FidelityCheck(Record):
    """The protocol's checklist of a session: once by the therapist, once by an observer. ``items``: {code: answer}."""

    class Source(models.TextChoices):
        SELF = "self", _("By the therapist")
        OBSERVER = "observer", _("By an observer")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_SEEN = "not_seen", _("Could not be judged")

    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="revision", unblinding="session source items checked_at checked_by"
    )

    session = sealed_key(Session, db_constraint=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    items = models.JSONField(default=dict)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "source"], name="one_check_a_source")]
