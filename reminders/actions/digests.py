"""The daily mail to a colleague: how much is due for them, and where they find it. Counts alone.

Sent once for each person, role and day: the row's key is unique, and it is there before the mail leaves.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.roles import ROLES, Role
from audit.actors import Grant
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict, Sentence
from reminders import channels
from reminders.models import Digest, Message
from reminders.outcomes import NotDelivered
from trials.models import Trial

State = Message.State
Due = Sequence[tuple[Sentence, int]]
"""How much there is of each kind, under the words of the home page."""
GIVEN_UP_AFTER = timedelta(hours=5)
"""So long after its time a digest that could not leave is still tried; later the day is half over."""
SATURDAY = 5


def is_time(trial: Trial) -> bool:
    """Whether it is a working day in the trial's time zone, and morning by the setting STAFF_DIGEST_AT."""
    if not settings.STAFF_DIGEST_AT:
        return False
    local = clock.now().astimezone(ZoneInfo(trial.time_zone))
    begins = datetime.combine(local.date(), time.fromisoformat(settings.STAFF_DIGEST_AT), local.tzinfo)
    return local.weekday() < SATURDAY and begins <= local < begins + GIVEN_UP_AFTER


def waits(trial: Trial, user: User, role: Role) -> bool:
    """Whether today's digest of a person was neither sent nor found empty, and may be sent now."""
    held = Digest.objects.filter(trial=trial, user=user, role=role, day=clock.today(trial.time_zone)).first()
    return held is None or held.state == State.PLANNED


def send(*, trial: Trial, user: User, role: Role, due: Due, grant: Grant) -> Digest | None:
    """Send today's digest; with nothing due nothing is sent, and so it stays today. None if another worker has it."""
    held = _claim(trial, user, role, grant, nothing=not any(count for _label, count in due))
    if held is None or held.state == State.STOPPED:
        return held
    outcome = _deliver(trial, user, role, due)
    with act("digest.result", grant=grant, secrecy=_secrecy(role)) as a:
        return a.change(held, **outcome)


def _claim(trial: Trial, user: User, role: Role, grant: Grant, *, nothing: bool) -> Digest | None:
    """Today's digest, taken for this worker alone."""
    day = clock.today(trial.time_zone)
    held = Digest.objects.filter(trial=trial, user=user, role=role, day=day, state=State.PLANNED).first()
    state = State.STOPPED if nothing else State.SENDING
    try:
        with act("digest.send", grant=grant, secrecy=_secrecy(role)) as a:
            if held is not None:
                return a.change(held, state=state)
            return a.create(Digest(trial=trial, user=user, role=role, day=day, state=state))
    except (IntegrityError, Conflict):
        return None


def _secrecy(role: Role) -> FieldClass:
    """How much work somebody has who learns arms may follow from the arms."""
    return FieldClass.UNBLINDING if ROLES[role].unblinding else FieldClass.TECHNICAL


def _deliver(trial: Trial, user: User, role: Role, due: Due) -> dict[str, object]:
    with translation.override(user.language):
        context = {
            "counts": due,
            "role": ROLES[role].label,
            "trial": trial.code,
            "link": settings.BASE_URL.rstrip("/") + reverse("trial_home", kwargs={"trial": trial.code}),
        }
        subject = " ".join(render_to_string("messages/digest_subject.txt", context).split())
        body = render_to_string("messages/digest_body.txt", context).strip() + "\n"
    try:
        channels.send_mail(user.email, subject, body)
    except NotDelivered as failure:
        if failure.again:
            return {"state": State.PLANNED}
        return {"state": State.UNCERTAIN if failure.reason == Message.Reason.NO_ANSWER else State.FAILED}
    return {"state": State.SENT, "sent_at": clock.now()}
