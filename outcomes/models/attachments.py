"""Files given as answers, such as the report of a scan."""

from typing import ClassVar

from django.db import models

from audit.classes import FieldClass, classify
from outcomes.models.responses import Answered
from outcomes.models.visits import Form
from participants.encrypted import SealedField
from participants.models import Participant
from trials.models import Trial


class Attachment(Answered):
    """One file for one item of a form, as ciphertext in the database. Never changed: another file is another row.

    Its name is not kept: names of files tell names of people, and of arms. ``size`` is in bytes, of the file itself.
    """

    APPEND_ONLY = True
    KEPT_BY_HASH = frozenset({"content"})
    ANSWERS = frozenset({"item", "kind", "size", "sha256"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial participant form secrecy item kind size sha256 content added_at added_by revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="attachments")
    item = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = SealedField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=64)

    def field_class(self, name: str) -> FieldClass:
        # Of an ordinary form nothing of it is in a dataset; only secrecy overrides.
        return super().field_class(name) if self.secrecy != Form.Secrecy.EXPORTABLE else FieldClass.TECHNICAL

    def label(self) -> str:
        return self.item
