"""What a trial is: its protocol versions, its sites, and who works in it as what."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from accounts.roles import ROLES, Role, RoleDefinition
from audit.classes import FieldClass, classify
from audit.records import Record


class Trial(Record):
    """A trial, known by its code in addresses and study numbers."""

    class State(models.TextChoices):
        SETUP = "setup"
        RECRUITING = "recruiting"
        LOCKED = "locked"

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="code title", technical="state time_zone packs drawn_from revision"
    )

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.SETUP)
    time_zone = models.CharField(max_length=40, default="America/Toronto")
    packs = models.PositiveIntegerField(default=0)
    """How many content packs were loaded. Packs are never changed or taken away, so the number names the set."""
    drawn_from = models.PositiveIntegerField(null=True)
    """The protocol version that the allocation list was drawn from: its arms, ratio and strata stay. Handed down."""

    def __str__(self) -> str:
        return self.title

    def label(self) -> str:
        return self.code


class ProtocolVersion(Record):
    """The protocol document as loaded, whole. Never changed: an amendment is a new version."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="number", technical="trial text sha256 loaded_at loaded_by revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="one_protocol_version_number")]


class LoadedPack(Record):
    """A content pack as loaded: the words of one instrument in one language. Never changed: a newer one follows it."""

    APPEND_ONLY = True
    KEPT_BY_HASH = frozenset({"text"})
    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        exportable="instrument instrument_version language version",
        technical="trial number licence_owner licence_reference text sha256 loaded_at loaded_by revision",
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    version = models.CharField(max_length=40)
    licence_owner = models.CharField(max_length=300)
    licence_reference = models.CharField(max_length=300)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="one_pack_number"),
            models.UniqueConstraint(
                fields=["trial", "instrument", "language", "version"], name="one_pack_of_a_version"
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="pack_text")]

    def label(self) -> str:
        return f"{self.instrument} {self.language} {self.version}"


class Site(Record):
    """A place where the trial runs. Its code begins the study numbers."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(exportable="code name", technical="trial time_zone revision")

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "code"], name="one_site_code")]

    def __str__(self) -> str:
        return self.name


class Membership(Record):
    """A role of a person in a trial, at one site or all. Ended, never removed."""

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="user trial site role granted_at granted_by ended_at ended_by revision", unblinding="qualification"
    )

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    qualification = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "trial"], name="membership_user_trial")]

    @property
    def definition(self) -> RoleDefinition:
        return ROLES[Role(self.role)]

    def label(self) -> str:
        return self.role


class CalendarLink(Record):
    """The right of one person to read their calendar of a trial from a program, until a moment. Only the hash is kept.

    What it shows follows from the roles held when it is read: a role that ended takes its entries along.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="user trial token_hash issued_at expires_at revoked_at revision"
    )

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "trial"], condition=models.Q(revoked_at=None), name="one_calendar_link"
            )
        ]
