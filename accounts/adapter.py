"""How accounts behave at the login page."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import translation

from accounts import languages
from accounts.models import User
from core.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts are made by people who may give roles."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign somebody in, in their language."""
        super().login(request, user)
        languages.apply(request, user)  # type: ignore[arg-type]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to somebody in their language, whoever asked for the mail."""
        known = User.objects.filter(email__iexact=email).values_list("language", flat=True).first()
        with translation.override(known or translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count by."""
        return client_address(request)
