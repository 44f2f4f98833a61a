"""The form a design is entered with, and what it foretells."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from randomization.design import LARGEST_BLOCK, LONGEST_LIST, BigStick, Design, PermutedBlocks
from randomization.predictability import Predictability, predict
from trials.protocol import Protocol
from web.components import SummaryRow, Table, TableCell
from web.forms import ChoiceField, Form, NumberField

METHODS = [
    ("permuted_blocks", gettext_lazy("Permuted blocks of random sizes")),
    ("big_stick", gettext_lazy("Big stick: a fair coin until one arm leads by the limit")),
    ("simple", gettext_lazy("Simple: a coin for everybody")),
]


class DesignForm(Form):
    """How the list is made. Arms, ratio and strata are the protocol's and not asked."""

    method = ChoiceField(label=gettext_lazy("Method"), choices=METHODS)
    block_sizes = forms.CharField(
        label=gettext_lazy("Block sizes"),
        help_text=gettext_lazy("For permuted blocks. Several sizes, for example 4, 6, 8; each is equally likely."),
        max_length=60,
        required=False,
    )
    limit = NumberField(
        label=gettext_lazy("Largest lead of one arm"),
        help_text=gettext_lazy("For big stick."),
        low=1,
        high=LARGEST_BLOCK,
        required=False,
    )
    slots_per_stratum = NumberField(
        label=gettext_lazy("Places in each stratum's list"),
        help_text=gettext_lazy("Left empty, as many as the target: all participants may fall into one stratum."),
        low=1,
        high=LONGEST_LIST,
        required=False,
    )

    def clean_block_sizes(self) -> list[int]:
        """The sizes typed, separated by commas or spaces."""
        parts = [part for part in re.split(r"[,;\s]+", self.cleaned_data["block_sizes"]) if part]
        if not all(part.isdecimal() and part.isascii() and len(part) <= 4 for part in parts):
            raise ValidationError(_("Enter whole numbers separated by commas, for example 4, 6, 8."))
        return [int(part) for part in parts]

    def document(self) -> dict[str, Any]:
        """The design as plain values, with only what was entered."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        if given.get("method") == "permuted_blocks":
            given.setdefault("block_sizes", [])
        return given


def design_rows(design: Design) -> list[SummaryRow]:
    """A design in words, for those who may see it."""
    rows = [SummaryRow(_("Method"), str(dict(METHODS)[design.method]))]
    if isinstance(design, PermutedBlocks):
        rows.append(SummaryRow(_("Block sizes"), ", ".join(str(size) for size in design.block_sizes)))
    if isinstance(design, BigStick):
        rows.append(SummaryRow(_("Largest lead of one arm"), str(design.limit)))
    places = _("%(slots)d in each of %(strata)d strata") % {
        "slots": design.slots_per_stratum,
        "strata": len(design.strata),
    }
    return [*rows, SummaryRow(_("Places"), places)]


def figures_of(design: Design, protocol: Protocol) -> Table:
    """How well the next arm can be guessed, and how uneven the arms may end, at the size a stratum will have."""
    expected = max(1, -(-protocol.target // len(design.strata)))
    found = predict(design, expected)
    rows = [
        (_("Right guesses of somebody who knows the past arms"), _percent(found.guess_rate)),
        (_("The same, in an endless list"), _percent(found.guess_rate_long_run)),
        (_("Right guesses by chance alone"), _percent(found.chance)),
        (_("Certain to somebody who knows each block's size (or the limit)"), _percent(found.certain_if_sizes_known)),
        (_("Certain to somebody who knows which sizes occur"), _percent(found.certain_if_set_known)),
        (_("Expected imbalance at the end of a stratum, in participants"), _number(found.expected_imbalance, 2)),
        (_("Bias from guessing, for a shift of 0.2 with each guess"), _bias(found)),
    ]
    caption = _("Predictability, for %(expected)d participants in a stratum") % {"expected": expected}
    cells = [[TableCell(label), TableCell(value, number=True)] for label, value in rows]
    return Table(caption, [_("Figure"), _("Value")], cells)


def _bias(found: Predictability) -> str:
    return _("not for this ratio") if found.bias is None else _number(found.bias, 3)


def _percent(share: float | None) -> str:
    if share is None:
        return _("not computed for blocks this large")
    return _("%(number)s %%") % {"number": _number(100 * share, 1)}


def _number(value: float, places: int) -> str:
    return number_format(value, places)
