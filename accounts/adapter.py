"""How accounts behave at the login page."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts are made by people who may give roles."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
