"""Acts: one verb, one transaction, one entry in the trail.

``with act("participants.screen", grant=grant, subject=participant) as a:`` opens a transaction; ``a.create``
and ``a.change`` write records and remember old and new values; on leaving, the entry is chained and stored.
If anything fails, nothing happened. Acts inside acts each leave their own entry, all or none.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from audit import chain
from audit.actors import Grant
from audit.classes import FieldClass, most_secret
from audit.models import FORMAT, INSTALLATION, Change, Entry
from audit.records import Record, writing
from audit.sealing import seal
from audit.values import plain_text, sealed_text
from core import clock
from core.problems import Conflict, Problem, Refused

R = TypeVar("R", bound=Record)
_pending: ContextVar[list["Act"] | None] = ContextVar("pending_acts", default=None)


class Act:
    """What one verb does. Made by ``act()``."""

    def __init__(
        self, verb: str, grant: Grant, subject: Record | None, reason: str, secrecy: FieldClass, mark: str
    ) -> None:
        self.verb = verb
        self.grant = grant
        self.subject = subject
        self.reason = reason.strip()
        self.secrecy = secrecy
        self.mark = mark
        self.facts: dict[str, Any] = {}
        self.changes: list[Change] = []
        self.at = clock.now()

    def create(self, record: R) -> R:
        """Save a new record; every field it sets goes into the trail."""
        _validate(record)
        with self._writing():
            record.save(force_insert=True)
        self._log_new(record)
        self.subject = self.subject or record
        return record

    def create_each(self, records: Sequence[R]) -> list[R]:
        """Save several new records of one kind in one statement; every field of each goes into the trail."""
        for record in records:
            _validate(record)
        if records:
            with self._writing():
                type(records[0]).objects.bulk_create(records, batch_size=500)
        for record in records:
            self._log_new(record)
        return list(records)

    def create_many(self, records: Sequence[R], *, summary: str) -> list[R]:
        """Save many new records of one kind; the trail keeps the summary and their number."""
        if records:
            with self._writing():
                type(records[0]).objects.bulk_create(records, batch_size=500)
        self.note(**{summary: len(records)})
        return list(records)

    def change(self, record: R, **values: Any) -> R:
        """Save changed fields of a record. Equal values are no change; a stale record is refused."""
        old = {name: _stored(record, name) for name in values}
        for name, value in values.items():
            setattr(record, name, value)
        changed = [name for name in values if _stored(record, name) != old[name]]
        if not changed:
            return record
        if record.REASON_REQUIRED and not self.reason:
            raise Problem("audit.reason", _("A saved value was changed. Say why."), field="reason")
        _validate(record, only=changed)
        self._update(record, changed)
        for name in changed:
            self._log(record, name, old[name], _stored(record, name))
        return record

    def note(self, **facts: Any) -> None:
        """Add facts to the entry: counts and codes, never a secret value."""
        self.facts.update(facts)

    def _writing(self) -> AbstractContextManager[None]:
        """Lets records be saved; not by somebody who only looks, whatever door they came through."""
        if self.grant.actor.viewing is not None:
            raise only_viewing()
        return writing()

    def _update(self, record: Record, changed: list[str]) -> None:
        held = record.revision
        record.revision = held + 1
        fields = [field for field in record._meta.concrete_fields if field.name in changed]
        values = {field.attname: field.value_from_object(record) for field in fields}
        with self._writing():
            rows = type(record).objects.filter(pk=record.pk, revision=held).update(**values, revision=held + 1)
        if rows == 0:
            raise stale()

    def _log_new(self, record: Record) -> None:
        for field in record._meta.concrete_fields:
            value = field.value_from_object(record)
            if value not in (None, "", [], {}) and field.name not in {"id", "revision", *record.KEPT_BY_HASH}:
                self._log(record, field.name, None, value)

    def _log(self, record: Record, name: str, old: Any, new: Any) -> None:
        field_class = record.field_class(name)
        for path, before, after in _paths(name, old, new):
            change = Change(
                order=len(self.changes),
                table=record._meta.db_table,
                record_id=str(record.pk),
                field=path,
                field_class=field_class,
            )
            # In clear until the act is over: whether values are sealed one by one is known only then.
            change.old = plain_text(before)
            change.new = plain_text(after)
            self.changes.append(change)

    def told(self) -> tuple[Entry, list[Change]]:
        """The entry of this act with the changes that stand beside it, not yet chained.

        Of what unblinds nothing stands beside: it is sealed with who did it and why. Who acts in a role behind the
        wall is sealed in every act.
        """
        entry = self._entry()
        is_unblinding = entry.secrecy == FieldClass.UNBLINDING
        if is_unblinding or self.grant.behind:
            seal(entry, self.changes if is_unblinding else [])
        beside = [] if is_unblinding else self.changes
        for change in beside:
            change.old, change.new = sealed_text(change.old, change), sealed_text(change.new, change)
        return entry, beside

    def _entry(self) -> Entry:
        classes = [FieldClass(change.field_class) for change in self.changes]
        actor, subject = self.grant.actor, self.subject
        return Entry(
            chain=str(self.grant.trial_id or INSTALLATION),
            at=self.at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            # What is noted of somebody who looks as another role would is noted of the role they hold.
            role=actor.viewing.own_role if actor.viewing else self.grant.role,
            site_id=self.grant.site_id,
            origin=actor.origin,
            verb=self.verb,
            subject_table=subject._meta.db_table if subject else "",
            subject_id=str(subject.pk) if subject else "",
            subject_label=subject.label() if subject else "",
            reason=self.reason,
            facts=self.facts,
            secrecy=most_secret([self.secrecy, *classes]),
            format=FORMAT,
            mark=self.mark,
        )


@contextmanager
def act(
    verb: str,
    *,
    grant: Grant,
    subject: Record | None = None,
    reason: str = "",
    secrecy: FieldClass = FieldClass.TECHNICAL,
    mark: str = "",
) -> Iterator[Act]:
    """Do one verb, all or nothing.

    ``secrecy`` marks acts whose mere existence tells something: ``FieldClass.UNBLINDING`` for therapy.
    ``mark`` finds the entry again, whoever may not be named in it; see ``audit.sealing.mark_of``.
    """
    this = Act(verb, grant, subject, reason, secrecy, mark)
    with together() as pending:
        place = len(pending)
        pending.append(this)
        try:
            yield this
        except BaseException:
            del pending[place:]
            raise


@contextmanager
def together() -> Iterator[list[Act]]:
    """Several acts as one: all or none, each with its own entry.

    The entries are chained as the last statements of the outermost. Whoever holds the end of a chain then waits for
    nothing more, so that no two requests wait for each other's rows: a row is locked before the chain, never after.
    """
    outer = _pending.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    pending: list[Act] = []
    token = _pending.set(pending)
    try:
        with transaction.atomic():
            yield pending
            chain.append([each.told() for each in pending])
    finally:
        _pending.reset(token)


def is_pending(verb: str, *, grant: Grant, subject: Record | None = None) -> bool:
    """Whether somebody did such an act already within the act that is going on, with whose end its entry comes."""
    done = _pending.get() or []
    return any((each.verb, each.grant.actor.id, each.subject) == (verb, grant.actor.id, subject) for each in done)


def only_viewing() -> Refused:
    """The refusal of whatever would change something while somebody views as another role."""
    return Refused("viewing.reads_only", _("You view as another role, so nothing can be changed. Stop viewing first."))


def stale() -> Conflict:
    """The problem of saving over somebody else's save."""
    return Conflict(
        "record.changed",
        _("Somebody else saved this meanwhile. Your entries are kept below: compare, then save again."),
    )


