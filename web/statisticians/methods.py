"""The methods by which a list can be made, in words, and the choice among them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from web.forms import ChoiceField, Form

METHODS: dict[str, Any] = {
    "permuted_blocks": _("Permuted blocks: every block holds the ratio exactly; one size, or several at random"),
    "big_stick": _("Big stick: a fair coin until one arm leads by the limit"),
    "minimization": _("Minimization: the arm that leaves the factors most even, with a high probability"),
    "simple": _("Simple: every allocation drawn on its own"),
    "uploaded_table": _("Uploaded table: a list made elsewhere, in REDCap's format"),
}
NAMES: dict[str, Any] = {
    "permuted_blocks": _("Permuted blocks"),
    "big_stick": _("Big stick"),
    "minimization": _("Minimization"),
    "simple": _("Simple randomization"),
    "uploaded_table": _("Uploaded table"),
}
DISTANCES: dict[str, Any] = {
    "range": _("Range: largest less smallest number"),
    "variance": _("Variance"),
    "standard_deviation": _("Standard deviation"),
    "marginal_balance": _("Marginal balance: differences of all pairs of arms"),
}
"""How far apart the arms are at a level of a factor; docs/randomization.md has the formulas."""


class MethodForm(Form):
    """The first step of a design."""

    method = ChoiceField(label=_("Method"), choices=list(METHODS.items()))
