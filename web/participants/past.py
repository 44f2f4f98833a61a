"""The participant's own earlier ratings as a line, where the protocol shows them."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outcomes.models import Link
from outcomes.queries import scores_of
from trials.queries import protocol_of
from web.charts import LineChart, Series
from web.instrument_forms.words import number_in_words

FEWEST = 2
"""One point is no line."""


def past_of(link: Link) -> LineChart | None:
    """The line of the first form of the visit that is shown so; None while there is less than a line."""
    protocol = protocol_of(link.trial)
    visit = next((each for each in protocol.visits if each.code == link.visit.code), None)
    plan = next((form for form in visit.forms if form.shows_past), None) if visit else None
    if visit is None or plan is None or plan.shows_past is None:
        return None
    held = [
        each
        for each in scores_of(link.participant, plan.instrument, {"participant"})
        if each.visit == visit.code and isinstance(each.scores.get(plan.shows_past), int | float)
    ]
    if len(held) < FEWEST:
        return None
    values = [float(each.scores[plan.shows_past]) for each in held]
    first, last = number_in_words(values[0]), number_in_words(values[-1])
    return LineChart(
        title=_("Your answers so far: %(name)s") % {"name": visit.label.in_language(get_language() or "en")},
        says=_("At first you answered %(first)s, the last time %(last)s.") % {"first": first, "last": last},
        axis=_("Number"),
        labels=[str(each.number) for each in held],
        series=[Series(_("Your answer"), values)],
    )
