"""Reads of signatures and locks."""

from django.db.models import Q, QuerySet

from audit.records import Record
from review.models import Lock, Signature
from trials.models import Trial


def signature_of(kind: str, subject: Record, content_hash: str) -> Signature | None:
    """The signature in force for this very content, or None."""
    held = Signature.objects.filter(
        kind=kind, subject_table=subject._meta.db_table, subject_id=str(subject.pk), voided_at=None
    )
    return held.filter(content_hash=content_hash).order_by("signed_at", "pk").first()


def is_signed(kind: str, subject: Record, content_hash: str) -> bool:
    """Whether this very content is signed."""
    return signature_of(kind, subject, content_hash) is not None


def locks_of(trial: Trial) -> list[Lock]:
    """Every lock the trial ever had, newest first."""
    return list(trial.locks.order_by("-locked_at", "pk"))


def opened_trials() -> QuerySet[Trial]:
    """The trials that were opened for recruitment, locked since or not, by code; none that is still set up."""
    locked = Lock.objects.filter(lifted_at=None, state_before=Trial.State.RECRUITING)
    opened = Q(state=Trial.State.RECRUITING) | Q(state=Trial.State.LOCKED, pk__in=locked.values("trial"))
    return Trial.objects.filter(opened).order_by("code")
