"""Messages: who was to be told what, when, and what came of it. Never an address, a text or a link."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.classes import FieldClass, classify
from audit.records import Record
from outcomes.models import Link, Visit
from participants.models import Appointment, Consent, Participant
from trials.models import Site, Trial

UNANSWERED = "reminders_unanswered"
"""The kind of task that is raised when all messages brought nothing."""
NO_MORE = "messages_stopped"
"""The kind of task that is raised when somebody asked for no more messages."""
BAD_ADDRESS = "messages_came_back"
"""The kind of task that is raised when a message came back; about the channel."""


class Message(Record):
    """One message of one reminder about one visit or appointment, or the copy of one consent.

    ``key`` names it whatever worker plans it, so that the database itself refuses a second one. ``next_try_at``
    is when it may leave; ``link`` opens the questions, as last sent; ``task_due_on`` is when somebody is to call, if
    it was the last and brought nothing.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        STOPPED = "stopped", _("Not needed any more")
        FAILED = "failed", _("Failed")
        BOUNCED = "bounced", _("Came back")

    class Reason(models.TextChoices):
        """Why a message was stopped or failed."""

        COMPLETE = "complete", _("Nothing is left to answer")
        WITHDRAWN = "withdrawn", _("The participant withdrew")
        NOT_TAKING_PART = "not_taking_part", _("The person does not take part")
        CLOSED = "closed", _("The window closed")
        MOVED = "moved", _("The appointment was moved or cancelled")
        LOCKED = "locked", _("The trial is locked")
        RULE = "rule", _("The protocol no longer has this reminder")
        NO_ADDRESS = "no_address", _("There is no address to write to")
        REFUSED = "refused", _("The server refused it")
        UNREACHABLE = "unreachable", _("The server could not be reached")
        NO_ANSWER = "no_answer", _("The server did not confirm it")
        INTERRUPTED = "interrupted", _("The work stopped while it was being sent")
        ADDRESS = "address", _("There is no such address, or it takes no messages")
        RETURNED = "returned", _("It came back later")
        OPTED_OUT = "opted_out", _("The participant asked for no more messages")

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(
        technical="trial site participant rule visit appointment consent link number channel language key state reason "
        "tries planned_for next_try_at claimed_at sent_at opened_at task_due_on revision"
    )

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="messages")
    rule = models.CharField(max_length=40)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8)
    language = models.CharField(max_length=8)
    key = models.CharField(max_length=140, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    planned_for = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    task_due_on = models.DateField(null=True)

    class Meta:
        ordering = ("-planned_for", "id")
        indexes = [
            models.Index(fields=["trial", "state", "next_try_at"], name="message_to_send"),
            models.Index(fields=["site", "state", "planned_for"], name="message_outbox"),
            models.Index(fields=["participant", "planned_for"], name="message_participant"),
            models.Index(fields=["visit", "rule"], name="message_visit"),
            models.Index(fields=["trial", "task_due_on"], name="message_task"),
        ]

    def label(self) -> str:
        return f"{self.rule} {self.number}"

    @property
    def has_arrived(self) -> bool:
        """Whether somebody opened what was in it: the one sure sign that it was delivered."""
        return self.opened_at is not None or (self.link is not None and self.link.last_used_at is not None)


MAY_ARRIVE = (Message.State.SENT, Message.State.UNCERTAIN)
"""What has left, or perhaps has."""
MAY_COME_BACK = (*MAY_ARRIVE, Message.State.DELIVERED)
"""Services say first that a message arrived, and then that it came back."""
LEFT = (Message.State.SENT, Message.State.DELIVERED)
"""What has surely left."""


class Digest(Record):
    """The daily mail to a colleague about how much is due: once for each person, role and day, and whether it left.

    Its states are those of messages; ``stopped`` means that nothing was due.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(technical="trial user role day state sent_at revision")

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=Message.State.choices)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-day", "id")
        constraints = [models.UniqueConstraint(fields=["trial", "user", "role", "day"], name="one_digest_a_day")]

    def label(self) -> str:
        return f"{self.role} {self.day:%Y-%m-%d}"


class OptOut(Record):
    """Somebody asked for no more messages, by the link in one (``message``) or by telling the staff.

    It holds until it is lifted. Whoever opted out still takes part, and may be called.
    """

    CLASSES: ClassVar[dict[str, FieldClass]] = classify(technical="participant message at lifted_at revision")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="opt_outs")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=models.Q(lifted_at=None), name="one_opt_out")
        ]

    def label(self) -> str:
        return "no_more_messages"
