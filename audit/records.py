"""Records: rows that only an act may write, so that nothing changes without an entry in the trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, NoReturn, Self

from django.db import models

from audit.classes import FieldClass
from core import ids

_writing: ContextVar[bool] = ContextVar("record_writing", default=False)


class WrittenOutsideAct(RuntimeError):
    """Code tried to write a record without an act; a mistake of ours, never of the person."""


def _refuse() -> NoReturn:
    raise WrittenOutsideAct("Records are written only through audit.acts.act (create, create_many, change).")


@contextmanager
def writing() -> Iterator[None]:
    """Lets a record be saved. For ``audit.acts`` only."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


class RecordQuerySet(models.QuerySet):
    """Reads as ever; writes in bulk only inside an act."""

    def update(self, **values: Any) -> int:
        return super().update(**values) if _writing.get() else _refuse()

    def delete(self) -> NoReturn:  # type: ignore[override]
        _refuse()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        return super().bulk_create(objs, *args, **kwargs) if _writing.get() else _refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


class Record(models.Model):
    """A fact with who and when. ``revision`` counts saves, so that a stale save is noticed."""

    IS_RECORD = True
    CLASSES: ClassVar[dict[str, FieldClass]]
    REASON_REQUIRED: ClassVar[bool] = False
    KEPT_BY_HASH: ClassVar[frozenset[str]] = frozenset()
    """Fields of which the trail keeps only the hash that stands beside them: long, and not ours to copy."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not _writing.get():
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # type: ignore[override]
        _refuse()

    def field_class(self, name: str) -> FieldClass:
        """The class of a field of this row; a model may override it where the row decides."""
        return self.CLASSES.get(name, FieldClass.TECHNICAL)

    def label(self) -> str:
        """What people call this row in the trail; nothing identifying."""
        return ""

    @classmethod
    def by_id(cls, key: Any) -> Self:
        return cls.objects.get(pk=key)  # type: ignore[return-value]
