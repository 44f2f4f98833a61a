"""How often the blind was lost, in words; never for which arm."""

from collections import Counter

from django.utils.translation import gettext as _

from accounts.models import User
from core.dates import date_format
from participants.blindness import unblindings_of
from participants.codes import LearnedHow
from participants.models import Participant, Unblinding
from web.components import SummaryRow, Table, TableCell


def counts_table(counts: Counter[tuple[str, str]]) -> Table:
    """A row for each way, the most frequent first."""
    rows = [
        [TableCell(way_in_words(kind, how)), TableCell(str(count), number=True)]
        for (kind, how), count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]
    return Table(_("Unblindings so far"), [_("How"), _("How often")], rows)


def way_in_words(kind: str, how: str) -> str:
    """How it was learned, said of somebody else."""
    if kind == Unblinding.Kind.EMERGENCY:
        return _("In an emergency, on purpose")
    words = {
        LearnedHow.PARTICIPANT.value: _("By accident: the participant said it"),
        LearnedHow.COLLEAGUE.value: _("By accident: a colleague said it"),
        LearnedHow.DOCUMENT.value: _("By accident: seen"),
        LearnedHow.EFFECTS.value: _("By accident: inferred from effects"),
        LearnedHow.OTHER.value: _("By accident: in another way"),
    }
    return words[how]


def unblinding_rows(participant: Participant) -> list[SummaryRow]:
    """Who may know this participant's arm and should not, for those who plan who measures."""
    held = unblindings_of(participant)
    names = {str(user.pk): user.name for user in User.objects.filter(pk__in=[each.learner for each in held])}
    return [
        SummaryRow(
            names.get(each.learner, ""),
            _("%(way)s, %(day)s")
            % {"way": way_in_words(each.kind, each.how), "day": date_format(each.learned_on, "j F Y")},
        )
        for each in held
    ]
