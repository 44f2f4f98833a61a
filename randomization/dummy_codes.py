"""Letters that stand for arms in data for analysts who must not know which is which.

Drawn at random once for each trial and sealed; the letters are the same in every dataset and report of the trial.
"""

import json
from typing import ClassVar
from uuid import UUID

from django.db import models

from audit.actors import Grant
from audit.acts import act
from audit.classes import FieldClass, classify
from audit.records import Record
from core import clock, ids
from core.encryption import decrypt, encrypt, keyring
from trials.models import Trial
from trials.queries import protocol_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class DummyCodes(Record):
    """Which letter stands for which arm, sealed. Never changed. The seal is equally long whatever the letters are."""

    APPEND_ONLY = True
    OPEN_COLUMNS: ClassVar[frozenset[str]] = frozenset({"id", "trial_id"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial drawn_at drawn_by revision", unblinding="sealed_letters"
    )

    trial = models.ForeignKey(Trial, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    sealed_letters = models.BinaryField()
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial"], name="one_set_of_letters")]


def letters_of(trial: Trial, grant: Grant) -> dict[str, str]:
    """{arm: letter} in the order of the letters, drawn when first asked for. Needs ``unblinded``."""
    held = DummyCodes.objects.filter(trial=trial).first()
    return _open(held) if held is not None else _draw(trial, grant)


def _draw(trial: Trial, grant: Grant) -> dict[str, str]:
    with act("dummy_codes.draw", grant=grant, subject=trial, secrecy=FieldClass.UNBLINDING) as a:
        # Two who ask at once get the same letters: the second waits for the trial's row and finds them.
        Trial.objects.select_for_update().get(pk=trial.pk)
        held = DummyCodes.objects.filter(trial=trial).first()
        if held is None:
            arms = [arm.code for arm in protocol_of(trial).design.arms]
            left = list(LETTERS[: len(arms)])
            letters = {arm: left.pop(left.index(ids.choose(left))) for arm in arms}
            sealed = encrypt(json.dumps(letters).encode(), key=keyring.key("sequence"), context=_place(trial.pk))
            held = a.create(
                DummyCodes(trial=trial, sealed_letters=sealed, drawn_at=clock.now(), drawn_by=grant.actor.id)
            )
    return _open(held)


def _open(held: DummyCodes) -> dict[str, str]:
    plain = decrypt(bytes(held.sealed_letters), key=keyring.key("sequence"), context=_place(held.trial_id))
    letters: dict[str, str] = json.loads(plain)
    return dict(sorted(letters.items(), key=lambda each: each[1]))


def _place(trial_id: UUID) -> str:
    return f"dummy codes:{trial_id}"
