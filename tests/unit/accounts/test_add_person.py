"""Accounts are made by command, named, and never above the rules."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.models import Entry

pytestmark = pytest.mark.django_db


def test_an_account_is_made_once_and_noted() -> None:
    call_command("add_person", "noor@example.org", "Noor Haddad", language="fr")
    user = User.objects.get()
    assert (user.name, user.language, user.has_usable_password()) == ("Noor Haddad", "fr", False)
    assert Entry.objects.get().verb == "account.add"
    with pytest.raises(CommandError, match="already"):
        call_command("add_person", "Noor@Example.org", "Somebody else")


def test_there_are_no_superusers() -> None:
    with pytest.raises(CommandError, match="no superusers"):
        call_command("createsuperuser")
