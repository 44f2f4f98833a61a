"""Tables of reports for groups of participants: all together in the open report, by arm in the closed one."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from statistics import fmean, median, stdev
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.numbers import to_places
from exports.tables import in_language
from instruments import catalogue
from outcomes.models import Form
from trials.protocol import Protocol
from web.components import Table, TableCell
from web.instrument_forms.score_words import score_name
from web.instrument_forms.words import number_in_words
from web.shared.record_words import instrument_name, visit_name
from web.shared.report_values import SEX, Values, ages, baseline_scores, counted, sexes, states_of

Groups = Mapping[Any, Collection[UUID]]
"""Keys of participants by the name of their group, in the order of the columns."""


def everybody(groups: Groups) -> list[UUID]:
    """The participants of all groups."""
    return [key for keys in groups.values() for key in keys]


def baseline_table(groups: Groups, protocol: Protocol, audience: Collection[str]) -> Table:
    """Who was randomized: number, age, sex, and the outcomes at the baseline as far as the reader may read them."""
    keys = everybody(groups)
    rows = [_row(_("Randomized"), groups, lambda own: str(len(own)))]
    rows.append(_row(_("Age in years"), groups, _described(ages(keys))))
    sex_of = sexes(keys)
    for option in catalogue.load(SEX[0]).item(SEX[1]).options:
        words = in_language(option.text, get_language() or "en")
        rows.append(_row(words, groups, _counted(sex_of, option.code)))
    for instrument, score, values in baseline_scores(keys, protocol, audience):
        facts = {"form": instrument_name(instrument), "score": score_name(score)}
        rows.append(_row(_("%(form)s: %(score)s") % facts, groups, _described(values)))
    return Table(_("Baseline of those randomized: mean (SD), median; number"), [_("Value"), *groups], rows)


def retention(groups: Groups, protocol: Protocol, today: date) -> dict[str, list[Counter[str]]]:
    """{visit: states of the form of the primary outcome, group by group}, at each visit that asks it."""
    primary = next((each.instrument for each in protocol.outcomes if each.role == "primary"), "")
    visits = [visit.code for visit in protocol.visits if any(form.instrument == primary for form in visit.forms)]
    states = states_of(everybody(groups), today)
    return {visit: [counted(states.get((visit, primary), {}), keys) for keys in groups.values()] for visit in visits}


def retention_table(groups: Groups, protocol: Protocol, today: date) -> Table:
    """How many gave the primary outcome at each visit, of those from whom it is due."""
    rows = [
        [TableCell(visit_name(protocol, visit)), *(TableCell(share(each), number=True) for each in states)]
        for visit, states in retention(groups, protocol, today).items()
    ]
    return Table(_("Primary outcome given, of those from whom it is due"), [_("Visit"), *groups], rows)


def completeness_table(groups: Groups, protocol: Protocol, today: date, known: Sequence[tuple[str, str]]) -> Table:
    """The forms of some (visit, form) that came in, of those that have opened and are needed."""
    states = states_of(everybody(groups), today)
    rows = []
    for visit, form in known:
        counts = [counted(states.get((visit, form), {}), keys) for keys in groups.values()]
        if any(came_in(each)[1] for each in counts):
            name = _("%(visit)s: %(form)s") % {"visit": visit_name(protocol, visit), "form": instrument_name(form)}
            rows.append([TableCell(name), *(TableCell(share(each), number=True) for each in counts)])
    return Table(_("Forms that came in, of those that have opened"), [_("Visit and form"), *groups], rows)


def came_in(states: Counter[str]) -> tuple[int, int]:
    """Complete, and needed in all."""
    return states[Form.State.COMPLETE], states.total() - states[Form.State.CANCELLED]


def share(states: Counter[str]) -> str:
    """Complete of needed, in words and per cent; empty where nothing is needed."""
    complete, due = came_in(states)
    return of_all(complete, due) if due else ""


def of_all(count: int, total: int) -> str:
    """A part of a whole, also per cent."""
    facts = {"count": count, "total": total, "percent": round(100 * count / total) if total else 0}
    return _("%(count)d of %(total)d (%(percent)d %%)") % facts


def numbers_in_words(values: Sequence[float]) -> str:
    """Mean, standard deviation and median with their number; empty without values."""
    if not values:
        return ""
    spread = to_places(stdev(values), 1) if len(values) > 1 else "–"
    facts = {"mean": to_places(fmean(values), 1), "sd": spread, "n": len(values)}
    facts["median"] = number_in_words(round(median(values), 1))
    return _("%(mean)s (%(sd)s), %(median)s; n = %(n)d") % facts


def _row(name: Any, groups: Groups, say: Callable[[Collection[UUID]], str]) -> list[TableCell]:
    return [TableCell(name), *(TableCell(say(keys), number=True) for keys in groups.values())]


def _described(values: Values) -> Callable[[Collection[UUID]], str]:
    return lambda keys: numbers_in_words([values[key] for key in keys if key in values])


def _counted(values: Values, code: Any) -> Callable[[Collection[UUID]], str]:
    return lambda keys: of_all(sum(values.get(key) == code for key in keys), len(keys))
