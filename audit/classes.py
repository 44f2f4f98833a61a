"""What kind of secret a field is. Exports, the API and views of the trail obey these classes."""

from enum import StrEnum


class FieldClass(StrEnum):
    """Every field of every record has exactly one."""

    IDENTIFYING = "identifying"
    """Says who the person is: encrypted, own permission, never exported."""
    UNBLINDING = "unblinding"
    """Holds or betrays an arm."""
    CONCEALED = "concealed"
    """A stratum's score or its items: hidden from those the protocol names."""
    EXPORTABLE = "exportable"
    """Data, for blinded and unblinded datasets alike."""
    TECHNICAL = "technical"
    """Keys, states and counters that no dataset needs."""


SECRECY = [
    FieldClass.TECHNICAL,
    FieldClass.EXPORTABLE,
    FieldClass.IDENTIFYING,
    FieldClass.CONCEALED,
    FieldClass.UNBLINDING,
]


def classify(**names: str) -> dict[str, FieldClass]:
    """A table of classes from space-separated field names: ``classify(exportable="number day", ...)``."""
    return {field: FieldClass(kind) for kind, fields in names.items() for field in fields.split()}


def most_secret(classes: list[FieldClass]) -> FieldClass:
    """The most secret of some classes; technical if there are none."""
    return max(classes, key=SECRECY.index, default=FieldClass.TECHNICAL)
