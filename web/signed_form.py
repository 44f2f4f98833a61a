"""The password typed again where somebody signs or locks: with the login, the two parts of a signature."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.forms import Form
from web.pages import TrialRequest


class SignedForm(Form):
    """A form that only the person who is logged in can send: it asks for their password."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, request: TrialRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.order_fields([name for name in self.fields if name != "password"])

    def clean_password(self) -> str:
        """The password of the login; after ten wrong ones in a minute nobody's is looked at."""
        user: Any = self.request.user
        password = str(self.cleaned_data["password"])
        if not ratelimit.consume(self.request, action="reauthenticate", user=user):
            raise ValidationError(_("Too many attempts. Wait a minute, then try again."), code="password.limit")
        if not user.check_password(password):
            raise ValidationError(_("This is not your password. Type the one you sign in with."), code="password.wrong")
        return password
