"""The allocations in the order of time, as lines and as a list."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from randomization.queries import AllocationFact
from trials.protocol import Protocol
from web.charts import LineChart, Series
from web.components import Table, TableCell
from web.statisticians.words import levels_in_words, when

MOST_POINTS = 60


def order_chart(facts: Sequence[AllocationFact], arms: Sequence[str]) -> LineChart:
    """How many of each arm there were after each allocation; of very many, evenly spaced ones and the last."""
    counts: Counter[str] = Counter()
    after: list[dict[str, int]] = [dict.fromkeys(arms, 0)]
    lead = 0
    for fact in facts:
        counts[fact.arm] += 1
        after.append({arm: counts[arm] for arm in arms})
        lead = max(lead, max(after[-1].values()) - min(after[-1].values()))
    every = -(-len(facts) // MOST_POINTS)
    points = [*range(0, len(facts), every), len(facts)]
    says = _("After %(all)d allocations: %(counts)s. The largest difference between two arms on the way was %(lead)d.")
    shown = ", ".join(f"{arm} {counts[arm]}" for arm in arms)
    return LineChart(
        title=_("Allocations of each arm, one after the other"),
        says=says % {"all": len(facts), "counts": shown, "lead": lead},
        axis=_("Allocation"),
        labels=[str(point) for point in points],
        series=[Series(arm, [after[point][arm] for point in points]) for arm in arms],
    )


def order_table(facts: Iterable[AllocationFact], first: int, protocol: Protocol) -> Table:
    """Allocations one by one; ``first``: the number of the first one shown."""
    rows = [
        [
            TableCell(str(number)),
            TableCell(when(fact.at)),
            TableCell(fact.study_number),
            TableCell(levels_in_words(protocol, fact.strata)),
            TableCell(str(fact.position), number=True),
            TableCell(str(fact.segment), number=True),
            TableCell(fact.arm),
        ]
        for number, fact in enumerate(facts, start=first)
    ]
    head = [_("Number"), _("When"), _("Participant"), _("Strata as used"), _("Place"), _("Segment"), _("Arm")]
    return Table(_("Allocations in the order of time"), head, rows)
