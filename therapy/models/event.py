"""What is known of adverse events behind the wall: texts that may tell the arm, the session, a second opinion."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models

from audit.classes import FieldClass, classify
from audit.records import Record
from safety.codes import Relatedness
from safety.models import AdverseEvent, EventReport
from safety.models.event import LONGEST_TEXT
from therapy.models.keys import sealed_key


class EventNote(Record):
    """Who behind the wall made a report, in what words, and the session it is about, if it is about one."""

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(technical="report revision", unblinding="session text at by")

    report = sealed_key(EventReport)
    session = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    text = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)])
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report"], name="one_note_a_report")]


class SecondOpinion(Record):
    """What a safety physician, who knows the arm, thinks caused an event. Stands beside the investigator's opinion."""

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset()
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="event revision", unblinding="intervention procedures text judged_at judged_by"
    )

    event = sealed_key(AdverseEvent)
    intervention = models.CharField(max_length=12, choices=Relatedness.choices)
    procedures = models.CharField(max_length=12, choices=Relatedness.choices)
    text = models.TextField(validators=[MaxLengthValidator(LONGEST_TEXT)])
    judged_at = models.DateTimeField()
    judged_by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["event"], name="second_opinion_event")]
