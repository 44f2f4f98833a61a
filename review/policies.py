"""In which state the trial lets anything be changed, and a query goes on."""

from django.utils.translation import gettext_lazy as _

from core.problems import Conflict, Problem
from review.models import Query
from trials.models import Trial

LONGEST_TEXT = 1000


def check_not_locked(trial: Trial) -> None:
    """Nothing is written to a locked trial. Asks the database, since the trial in hand may be old."""
    if is_locked(trial):
        raise locked()


def locked() -> Conflict:
    """The refusal of whatever would change something in a locked trial."""
    return Conflict(
        "trial.locked", _("This trial is locked: nothing in it can be changed. The data manager can unlock it.")
    )


def is_locked(trial: Trial) -> bool:
    """Whether the trial is locked now."""
    return trial.locks.filter(lifted_at=None).exists()


def hold_lock(trial: Trial) -> bool:
    """Whether the trial is locked; until the transaction ends nobody lifts the lock."""
    return trial.locks.select_for_update().filter(lifted_at=None).first() is not None


def check_reason(reason: str) -> None:
    """Locking and unlocking are explained, for whoever reads the trail."""
    if not reason.strip():
        raise Problem("review.reason", _("Say why."), field="reason")


def check_answerable(query: Query) -> None:
    """Only an open query is answered."""
    if query.state != Query.State.OPEN:
        raise Conflict(
            "query.not_open",
            _("This query is not open any more: it was answered or closed meanwhile. Reload the page to see how."),
        )


def check_closable(query: Query) -> None:
    """A query is closed once."""
    if query.state == Query.State.CLOSED:
        raise Conflict("query.closed", _("This query was closed already. Reload the page to see by whom."))


def check_reopenable(query: Query) -> None:
    """Only what is answered or closed can be opened again."""
    if query.state == Query.State.OPEN:
        raise Conflict("query.open", _("This query is open. It waits for an answer."))


def check_text(text: str) -> None:
    """What is asked and answered is said in words, for whoever reads it later."""
    if not text.strip():
        raise Problem("query.text", _("Say in a few words what is asked or answered."), field="text")
    if len(text.strip()) > LONGEST_TEXT:
        raise Problem("query.long", _("Say it in at most 1000 characters."), field="text")
