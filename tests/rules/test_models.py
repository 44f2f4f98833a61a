"""Rules over all models, so that a new one fails until somebody has thought about it."""

import pytest
from django.apps import apps
from django.db import models

from audit.classes import FieldClass
from audit.records import Record

HOUSE = {
    "accounts",
    "audit",
    "trials",
    "review",
    "participants",
    "outcomes",
    "safety",
    "reminders",
    "randomization",
    "therapy",
}
SEALED_APPS = {"randomization", "therapy"}
LETTER_BOXES = {
    "outcomes.Guess": "a blinded person says what they believe, and nobody blind reads it",
    "participants.LearnedArm": "a blinded person says what they were told, and nobody blind reads it",
}
READABLE_THOUGH_UNBLINDING = {
    "trials.Membership.qualification": "of a therapist; who treats whom is sealed",
}

NOT_RECORDS = {
    "accounts.User": "people's logins; role changes are acts",
    "accounts.ApiToken": "a credential; issuing and revoking are acts",
    "accounts.KeptEntry": "what was typed and not sent; sending is the entry",
    "audit.Entry": "the trail itself",
    "audit.Change": "the trail itself",
    "audit.Head": "the trail itself",
    "participants.IdentifierKey": "a person's key, erased when their identifiers must go",
    "participants.IdentifierHash": "warns of the same person twice; goes with the key",
    "participants.ScreeningDraft": "saving the screening is the entry; a draft is not yet data",
    "outcomes.Draft": "submitting is the entry; a draft is not yet data",
}


def house_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in HOUSE]


@pytest.mark.parametrize("model", house_models(), ids=lambda m: m._meta.label)
def test_every_model_is_a_record_or_says_why_not(model: type[models.Model]) -> None:
    assert issubclass(model, Record) or model._meta.label in NOT_RECORDS


@pytest.mark.parametrize("model", [m for m in house_models() if issubclass(m, Record)], ids=lambda m: m._meta.label)
def test_every_field_is_classified_and_no_class_is_left_over(model: type[Record]) -> None:
    fields = {field.name for field in model._meta.concrete_fields} - {"id"}
    assert set(model.CLASSES) == fields
    assert all(isinstance(each, FieldClass) for each in model.CLASSES.values())


@pytest.mark.parametrize("model", house_models(), ids=lambda m: m._meta.label)
def test_sealed_rooms_seal_every_table(model: type[models.Model]) -> None:
    sealed = hasattr(model, "OPEN_COLUMNS")
    assert sealed == (model._meta.app_label in SEALED_APPS or model._meta.label in LETTER_BOXES)
    assert getattr(model, "BLIND_ADDS", False) == (model._meta.label in LETTER_BOXES)
    if sealed:
        columns = {field.column for field in model._meta.concrete_fields}
        assert columns >= model.OPEN_COLUMNS
        named = {
            field.column
            for field in model._meta.concrete_fields
            if model.CLASSES.get(field.name) is FieldClass.UNBLINDING
        }
        assert not named & model.OPEN_COLUMNS, "a column that betrays an arm stays readable"


@pytest.mark.parametrize("model", house_models(), ids=lambda m: m._meta.label)
def test_a_field_that_betrays_an_arm_is_sealed_wherever_it_stands(model: type[models.Model]) -> None:
    betraying = [name for name, each in getattr(model, "CLASSES", {}).items() if each is FieldClass.UNBLINDING]
    named = [f"{model._meta.label}.{name}" for name in betraying]
    assert hasattr(model, "OPEN_COLUMNS") or set(named) <= set(READABLE_THOUGH_UNBLINDING)


@pytest.mark.parametrize("model", house_models(), ids=lambda m: m._meta.label)
def test_no_way_into_a_sealed_room_through_the_model_graph(model: type[models.Model]) -> None:
    """A foreign key makes a way back without any import; out of a sealed room it must not."""
    for field in model._meta.get_fields():
        related = getattr(field, "related_model", None)
        if related is None or related == "self" or not hasattr(related, "_meta"):
            continue
        if model._meta.app_label in SEALED_APPS:
            if field.concrete:
                assert field.remote_field.hidden, f"{field} needs related_name='+'"
                assert field.remote_field.on_delete is models.DO_NOTHING, f"{field} needs DO_NOTHING"
        else:
            assert related._meta.app_label not in SEALED_APPS, f"{field} reaches into a sealed room"


@pytest.mark.parametrize("model", house_models(), ids=lambda m: m._meta.label)
def test_keys_out_of_a_sealed_table_have_no_database_constraint_unless_open(model: type[models.Model]) -> None:
    """SQLite reads a child's key when a parent is written; a sealed one would forbid writing the parent blind."""
    if not hasattr(model, "OPEN_COLUMNS"):
        return
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label not in SEALED_APPS:
            assert not field.db_constraint or field.column in model.OPEN_COLUMNS


@pytest.mark.parametrize("model", house_models(), ids=lambda m: m._meta.label)
def test_moments_and_people_come_in_pairs(model: type[models.Model]) -> None:
    """x_at without x_by (or the other way round) loses who or when."""
    roles_not_moments = {"filled_by": "whose form it is", "explained_by": "signed_at tells when"}
    names = {field.name for field in model._meta.concrete_fields}
    for name in names:
        if name.endswith("_by") and name not in roles_not_moments:
            assert name.removesuffix("_by") + "_at" in names, f"{name} has no moment"
