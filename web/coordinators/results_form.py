"""The forms by which a file of results is checked and then entered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.problems import Problem
from outcomes.result_files import LARGEST
from web.forms import ChoiceField, Form

MOST_SENTENCES = 100


class ResultsForm(Form):
    """Of which form a file holds results, and the file. ``cleaned_data["file"]`` is its text."""

    instrument = ChoiceField(label=gettext_lazy("Form"))
    file = forms.FileField(
        label=gettext_lazy("File of results"),
        help_text=gettext_lazy("CSV in UTF-8, at most 500 kB: one row for each form."),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )

    def __init__(self, instruments: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instrument"].choices = list(instruments)  # type: ignore[attr-defined]

    def clean_file(self) -> str:
        """The text of the file."""
        data: Any = self.cleaned_data["file"].read(LARGEST + 1)
        if len(data) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 500 kB. Load it in parts."))
        try:
            return plain(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not UTF-8 text. Save it as CSV in UTF-8.")) from None

    def refuse(self, sentences: Sequence[str]) -> None:
        """Say what is wrong with the file; of very many mistakes the first."""
        for sentence in sentences[:MOST_SENTENCES]:
            self.add_problem(Problem("import.file", sentence, field="file"))
        more = len(sentences) - MOST_SENTENCES
        if more > 0:
            said = ngettext("There is %(count)s more mistake.", "There are %(count)s more mistakes.", more)
            self.add_error("file", said % {"count": more})


class EnterForm(Form):
    """The file that was looked at, sent again by the page, and that its unusual values stand."""

    instrument = forms.CharField(widget=forms.HiddenInput())
    document = forms.CharField(widget=forms.HiddenInput(), strip=False, max_length=LARGEST)
    sha256 = forms.CharField(widget=forms.HiddenInput(), max_length=64)

    def __init__(self, *args: Any, asks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"] = forms.BooleanField(
            label=_("The unusual values are right"), required=False, widget=None if asks else forms.HiddenInput()
        )

    def clean_document(self) -> str:
        """Browsers send lines as they please; the file is the same."""
        return plain(self.cleaned_data["document"])


def plain(text: str) -> str:
    """The text with lines ended as the hash of the file counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
