"""Something a person of the staff has to do about a participant."""

from typing import ClassVar

from django.db import models

from accounts.roles import Role
from audit.classes import FieldClass, classify
from audit.records import Record
from participants.models.participant import Participant


class Task(Record):
    """Raised by a verb or a sweep, done once. ``about`` is a code such as a form, never free text."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="participant kind about role due_on raised_at done_at done_by revision"
    )

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    due_on = models.DateField()
    raised_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind", "about"], condition=models.Q(done_at=None), name="one_open_task"
            )
        ]
        indexes = [models.Index(fields=["done_at", "due_on"], name="task_open")]

    def label(self) -> str:
        return self.kind
