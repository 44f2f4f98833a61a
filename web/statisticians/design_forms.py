"""The second step of a design: what the chosen method needs. Arms, ratio and strata are the protocol's."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from randomization import policies
from randomization.design import LARGEST_BLOCK, LONGEST_LIST, Design
from randomization.design_minimization import LARGEST_FACTOR_WEIGHT
from trials.models import Trial
from trials.protocol import Protocol
from web.forms import ChoiceField, Form, NumberField
from web.statisticians.methods import DISTANCES

_FRACTION = re.compile(r"(\d{1,9}) ?/ ?(\d{1,9})")
_DECIMAL = re.compile(r"(\d{0,3})[.,](\d{1,6})|[01]")
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?) ?%")


class DesignForm(Form):
    """What every method asks. ``design`` gives the design, or raises the problems that belong to the fields."""

    METHOD = ""
    effect = NumberField(
        label=gettext_lazy("Assumed effect of a guess"),
        help_text=gettext_lazy(
            "By how much a recruiter who guesses right would shift prognosis, in standard deviations, for example "
            "0.2. It serves the foresight alone and is not stored."
        ),
        low=Decimal("0.01"),
        high=Decimal(5),
        places=2,
        required=False,
    )

    def __init__(self, protocol: Protocol, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.protocol = protocol
        self.add_own_fields()
        # The effect is asked last: it is no part of the design.
        self.order_fields([*(name for name in self.fields if name != "effect"), "effect"])

    def add_own_fields(self) -> None:
        """Fields that depend on the protocol."""

    def document(self) -> dict[str, Any]:
        """The design as plain values, without what is the protocol's."""
        own = {name: value for name, value in self.cleaned_data.items() if name != "effect"}
        return {"method": self.METHOD, **{name: value for name, value in own.items() if value not in (None, "")}}

    def design(self, trial: Trial) -> Design:
        """The design entered; raises Invalid with a problem for each fault."""
        return policies.check_design(trial, self.document())


class ListForm(DesignForm):
    """Methods whose list is drawn ahead."""

    slots_per_stratum = NumberField(
        label=gettext_lazy("Places in each stratum's list"),
        help_text=gettext_lazy("Left empty, as many as the target: all participants may fall into one stratum."),
        low=1,
        high=LONGEST_LIST,
        required=False,
    )


class BlocksForm(ListForm):
    """Permuted blocks of one size or several."""

    METHOD = "permuted_blocks"
    block_sizes = forms.CharField(
        label=gettext_lazy("Block sizes"),
        help_text=gettext_lazy(
            "One size, or several such as 4, 6, 8, each equally likely for every block. Multiples of the sum of the "
            "ratio."
        ),
        max_length=60,
        error_messages={"required": gettext_lazy("Name at least one block size.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    field_order = ("block_sizes", "slots_per_stratum")

    def clean_block_sizes(self) -> list[int]:
        """The sizes typed, separated by commas or spaces."""
        parts = [part for part in re.split(r"[,;\s]+", self.cleaned_data["block_sizes"]) if part]
        if not all(part.isdecimal() and part.isascii() and len(part) <= 4 for part in parts):
            raise ValidationError(_("Enter whole numbers separated by commas, for example 4, 6, 8."))
        return [int(part) for part in parts]


class BigStickForm(ListForm):
    """A fair coin until one arm leads by the limit."""

    METHOD = "big_stick"
    limit = NumberField(
        label=gettext_lazy("Largest lead of one arm"),
        help_text=gettext_lazy("In participants of one stratum. At this lead the other arm comes without a toss."),
        low=1,
        high=LARGEST_BLOCK,
    )
    field_order = ("limit", "slots_per_stratum")


class SimpleForm(ListForm):
    """Nothing to set but the length."""

    METHOD = "simple"


class MinimizationForm(DesignForm):
    """Weights of the protocol's strata as factors, the distance, and how strongly the coin leans."""

    METHOD = "minimization"
    distance = ChoiceField(
        label=gettext_lazy("Distance between the arms"),
        help_text=gettext_lazy("Counts are divided by the weights of the ratio first."),
        choices=list(DISTANCES.items()),
    )
    probability = forms.CharField(
        label=gettext_lazy("Probability of the preferred arm"),
        help_text=gettext_lazy(
            "For example 80/100 or 0.8. At 1 the next arm is known to whoever knows the past ones. With unequal "
            "weights, that of the arm with the smallest weight."
        ),
        max_length=20,
        widget=forms.TextInput({"class": "w-6", "autocomplete": "off"}),
    )
    overall_weight = NumberField(
        label=gettext_lazy("Weight of the arms' totals"),
        help_text=gettext_lazy("Beside the factors. Left empty, 0: the totals do not count."),
        low=0,
        high=LARGEST_FACTOR_WEIGHT,
        required=False,
    )
    slots_per_stratum = NumberField(
        label=gettext_lazy("Most participants"),
        help_text=gettext_lazy("Left empty, as many as the target."),
        low=1,
        high=LONGEST_LIST,
        required=False,
    )

    def add_own_fields(self) -> None:
        language = get_language() or "en"
        for number, factor in enumerate(self.protocol.strata):
            self.fields[f"weight_{number}"] = NumberField(
                label=_("Weight of the factor: %(factor)s") % {"factor": factor.label.in_language(language)},
                help_text=_("Left empty, 1."),
                low=1,
                high=LARGEST_FACTOR_WEIGHT,
                required=False,
            )
        self.order_fields([name for name in self.fields if name.startswith("weight_")])

    def clean_probability(self) -> str:
        """As a fraction of whole numbers: 80/100, 0.8, 0,8 and 80 % are one."""
        typed = str(self.cleaned_data["probability"]).strip()
        if found := _FRACTION.fullmatch(typed):
            return f"{found[1]}/{found[2]}"
        percent = _PERCENT.fullmatch(typed)
        if not percent and not _DECIMAL.fullmatch(typed):
            raise ValidationError(_("Write a fraction such as 80/100, or a decimal such as 0.8."))
        number = (percent[1] if percent else typed).replace(",", ".")
        fraction = Fraction(number if number[0] != "." else f"0{number}") / (100 if percent else 1)
        return f"{fraction.numerator}/{fraction.denominator}"

    def document(self) -> dict[str, Any]:
        own = super().document()
        weights = {factor.code: own.pop(f"weight_{number}", 1) for number, factor in enumerate(self.protocol.strata)}
        return {**own, "factors": weights}


LIST_FORMS: Mapping[str, type[DesignForm]] = {
    form.METHOD: form for form in (BlocksForm, BigStickForm, MinimizationForm, SimpleForm)
}
