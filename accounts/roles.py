"""Who may do what: the table of roles. Change a role here and nowhere else.

Below it: which roles nobody may have both of in one trial.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission as P


class Role(StrEnum):
    COORDINATOR = "coordinator"
    UNBLINDED_COORDINATOR = "unblinded_coordinator"
    THERAPIST = "therapist"
    ASSESSOR = "assessor"
    INTERVIEWER = "interviewer"
    STATISTICIAN = "statistician"
    INVESTIGATOR = "investigator"
    MONITOR = "monitor"
    SAFETY_PHYSICIAN = "safety_physician"
    DATA_MANAGER = "data_manager"


@dataclass(frozen=True)
class RoleDefinition:
    """A role in plain words. ``unblinding`` roles learn arms, and may never also hold a blinded role."""

    label: str | Promise
    task: str | Promise
    unblinding: bool
    permissions: frozenset[P]


ROLES: dict[Role, RoleDefinition] = {
    Role.COORDINATOR: RoleDefinition(
        _("Coordinator"),
        _("Screens, consents, books, chases what is overdue."),
        unblinding=False,
        permissions=frozenset(
            {
                P.VIEW_PARTICIPANTS,
                P.VIEW_CONTACT,
                P.SCREEN,
                P.CONSENT,
                P.WITHDRAW,
                P.BOOK,
                P.LOG_CONTACT,
                P.SEND_LINK,
                P.ENTER_FOR_PARTICIPANT,
                P.ENTER_RESULTS,
                P.CORRECT,
                P.RANDOMIZE,
                P.RECORD_ALLOCATION_ERROR,
                P.VIEW_MESSAGES,
                P.VIEW_PROGRESS,
                P.EXPORT_BLINDED,
                P.VIEW_QUERIES,
                P.RAISE_QUERY,
                P.ANSWER_QUERY,
                P.RECORD_UNBLINDING,
                P.REPORT_EVENT,
                P.VIEW_EVENTS,
                P.FOLLOW_EVENT,
            }
        ),
    ),
    Role.UNBLINDED_COORDINATOR: RoleDefinition(
        _("Unblinded coordinator"),
        _("Books sessions and sees arms, and checks what blinded roles see; never assesses."),
        unblinding=True,
        permissions=frozenset(
            {
                P.VIEW_PARTICIPANTS,
                P.VIEW_CONTACT,
                P.BOOK,
                P.LOG_CONTACT,
                P.VIEW_SESSIONS,
                P.VIEW_ALLOCATION,
                P.RECORD_ALLOCATION_ERROR,
                P.VIEW_AS,
                P.RECORD_UNBLINDING,
                P.UNBLIND,
                P.REPORT_EVENT_BEHIND,
                P.VIEW_EVENTS,
            }
        ),
    ),
    Role.THERAPIST: RoleDefinition(
        _("Therapist"),
        _("Randomizes at the first session and logs sessions of the participants assigned to them."),
        unblinding=True,
        permissions=frozenset({P.RANDOMIZE, P.LOG_SESSION, P.RECORD_ALLOCATION_ERROR}),
    ),
    Role.ASSESSOR: RoleDefinition(
        _("Assessor"),
        _("Measures, enters and signs outcomes without learning the arm."),
        unblinding=False,
        permissions=frozenset(
            {
                P.VIEW_PARTICIPANTS,
                P.ASSESS,
                P.VIEW_QUERIES,
                P.ANSWER_QUERY,
                P.RECORD_UNBLINDING,
                P.REPORT_EVENT,
            }
        ),
    ),
    Role.INTERVIEWER: RoleDefinition(
        _("Interviewer"),
        _("Interviews participants, who may tell the arm; never assesses."),
        unblinding=True,
        permissions=frozenset(
            {
                P.RECORD_INTERVIEW,
                P.REPORT_EVENT_BEHIND,
            }
        ),
    ),
    Role.STATISTICIAN: RoleDefinition(
        _("Statistician"),
        _("Prepares or activates the sealed sequence, stops it, reveals it at the end; exports by arm."),
        unblinding=True,
        permissions=frozenset(
            {
                P.PREPARE_SEQUENCE,
                P.ACTIVATE_SEQUENCE,
                P.REVEAL_SEQUENCE,
                P.FREEZE_ALLOCATION,
                P.RECORD_ALLOCATION_ERROR,
                P.EXPORT_UNBLINDED,
                P.EXPORT_BLINDED,
                P.BREAK_CODE,
                P.VIEW_BLINDING,
            }
        ),
    ),
    Role.INVESTIGATOR: RoleDefinition(
        _("Investigator"),
        _("Signs the strata and the data, watches recruitment; unblinds in an emergency."),
        unblinding=False,
        permissions=frozenset(
            {
                P.VIEW_PARTICIPANTS,
                P.SIGN_STRATA,
                P.VIEW_PROGRESS,
                P.VIEW_AUDIT,
                P.EXPORT_BLINDED,
                P.VIEW_QUERIES,
                P.RAISE_QUERY,
                P.RECORD_UNBLINDING,
                P.UNBLIND,
                P.REPORT_EVENT,
                P.VIEW_EVENTS,
                P.FOLLOW_EVENT,
                P.JUDGE_EVENT,
            }
        ),
    ),
    Role.MONITOR: RoleDefinition(
        _("Monitor"),
        _("Reads everything blinded and the audit trail, raises queries."),
        unblinding=False,
        permissions=frozenset(
            {
                P.VIEW_PARTICIPANTS,
                P.VIEW_PROGRESS,
                P.VIEW_AUDIT,
                P.VIEW_MESSAGES,
                P.VIEW_QUERIES,
                P.RAISE_QUERY,
                P.RECORD_UNBLINDING,
                P.REPORT_EVENT,
                P.VIEW_EVENTS,
            }
        ),
    ),
    Role.SAFETY_PHYSICIAN: RoleDefinition(
        _("Safety physician"),
        _("Judges events unblinded, unblinds in an emergency; never assesses."),
        unblinding=True,
        permissions=frozenset(
            {
                P.VIEW_PARTICIPANTS,
                P.VIEW_SESSIONS,
                P.VIEW_ALLOCATION,
                P.RECORD_UNBLINDING,
                P.UNBLIND,
                P.REPORT_EVENT_BEHIND,
                P.VIEW_EVENTS,
                P.REVIEW_EVENT,
            }
        ),
    ),
    Role.DATA_MANAGER: RoleDefinition(
        _("Data manager"),
        _("Loads protocols and content packs, gives roles, stops randomization, locks the trial."),
        unblinding=False,
        permissions=frozenset(
            {
                P.VIEW_PARTICIPANTS,
                P.LOAD_PROTOCOL,
                P.LOAD_CONTENT_PACKS,
                P.GRANT_ROLES,
                P.VIEW_AS,
                P.LOCK_TRIAL,
                P.FREEZE_ALLOCATION,
                P.VIEW_PROGRESS,
                P.VIEW_AUDIT,
                P.VIEW_MESSAGES,
                P.EXPORT_BLINDED,
                P.VIEW_QUERIES,
                P.RAISE_QUERY,
                P.RECORD_UNBLINDING,
                P.REPORT_EVENT,
                P.VIEW_EVENTS,
            }
        ),
    ),
}


def roles_with(*permissions: P) -> frozenset[Role]:
    """The roles that hold a permission; of several, at least one."""
    return frozenset(role for role, definition in ROLES.items() if definition.permissions & set(permissions))


LEARNS_ARMS = frozenset(role for role, definition in ROLES.items() if definition.unblinding)
STAYS_BLINDED = frozenset(ROLES) - LEARNS_ARMS
ENROLS = roles_with(P.SCREEN, P.CONSENT, P.BOOK, P.RANDOMIZE)
"""Has a say in who comes next: coordinator, unblinded coordinator, therapist."""
KNOWS_THE_LIST = roles_with(P.PREPARE_SEQUENCE, P.ACTIVATE_SEQUENCE, P.REVEAL_SEQUENCE)
"""Has a hand in the allocation list, reads its design or watches it: statistician."""
RANDOMIZES = roles_with(P.RANDOMIZE)
SEES_EVERY_ARM = roles_with(P.VIEW_ALLOCATION, P.VIEW_SESSIONS)
"""Reads the arm of anybody: unblinded coordinator, safety physician. Past arms help to guess the next one."""


@dataclass(frozen=True)
class NeverBoth:
    """Two kinds of role that nobody has both of in one trial, ever: a role that ended counts like one that is held.

    ``no_other``: what is said when somebody of ``one`` kind is to get the ``other``; ``no_one``: the reverse.
    """

    one: frozenset[Role]
    other: frozenset[Role]
    no_other: str | Promise
    no_one: str | Promise


NEVER_BOTH = (
    NeverBoth(
        STAYS_BLINDED,
        LEARNS_ARMS,
        _("%(name)s works in this trial in a blinded role, and so may never take a role that learns arms."),
        _("%(name)s has had a role in this trial that learns arms, and so may never take a blinded one."),
    ),
    NeverBoth(
        ENROLS,
        KNOWS_THE_LIST,
        _(
            "%(name)s has had a role in this trial that enrols or randomizes people, and so may never take one that "
            "knows the allocation list."
        ),
        _(
            "%(name)s has had a role in this trial that knows the allocation list, and so may never take one that "
            "enrols or randomizes people."
        ),
    ),
    NeverBoth(
        RANDOMIZES,
        SEES_EVERY_ARM,
        _(
            "%(name)s has had a role in this trial that randomizes people, and so may never take one that sees "
            "everybody's arm."
        ),
        _(
            "%(name)s has had a role in this trial that sees everybody's arm, and so may never take one that "
            "randomizes people."
        ),
    ),
)
