"""What is known of a text that did not leave."""

from reminders.models import Message


class NotDelivered(Exception):
    """A text did not leave, or nobody knows.

    ``again``: it surely did not, and may be tried again. ``bounced``: the address itself was refused.
    """

    def __init__(self, reason: Message.Reason, *, again: bool = False, bounced: bool = False) -> None:
        self.reason = reason
        self.again = again
        self.bounced = bounced
        super().__init__(reason)
