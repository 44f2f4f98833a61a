"""The form by which a content pack is checked and loaded."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.problems import Problem
from instruments.files import MAXIMUM_BYTES
from web.forms import Form, ReasonField

MOST_SENTENCES = 50


class PackForm(Form):
    """A file, and why its words replace others. ``cleaned_data["file"]`` is the text."""

    file = forms.FileField(
        label=gettext_lazy("Content pack"),
        help_text=gettext_lazy("A JSON file of at most 1 MB: one instrument in one language."),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".json,application/json"}),
    )
    reason = ReasonField(
        label=gettext_lazy("Why do the words change?"),
        help_text=gettext_lazy("Needed when a pack of this form and language is loaded already."),
        required=False,
    )

    def clean_file(self) -> str:
        """The text of the file."""
        data: Any = self.cleaned_data["file"].read(MAXIMUM_BYTES + 1)
        if len(data) > MAXIMUM_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Load one instrument at a time."))
        try:
            return str(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not UTF-8 text. Save it as UTF-8.")) from None

    def refuse(self, sentences: Sequence[str]) -> None:
        """Say what is wrong with the file; of very many mistakes the first."""
        for sentence in sentences[:MOST_SENTENCES]:
            self.add_problem(Problem("pack.file", sentence, field="file"))
        more = len(sentences) - MOST_SENTENCES
        if more > 0:
            said = ngettext("There is %(count)s more mistake.", "There are %(count)s more mistakes.", more)
            self.add_error("file", said % {"count": more})
