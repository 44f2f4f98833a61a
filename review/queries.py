"""Reads of signatures, queries and locks."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Replace, Substr

from audit.records import Record
from review.models import Lock, Query, Signature
from trials.models import Site, Trial

PARTS_OF_A_KEY = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
"""Where the parts of a key begin among its digits, and how long they are."""


def signature_of(kind: str, subject: Record, content_hash: str) -> Signature | None:
    """The signature in force for this very content, or None."""
    held = Signature.objects.filter(
        kind=kind, subject_table=subject._meta.db_table, subject_id=str(subject.pk), voided_at=None
    )
    return held.filter(content_hash=content_hash).order_by("signed_at", "pk").first()


def is_signed(kind: str, subject: Record, content_hash: str) -> bool:
    """Whether this very content is signed."""
    return signature_of(kind, subject, content_hash) is not None


def signatures_under(kind: str, keys: Iterable[UUID]) -> list[Signature]:
    """The signatures in force under any content of some records, the oldest first."""
    held = Signature.objects.filter(kind=kind, subject_id__in=[str(key) for key in keys], voided_at=None)
    return list(held.order_by("signed_at", "pk"))


def key_as_kept(key: Any) -> Concat:
    """Of a query: a record's key as ``subject_id`` holds it. Not every database writes keys with dashes."""
    digits = Replace(Cast(key, CharField()), Value("-"), Value(""))
    parts: list[Any] = []
    for begin, length in PARTS_OF_A_KEY:
        parts += [Value("-"), Substr(digits, begin, length)]
    return Concat(*parts[1:], output_field=CharField())


def locks_of(trial: Trial) -> list[Lock]:
    """Every lock the trial ever had, newest first."""
    return list(trial.locks.order_by("-locked_at", "pk"))


def opened_trials() -> QuerySet[Trial]:
    """The trials that were opened for recruitment, locked since or not, by code; none that is still set up."""
    locked = Lock.objects.filter(lifted_at=None, state_before=Trial.State.RECRUITING)
    opened = Q(state=Trial.State.RECRUITING) | Q(state=Trial.State.LOCKED, pk__in=locked.values("trial"))
    return Trial.objects.filter(opened).order_by("code")


def queries_about(keys: Iterable[UUID]) -> list[Query]:
    """Every query about some records, in the order in which they were raised, with what was said."""
    held = Query.objects.filter(subject_id__in=list(keys)).prefetch_related("steps")
    return list(held.order_by("raised_at", "pk"))


def queries_at(sites: Iterable[Site], states: Iterable[str]) -> list[Query]:
    """The queries of some sites that are in one of the states, the oldest first, with what was said."""
    held = Query.objects.filter(site__in=[site.pk for site in sites], state__in=list(states))
    return list(held.prefetch_related("steps").order_by("raised_at", "pk"))
