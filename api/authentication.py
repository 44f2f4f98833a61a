"""Who calls: the person whose token comes with the request."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.tokens import find_user

SCHEME = "Bearer"
LONGEST_TOKEN = 200


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``. An unknown, expired or revoked token is told the same."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME.lower().encode():
            return None
        text = words[1].decode("latin-1") if len(words) == 2 else ""
        user = find_user(text) if 0 < len(text) <= LONGEST_TOKEN else None
        if user is None:
            raise AuthenticationFailed(
                _("This token is not valid, or not any more. Ask the administrator for a new one."), code="token"
            )
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return SCHEME
