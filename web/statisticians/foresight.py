"""What a design foretells: figures, places by stratum against the target, warnings with numbers."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.numbers import to_places
from randomization import policies
from randomization.design import Design, Minimization, UploadedTable
from randomization.predictability import Predictability, predict
from randomization.segments import slots_after
from randomization.simulation import foretell
from trials.models import Trial
from trials.protocol import Protocol
from trials.queries import protocol_of
from web.components import Table, TableCell
from web.statisticians.words import factor_names, stratum_names


@dataclass(frozen=True)
class Foresight:
    """What the statistician sees before sealing. ``basis``: how the figures were found, in a sentence."""

    figures: Table
    basis: str
    places: Table
    warnings: list[str]


def foresee(trial: Trial, design: Design, effect: Decimal | None = None) -> Foresight:
    """Everything about a design, at the numbers the protocol expects. ``effect``: what was typed as assumed."""
    protocol = protocol_of(trial)
    length = _expected(design, protocol)
    found = predict(design, length, effect=float(effect or 1))
    return Foresight(
        figures=_figures(design, protocol, found, effect),
        basis=_basis(design, found),
        places=places_table(protocol, design),
        warnings=policies.design_warnings(trial, design),
    )


def _expected(design: Design, protocol: Protocol) -> int:
    """Participants expected in one stratum's list; a minimization has one list for all."""
    return max(1, -(-protocol.target // len(design.strata)))


def _figures(design: Design, protocol: Protocol, found: Predictability, effect: Decimal | None) -> Table:
    rows = [
        (_("Right guesses of somebody who knows the past arms"), percent(found.guess_rate)),
        *_guesses_within(design, protocol, found.length),
        (_long_run_label(found), percent(found.guess_rate_long_run)),
        (_("Right guesses by chance alone"), percent(found.chance)),
        (_certain_label(design), percent(found.certain_if_sizes_known)),
    ]
    if not isinstance(design, Minimization | UploadedTable):
        rows.append((_("Certain to somebody who knows which sizes occur"), percent(found.certain_if_set_known)))
    rows += [
        (_imbalance_label(design), to_places(found.expected_imbalance, 2)),
        (_bias_label(effect), _bias(found, effect)),
    ]
    cells = [[TableCell(label), TableCell(value, number=True)] for label, value in rows]
    return Table(_caption(design, found.length), [_("Figure"), _("Value")], cells)


def _caption(design: Design, length: int) -> str:
    if isinstance(design, Minimization):
        return _("Predictability, for %(length)d participants") % {"length": length}
    return _("Predictability, for %(length)d participants in a stratum") % {"length": length}


def _guesses_within(design: Design, protocol: Protocol, length: int) -> list[tuple[str, str]]:
    """For a minimization, what somebody sees who knows the arms of one level of a factor, such as a site's staff."""
    if not isinstance(design, Minimization):
        return []
    names = factor_names(protocol)
    label = _("The same, seeing only past arms of the same level of: %(factor)s")
    within = foretell(design, length).guess_rate_within
    return [(label % {"factor": names.get(code, code)}, percent(rate)) for code, rate in within.items()]


def _long_run_label(found: Predictability) -> str:
    if found.basis == "table":
        return _("The same, over the whole table")
    return _("The same, in the later half") if found.basis == "simulated" else _("The same, in an endless list")


def _certain_label(design: Design) -> str:
    if isinstance(design, Minimization):
        return _("Certain to somebody who knows everything but the seed")
    if isinstance(design, UploadedTable):
        return _("Certain to somebody who knows the blocks the table runs in")
    return _("Certain to somebody who knows each block's size (or the limit)")


def _imbalance_label(design: Design) -> str:
    if isinstance(design, Minimization):
        return _("Expected imbalance at the end of the trial, in participants")
    return _("Expected imbalance at the end of a stratum, in participants")


def _bias_label(effect: Decimal | None) -> str:
    if effect is None:
        return _("Bias from guessing, as a multiple of the assumed effect")
    return _("Bias from guessing, for an assumed effect of %(effect)s") % {"effect": number_format(effect)}


def _bias(found: Predictability, effect: Decimal | None) -> str:
    if found.bias is None:
        return _("not for this ratio")
    return to_places(found.bias, 2 if effect is None else 3)


def _basis(design: Design, found: Predictability) -> str:
    if isinstance(design, Minimization):
        made = foretell(design, found.length)
        sentence = _(
            "Simulated: %(trials)d trials of %(length)d participants, levels equally likely; the guess rate errs by "
            "about %(error)s."
        )
        facts = {"trials": made.trials, "length": made.length, "error": to_places(made.standard_error, 4)}
        return sentence % facts
    if found.basis == "table":
        return _("Counted out in the table as it is. How it was drawn is not known here.")
    return _("Exact: computed from the design, not simulated.")


def places_table(protocol: Protocol, *designs: Design) -> Table:
    """How many places each stratum has after these segments, and whether they cover the whole target."""
    names = stratum_names(protocol)
    rows = [
        [
            TableCell(names.get(key, key)),
            TableCell(str(places), number=True),
            TableCell(str(protocol.target), number=True),
            TableCell(_covers(places, protocol.target)),
        ]
        for key, places in slots_after(designs).items()
    ]
    head = [_("Stratum"), _("Places"), _("Target of the trial"), _("Enough if all fall into it")]
    return Table(_("Places by stratum, against the target"), head, rows)


def _covers(places: int, target: int) -> str:
    return _("yes") if places >= target else _("no: %(short)d short") % {"short": target - places}


def percent(share: float | None) -> str:
    """A share as it is read everywhere in the room; a sentence where it is not known."""
    if share is None:
        return _("not computed for blocks this large")
    return _("%(number)s %%") % {"number": to_places(100 * share, 1)}
