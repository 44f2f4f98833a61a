"""Strata, factors, designs, people and moments in the words of the sequence room."""

from collections.abc import Iterable
from itertools import product
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from core.dates import date_format
from randomization.design import UNSTRATIFIED, BigStick, Design, Minimization, PermutedBlocks, UploadedTable
from randomization.strata import key_of, keys_of
from trials.protocol import Protocol
from web.components import SummaryRow
from web.statisticians.methods import DISTANCES, NAMES


def when(moment: Any) -> str:
    """A moment with its zone, as the server keeps it."""
    return _("%(when)s UTC") % {
        "when": date_format(timezone.localtime(moment, timezone.get_fixed_timezone(0)), "j F Y, H:i")
    }


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """People by the key that records hold; who is not there any more is left out."""
    return {str(user.pk): user.name for user in User.objects.filter(pk__in={key for key in keys if key})}


def who_and_when(label: Any, name: str, moment: Any) -> SummaryRow:
    """Who did it and when, as one row."""
    return SummaryRow(label, _("%(name)s, %(when)s") % {"name": name, "when": when(moment)})


def factor_names(protocol: Protocol) -> dict[str, str]:
    """{factor: its name}."""
    language = get_language() or "en"
    return {factor.code: factor.label.in_language(language) for factor in protocol.strata}


def level_names(protocol: Protocol) -> dict[tuple[str, str], str]:
    """{(factor, level): its name}."""
    language = get_language() or "en"
    return {
        (factor.code, level.code): level.label.in_language(language)
        for factor in protocol.strata
        for level in factor.levels
    }


def stratum_names(protocol: Protocol) -> dict[str, str]:
    """Every stratum by its levels in words; the one of a trial without factors is everybody."""
    language = get_language() or "en"
    words = [[level.label.in_language(language) for level in factor.levels] for factor in protocol.strata]
    names = ["; ".join(levels) or _("everybody") for levels in product(*words)]
    return {UNSTRATIFIED: _("everybody"), **dict(zip(keys_of(protocol), names, strict=True))}


def levels_in_words(protocol: Protocol, levels: dict[str, str]) -> str:
    """The strata of one allocation, as used."""
    key = key_of({factor.code: levels[factor.code] for factor in protocol.strata if factor.code in levels})
    return stratum_names(protocol).get(key, key)


def design_rows(design: Design, protocol: Protocol, *, extends: bool = False) -> list[SummaryRow]:
    """A design in words, for those who may see it. ``extends``: its places count those of earlier segments."""
    rows = [SummaryRow(_("Method"), str(NAMES[design.method]))]
    if isinstance(design, PermutedBlocks):
        rows.append(SummaryRow(_("Block sizes"), ", ".join(str(size) for size in design.block_sizes)))
    if isinstance(design, BigStick):
        rows.append(SummaryRow(_("Largest lead of one arm"), str(design.limit)))
    if isinstance(design, Minimization):
        return [*rows, *_minimization_rows(design, protocol)]
    if isinstance(design, UploadedTable):
        rows.append(SummaryRow(_("SHA-256 of the file"), design.sha256))
        places = "; ".join(f"{_name(protocol, key)}: {len(design.arms_of(key))}" for key in design.strata)
        return [*rows, SummaryRow(_("Places"), places)]
    number = len(design.strata)
    sentence = ngettext("%(slots)d in %(strata)d list", "%(slots)d in each of %(strata)d strata", number)
    places = sentence % {"slots": design.slots_per_stratum, "strata": number}
    return [*rows, SummaryRow(_("Places, with those of the segments before") if extends else _("Places"), places)]


def _minimization_rows(design: Minimization, protocol: Protocol) -> list[SummaryRow]:
    names = factor_names(protocol)
    weights = "; ".join(
        _("%(factor)s, weight %(weight)d") % {"factor": names.get(factor.code, factor.code), "weight": factor.weight}
        for factor in design.factors
    )
    return [
        SummaryRow(_("Factors"), weights),
        SummaryRow(_("Weight of the arms' totals"), str(design.overall_weight)),
        SummaryRow(_("Distance between the arms"), str(DISTANCES[design.distance])),
        SummaryRow(_("Probability of the preferred arm"), design.probability),
        SummaryRow(_("Most participants"), str(design.slots_per_stratum)),
    ]


def _name(protocol: Protocol, key: str) -> str:
    return stratum_names(protocol).get(key, key)
