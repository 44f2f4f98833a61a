"""The append-only trail: what was done, by whom, why, with old and new values, in one hash chain per trial."""

from django.db import models

from core import ids

INSTALLATION = "installation"
"""The chain of acts that belong to no trial, such as making an account."""
FORMAT = 2
"""How entries are written now. In format 1, which is only read, those behind the wall name their actor in clear."""


class Entry(models.Model):
    """One act. No foreign keys: an entry outlives and never blocks what it tells of.

    ``sealed``: of an act behind the wall, who did it, why and what was changed; the columns for these are empty then.
    ``mark``: a keyed hash by which the same act is found again, where one is noted once.
    """

    APPEND_ONLY = True

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    chain = models.CharField(max_length=36)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    site_id = models.UUIDField(null=True)
    origin = models.CharField(max_length=12)
    verb = models.CharField(max_length=80)
    subject_table = models.CharField(max_length=64, blank=True)
    subject_id = models.CharField(max_length=36, blank=True)
    subject_label = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    secrecy = models.CharField(max_length=12)
    format = models.PositiveSmallIntegerField(default=1)
    sealed = models.TextField(blank=True, default="")
    mark = models.CharField(max_length=64, blank=True, default="")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_entry_once_per_place")]
        indexes = [
            models.Index(fields=["chain", "subject_id", "at"], name="audit_entry_subject"),
            models.Index(fields=["chain", "at"], name="audit_entry_time"),
        ]


class Change(models.Model):
    """One field changed by one act. Secret values stand here as ciphertext."""

    APPEND_ONLY = True

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    entry_id = models.UUIDField()
    order = models.PositiveIntegerField()
    table = models.CharField(max_length=64)
    record_id = models.CharField(max_length=36)
    field = models.CharField(max_length=120)
    field_class = models.CharField(max_length=12)
    old = models.TextField(null=True)
    new = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["entry_id", "order"], name="audit_change_entry"),
            models.Index(fields=["record_id", "field"], name="audit_change_record"),
        ]


class Head(models.Model):
    """Where a chain ends. Locked as the last statement of an act, so that acts do not wait for each other."""

    NEVER_DELETED = True

    chain = models.CharField(max_length=36, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
