"""The audit trail in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import ROLES, Role
from audit.queries import Shown, ShownEntry
from audit.refusals import Kind
from core.dates import date_format

VERBS: Mapping[str, Any] = {
    "participants.screen": gettext_lazy("Screened"),
    "participants.decide": gettext_lazy("Decided on eligibility"),
    "participants.consent": gettext_lazy("Recorded consent"),
    "participants.withdraw": gettext_lazy("Recorded a withdrawal"),
    "participant.randomize": gettext_lazy("Randomized a participant"),
    "contact.read": gettext_lazy("Looked at contact details"),
    "contact.save": gettext_lazy("Saved contact details"),
    "contact.log_attempt": gettext_lazy("Logged a contact attempt"),
    "appointment.book": gettext_lazy("Booked an appointment"),
    "appointment.move": gettext_lazy("Moved an appointment"),
    "appointment.cancel": gettext_lazy("Cancelled an appointment"),
    "appointment.keep": gettext_lazy("Noted that somebody came"),
    "appointment.no_show": gettext_lazy("Noted that somebody did not come"),
    "participants.complete": gettext_lazy("Completed the trial"),
    "milestone.hand_down": gettext_lazy("Noted a date"),
    "task.raise": gettext_lazy("Raised a task"),
    "task.close": gettext_lazy("Closed a task"),
    "visits.lay_out": gettext_lazy("Laid out visits"),
    "forms.close": gettext_lazy("Closed forms"),
    "form.start": gettext_lazy("Started a form"),
    "form.mark_not_done": gettext_lazy("Marked a form as not done"),
    "calendar_link.issue": gettext_lazy("Made a calendar link"),
    "calendar_link.revoke": gettext_lazy("Switched a calendar link off"),
    "attachment.add": gettext_lazy("Kept a file"),
    "results.import": gettext_lazy("Entered a file of results"),
    "response.submit": gettext_lazy("Submitted a form"),
    "response.correct": gettext_lazy("Corrected a form"),
    "assessment.sign": gettext_lazy("Signed an assessment"),
    "query.raise": gettext_lazy("Raised a query"),
    "query.answer": gettext_lazy("Answered a query"),
    "query.close": gettext_lazy("Closed a query"),
    "query.reopen": gettext_lazy("Reopened a query"),
    "correction.request": gettext_lazy("Asked for a correction"),
    "correction.accept": gettext_lazy("Accepted a correction"),
    "correction.refuse": gettext_lazy("Refused a correction"),
    "event.report": gettext_lazy("Reported an adverse event"),
    "event.follow_up": gettext_lazy("Followed up an adverse event"),
    "event.correct": gettext_lazy("Corrected an adverse event"),
    "event.judge": gettext_lazy("Judged an adverse event"),
    "deviation.record": gettext_lazy("Recorded a deviation from the protocol"),
    "delivery.record": gettext_lazy("Recorded a deviation in the sessions"),
    "delivery.review": gettext_lazy("Reviewed a deviation in the sessions"),
    "deviation.correct": gettext_lazy("Corrected a deviation from the protocol"),
    "deviation.warn": gettext_lazy("Told that a deviation is not reviewed in time"),
    "deviation.review": gettext_lazy("Reviewed a deviation from the protocol"),
    "pregnancy.record": gettext_lazy("Recorded a pregnancy"),
    "finding.record": gettext_lazy("Recorded a step about an incidental finding"),
    "care.record": gettext_lazy("Recorded other care"),
    "asking.record": gettext_lazy("Asked about adverse events"),
    "clock.start": gettext_lazy("Started the time limits of a serious event"),
    "clock.meet": gettext_lazy("Met a time limit of a serious event"),
    "clock.tell": gettext_lazy("Told investigators of a time limit"),
    "unblinding.record": gettext_lazy("Recorded an accidental unblinding"),
    "unblinding.learn": gettext_lazy("Noted what was learned"),
    "guess.give": gettext_lazy("Guessed the arm"),
    "notice.send": gettext_lazy("Told colleagues by mail"),
    "link.issue": gettext_lazy("Issued a link"),
    "link.open": gettext_lazy("Opened a link"),
    "link.revoke": gettext_lazy("Revoked a link"),
    "message.open": gettext_lazy("Opened the copy of a consent"),
    "message.plan": gettext_lazy("Planned a message"),
    "message.send": gettext_lazy("Sent a message"),
    "message.result": gettext_lazy("Noted what became of a message"),
    "message.follow_up": gettext_lazy("Followed up a message"),
    "digest.send": gettext_lazy("Sent a colleague what is due"),
    "digest.result": gettext_lazy("Noted whether that mail left"),
    "message.retry": gettext_lazy("Had a message sent again"),
    "visit.mark_missed": gettext_lazy("Marked a visit as missed"),
    "participant.time_zone": gettext_lazy("Kept the participant's time zone"),
    "message.delivered": gettext_lazy("Was told that a message arrived"),
    "message.returned": gettext_lazy("Noted that a message came back"),
    "messages.stop": gettext_lazy("Asked for no more messages"),
    "messages.resume": gettext_lazy("Recorded that messages are wanted again"),
    "membership.grant": gettext_lazy("Gave a role"),
    "membership.end": gettext_lazy("Ended a role"),
    "view.begin": gettext_lazy("Began to view as another role"),
    "protocol.load": gettext_lazy("Loaded a protocol"),
    "content_pack.load": gettext_lazy("Loaded a content pack"),
    "trial.open": gettext_lazy("Opened recruitment"),
    "trial.lock": gettext_lazy("Locked the trial"),
    "trial.unlock": gettext_lazy("Lifted the lock"),
    "signature.sign": gettext_lazy("Signed"),
    "signature.void": gettext_lazy("Voided a signature"),
    "sequence.activate": gettext_lazy("Activated the list"),
    "sequence.reveal": gettext_lazy("Revealed seed and salt of the list"),
    "allocation.freeze": gettext_lazy("Stopped randomization"),
    "allocation.unfreeze": gettext_lazy("Went on randomizing"),
    "allocation.record_error": gettext_lazy("Recorded an error about an allocation"),
    "export.blinded": gettext_lazy("Exported data without arms"),
    Kind.ROLE.value: gettext_lazy("Refused: not in this role"),
    Kind.STATE.value: gettext_lazy("Refused: not in this state"),
}
"""What each verb is called; one that is not here shows its code."""

LONGEST_VALUE = 200


def verb_in_words(verb: str) -> str:
    return str(VERBS.get(verb, verb))


def role_in_words(role: str) -> str:
    """The role somebody acted in."""
    if role in set(Role):
        return str(ROLES[Role(role)].label)
    return {"participant": _("Participant"), "system": _("System"), "operator": _("Operator")}.get(role, role)


def change_in_words(change: Shown) -> str:
    """One field with its old and new value, or that its value is not shown."""
    if change.masked:
        return _("%(field)s: not shown") % {"field": change.field}
    facts = {"field": change.field, "old": value_in_words(change.old), "new": value_in_words(change.new)}
    if change.old is None:
        return _("%(field)s: %(new)s") % facts
    return _("%(field)s: %(old)s, now %(new)s") % facts


def value_in_words(value: Any) -> str:
    """A stored value, shortened."""
    if value is None:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_in_words(each) for each in value) or _("none")
    if isinstance(value, dict):
        return ", ".join(f"{name} {value_in_words(each)}" for name, each in value.items()) or _("none")
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def is_refusal(entry: ShownEntry) -> bool:
    """Whether nothing was done, since somebody may not do it, or not yet."""
    return entry.verb in set(Kind)


def facts_in_words(entry: ShownEntry) -> str:
    """Counts and codes noted with an act; of a refusal the page or door of the API, and why."""
    if is_refusal(entry):
        return _("%(door)s: %(codes)s") % {**entry.facts, "codes": value_in_words(entry.facts["codes"])}
    return "; ".join(f"{name}: {value_in_words(value)}" for name, value in entry.facts.items())


def moment_in_words(entry: ShownEntry) -> str:
    """When, in UTC as it is kept."""
    return date_format(entry.at, "j M Y, H:i:s")
