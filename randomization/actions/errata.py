"""Recording an error about an allocation. No slot is freed, edited or drawn again, and nobody leaves the dataset."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor, Grant
from audit.acts import act
from audit.classes import FieldClass
from core import clock
from core.problems import Conflict
from participants.models import Participant
from randomization import errata
from randomization.blindfold import Purpose, unblinded
from randomization.models import Allocation, Erratum
from review.policies import check_not_locked
from trials.access import authorize


def record(
    *,
    participant: Participant,
    kind: Erratum.Kind,
    explanation: str,
    details: Mapping[str, str] | None = None,
    by: Actor,
) -> None:
    """Put an error on record. Gives nothing back: a blinded role may record what it may not read.

    ``details``: for ``wrong_stratum`` factor and corrected level (the level used is added here), for ``duplicate``
    the other study number (``of``), for ``wrong_treatment`` the arm ``given``. Refused to roles that must not know
    of such an error; Conflict for somebody who was not randomized.
    """
    trial = participant.trial
    grant = authorize(by, Permission.RECORD_ALLOCATION_ERROR, trial=trial, site=participant.site)
    errata.check_may_record(kind, grant.role, trial)
    errata.check_explanation(explanation)
    said = errata.checked(kind, details or {}, participant)
    check_not_locked(trial)
    opening = unblinded(by=by, trial=trial, purpose=Purpose.ERROR, participant=participant)
    if kind in errata.TELLING:
        with opening:
            _write(participant, kind, explanation, said, grant)
        return
    with opening, act("allocation.record_error", grant=grant, subject=participant) as a:
        a.note(kind=str(kind))
        _write(participant, kind, explanation, said, grant)


def _write(
    participant: Participant, kind: Erratum.Kind, explanation: str, details: dict[str, str], grant: Grant
) -> None:
    held = Allocation.objects.filter(participant=participant).first()
    if held is None:
        raise Conflict(
            "erratum.not_randomized", _("This participant is not randomized. There is no allocation to be in error.")
        )
    if kind is Erratum.Kind.WRONG_STRATUM:
        details = {**details, "used": held.strata[details["factor"]]}
    with act("erratum.record", grant=grant, subject=participant, secrecy=FieldClass.UNBLINDING) as a:
        a.create(
            Erratum(
                participant=participant,
                kind=kind,
                details=details,
                explanation=explanation.strip(),
                at=clock.now(),
                by=grant.actor.id,
                role=grant.role,
            )
        )
