"""The form for a list made elsewhere: a file in REDCap's format, and what its codes mean."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from randomization import policies
from randomization.design import Design, UploadedTable
from randomization.table import LARGEST_FILE, TableField, TableKey, read_table
from trials.models import Trial
from trials.protocol.factors import Factor
from web.statisticians.design_forms import DesignForm

LARGEST_HELD = 1_000_000
"""A file up to this size travels with the page until it is sealed, so that it need not be chosen again."""
LARGEST_SENT = LARGEST_FILE + 2 * LARGEST_HELD
"""What a page with this form takes: a file, one that travels with the page in Base64, and the fields."""
LONGEST_CODE = 60


class TableForm(DesignForm):
    """The file with its codes. What is left empty is as the protocol calls it."""

    METHOD = "uploaded_table"
    table = forms.FileField(
        label=gettext_lazy("Allocation table"),
        help_text=gettext_lazy(
            "CSV in UTF-8 with commas, at most 5 MB. The arm stands in redcap_randomization_group, or else in "
            "redcap_randomization_number. The order of rows is the order of use."
        ),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose the file of the allocation table.")},
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )

    def add_own_fields(self) -> None:
        self.fields["table"].required = not self.data.get("held")
        language = get_language() or "en"
        own = _("Left empty: %(code)s")
        for number, arm in enumerate(self.protocol.design.arms):
            label = _("Code of the arm %(arm)s in the file") % {"arm": arm.code}
            self.fields[f"arm_{number}"] = _code_field(label, own % {"code": arm.code})
        for number, factor in enumerate(self.protocol.strata):
            name = factor.label.in_language(language)
            label = _("Column of the stratum: %(factor)s") % {"factor": name}
            self.fields[f"column_{number}"] = _code_field(label, own % {"code": factor.code})
            for place, level in enumerate(factor.levels):
                facts = {"factor": name, "level": level.label.in_language(language)}
                label = _("Code of %(factor)s: %(level)s") % facts
                self.fields[f"level_{number}_{place}"] = _code_field(label, own % {"code": level.code})

    @property
    def held(self) -> str:
        """The file as it travels with the page: Base64, or nothing where there is none or it is too large."""
        data = getattr(self, "_file", b"")
        return base64.b64encode(data).decode() if 0 < len(data) <= LARGEST_HELD else ""

    @property
    def is_too_large_to_hold(self) -> bool:
        """Whether the file has to be chosen again."""
        return len(getattr(self, "_file", b"")) > LARGEST_HELD

    @property
    def held_name(self) -> str:
        """What the file was called."""
        chosen = self.files.get("table") if self.files else None
        return str(chosen.name if chosen else self.data.get("held_name", ""))[:100]

    def clean(self) -> dict[str, Any]:
        """Every code stands for one thing, and there is a file: the one chosen, or the one held."""
        for names in self._groups():
            self._check_different(names)
        self._file = self._bytes()
        if not self._file and "table" not in self.errors:
            self.add_error("table", ValidationError(_("Choose the file of the allocation table."), code="required"))
        return dict(self.cleaned_data)

    def design(self, trial: Trial) -> Design:
        return policies.check_design(trial, self.read())

    def read(self) -> UploadedTable:
        """The table in the file; raises Problem or Invalid with every faulty row."""
        arms = {self._code(f"arm_{n}", arm.code): arm.code for n, arm in enumerate(self.protocol.design.arms)}
        fields = [self._field(number, factor) for number, factor in enumerate(self.protocol.strata)]
        ratio = {arm.code: self.protocol.design.ratio[arm.code] for arm in self.protocol.design.arms}
        return read_table(self._file, key=TableKey(arms, fields), ratio=ratio)

    def _field(self, number: int, factor: Factor) -> TableField:
        levels = {
            self._code(f"level_{number}_{place}", level.code): level.code for place, level in enumerate(factor.levels)
        }
        return TableField(self._code(f"column_{number}", factor.code), factor.code, levels)

    def _code(self, name: str, own: str) -> str:
        return str(self.cleaned_data.get(name) or own)

    def _groups(self) -> Iterator[dict[str, str]]:
        """Fields whose codes have to differ, with what each means when it is left empty."""
        yield {f"arm_{number}": arm.code for number, arm in enumerate(self.protocol.design.arms)}
        yield {f"column_{number}": factor.code for number, factor in enumerate(self.protocol.strata)}
        for number, factor in enumerate(self.protocol.strata):
            yield {f"level_{number}_{place}": level.code for place, level in enumerate(factor.levels)}

    def _check_different(self, names: dict[str, str]) -> None:
        seen: set[str] = set()
        for name, own in names.items():
            code = self._code(name, own)
            if code in seen and name not in self.errors:
                sentence = _("%(code)s stands for something else already. Give each its own code.")
                self.add_error(name, ValidationError(sentence % {"code": code}, code="twice"))
            seen.add(code)

    def _bytes(self) -> bytes:
        chosen = self.cleaned_data.get("table")
        if chosen is not None:
            return bytes(chosen.read(LARGEST_FILE + 1))
        try:
            return base64.b64decode(self.data.get("held", ""), validate=True)
        except (binascii.Error, ValueError):
            return b""


def _code_field(label: str, hint: str) -> forms.CharField:
    widget = forms.TextInput({"class": "w-6", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_CODE, required=False, widget=widget)
