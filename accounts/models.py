"""Accounts of staff. Participants have none: they answer by link."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.classes import FieldClass, classify
from core import clock, ids


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, language: str = "en") -> "User":
        """One named account for one person; without a password nobody can log in with it."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, language=language)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with a login. What they may do stands in their memberships of trials."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=8, default="en", choices=settings.LANGUAGES)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    password_set_at = models.DateTimeField(null=True, editable=False)
    _password: str | None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note when a password is a new one; a hash made stronger at a sign-in is none, as Django marks it."""
        if self._password is not None:
            self.password_set_at = clock.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "password_set_at"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key for other software, of one person, until a day. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    purpose = models.CharField(max_length=120)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    @property
    def ended_at(self) -> datetime | None:
        """When it was ended before its day: revoked, or by a new password of its person; None if it was not."""
        by_password = self.user.password_set_at
        is_older = by_password is not None and self.created_at < by_password
        return self.revoked_at or (by_password if is_older else None)

    def is_valid(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.expires_at and self.user.is_active


class KeptEntry(models.Model):
    """What somebody had typed when their login had run out: sealed, theirs alone, for some hours.

    Not data and not a record: nothing of it was sent. ``page`` is where it was typed, ``action`` where it was
    going; both are addresses without words.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        identifying="typed", technical="id user page action kept_at expires_at"
    )

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_entries")
    page = models.CharField(max_length=500)
    action = models.CharField(max_length=500)
    typed = models.BinaryField()
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="kept_entry_expiry")]
