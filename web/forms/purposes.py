"""What data are for, asked before they leave the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms.base import Form


class PurposeForm(Form):
    """The purpose, in answer to the question of the page, and whether the file is for sharing."""

    purpose = forms.CharField(
        help_text=_("It is kept in the audit trail with your name and the time, and stands in the file."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    for_sharing = forms.BooleanField(
        label=_("For sharing: only those who agreed to it; without sites, free text and study numbers"), required=False
    )

    def __init__(self, question: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].label = question
