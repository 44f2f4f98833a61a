"""Written answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonField(forms.CharField):
    """Why a saved value changes; 3 to 500 characters, kept in the audit trail."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Reason for the change"))
        kwargs.setdefault("help_text", _("It is kept with the old and the new value."))
        kwargs.setdefault("widget", forms.Textarea({"rows": 3}))
        kwargs.setdefault("min_length", 3)
        kwargs.setdefault("max_length", 500)
        super().__init__(**kwargs)
        self.error_messages["required"] = _("Enter the reason for the change.")
