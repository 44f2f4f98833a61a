"""What was typed and never sent does not stay."""

from accounts import keeping
from participants.actions import screening_drafts


def forget_unsent() -> int:
    """Forget kept entries and drafts of screenings whose time is over; gives how many."""
    return keeping.forget_expired() + screening_drafts.forget_old()
