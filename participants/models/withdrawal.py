"""What somebody no longer takes part in."""

from typing import ClassVar

from django.db import models

from audit.classes import FieldClass, classify
from audit.records import Record
from participants.codes import WithdrawalReason
from participants.models.participant import Participant


class Withdrawal(Record):
    """One withdrawal; a later one may add scopes. Data collected so far stay, unless the scope is data."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="scopes day reason_code", technical="participant at by revision"
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="withdrawals")
    scopes = models.JSONField()
    day = models.DateField()
    reason_code = models.CharField(max_length=16, choices=WithdrawalReason.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
