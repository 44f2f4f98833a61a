"""Identifiers in the database: whose key opens them, and whether somebody is here already."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.encryption import keyed_hash
from core.problems import Problem
from participants.details import Details, comparable, plain_name
from participants.encrypted import new_wrapped_key, read, seal, unwrap
from participants.models import Contact, IdentifierHash, IdentifierKey, Participant
from trials.models import Trial


def key_of(participant: Participant) -> bytes:
    """The participant's own key. Raises Problem if it was erased, WrongKey if the installation's key is not ours."""
    held = IdentifierKey.objects.filter(participant=participant).first()
    if held is None:
        raise Problem(
            "contact.erased", _("The identifiers of this participant were erased and cannot be read any more.")
        )
    return unwrap(bytes(held.wrapped), str(participant.pk))


def ensure_key(participant: Participant) -> bytes:
    """The participant's own key, made at first need. An erased key is never replaced."""
    sealed_already = (
        Contact.objects.filter(participant=participant).exists()
        or participant.contact_attempts.exclude(note=None).exists()
    )
    if not sealed_already and not IdentifierKey.objects.filter(participant=participant).exists():
        IdentifierKey.objects.create(participant=participant, wrapped=new_wrapped_key(str(participant.pk)))
    return key_of(participant)


def open_contact(contact: Contact | None) -> Details:
    """The details of a contact row, readable; empty details if there is no row."""
    if contact is None:
        return Details()
    key = key_of(contact.participant)
    texts = {name: read(getattr(contact, name), key=key, record=contact, field=name) for name in Contact.SEALED}
    born = texts.pop("date_of_birth")
    return Details(
        **texts,  # type: ignore[arg-type]
        date_of_birth=date.fromisoformat(born) if born else None,
        preferred_channel=contact.preferred_channel,
    )


def merged(details: Details, changes: Mapping[str, Any]) -> Details:
    """Details with some fields given anew."""
    return replace(details, **changes)


def sealed_values(contact: Contact, details: Details, changes: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """What to store of the fields that really differ: a new ciphertext for an equal text would be no change."""
    held = asdict(details)
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if value == held[name]:
            continue
        if name == "preferred_channel":
            values[name] = value
        else:
            text = value.isoformat() if isinstance(value, date) else value
            values[name] = seal(text, key=key, record=contact, field=name)
    return values


def hashes_of(trial_id: UUID, details: Details) -> dict[str, str]:
    """Keyed hashes by kind; bound to the trial, so that they link nobody between trials."""
    return {kind: _hash(kind, trial_id, text) for kind, text in comparable(details).items()}


def index(participant: Participant, details: Details) -> None:
    """Bring the index of hashes in step with the details."""
    wanted = hashes_of(participant.trial_id, details)
    IdentifierHash.objects.filter(participant=participant).exclude(kind__in=wanted).delete()
    for kind, value in wanted.items():
        IdentifierHash.objects.update_or_create(participant=participant, kind=kind, defaults={"value": value})


def same_person(trial: Trial, details: Details, apart_from: Participant | None = None) -> list[Participant]:
    """Participants of the trial with the same e-mail, phone, or name and date of birth."""
    hashes = hashes_of(trial.pk, details)
    telling = [value for kind, value in hashes.items() if kind != IdentifierHash.Kind.NAME]
    if not telling:
        return []
    found = Participant.objects.filter(trial=trial, identifier_hashes__value__in=telling)
    if apart_from is not None:
        found = found.exclude(pk=apart_from.pk)
    return list(found.distinct().order_by("number"))


def name_hash(trial: Trial, name: str) -> str:
    """The hash by which somebody of this very name is found."""
    return _hash(IdentifierHash.Kind.NAME, trial.pk, plain_name(name))


def _hash(kind: str, trial_id: UUID, text: str) -> str:
    return keyed_hash(text, purpose=f"contact.{kind}:{trial_id}")