def check_seen(record: Record, revision: int | None) -> None:
    """Refuse to go on if the person looked at an older revision than the one stored."""
    if revision is not None and revision != record.revision:
        raise stale()


def _stored(record: Record, name: str) -> Any:
    return next(field for field in record._meta.concrete_fields if field.name == name).value_from_object(record)


def _validate(record: Record, only: list[str] | None = None) -> None:
    exclude = {field.name for field in record._meta.concrete_fields if only is not None and field.name not in only}
    # Existence of foreign keys is the database's to check; asking here would cost a query each.
    exclude |= {field.name for field in record._meta.concrete_fields if isinstance(field, models.ForeignKey)}
    # None (where a column allows it) and an empty mapping are values of their own, whatever forms think of blanks.
    exclude |= {f.name for f in record._meta.concrete_fields if f.null and getattr(record, f.attname) is None}
    exclude |= {f.name for f in record._meta.concrete_fields if getattr(record, f.attname) in ({}, [])}
    try:
        record.clean_fields(exclude=exclude)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Problem("record.invalid", " ".join(messages), field=name) from error


def _paths(name: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """A mapping (such as the answers of a form) is logged item by item, anything else whole."""
    if not isinstance(new, Mapping):
        yield name, old, new
        return
    before = old if isinstance(old, Mapping) else {}
    for key in sorted({*before, *new}):
        if before.get(key) != new.get(key):
            yield f"{name}.{key}", before.get(key), new.get(key)
