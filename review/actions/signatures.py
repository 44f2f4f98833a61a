"""Signing a content, and voiding a signature."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from audit.records import Record
from core import clock
from core.problems import Conflict
from review.models import Signature
from review.policies import check_reason
from review.queries import is_signed
from trials.access import authorize
from trials.models import Site, Trial

PERMISSIONS: dict[str, Permission] = {
    Signature.Kind.STRATA: Permission.SIGN_STRATA,
    Signature.Kind.DATA: Permission.SIGN_STRATA,
    Signature.Kind.ASSESSMENT: Permission.ASSESS,
}
"""Who may sign what. The investigator signs the strata and, at the end, the data; assessors what they measured."""


def sign(
    *,
    kind: str,
    trial: Trial,
    subject: Record,
    content_hash: str,
    meaning: str,
    by: Actor,
    site: Site | None = None,
) -> Signature:
    """Sign the very content whose hash is given; ``meaning`` is what the person saw themselves stand for.

    ``site`` is where the content is from, None for the trial's. Conflict if this content is signed already.
    """
    grant = authorize(by, PERMISSIONS[kind], trial=trial, site=site)
    if is_signed(kind, subject, content_hash):
        raise Conflict("signature.held", _("This is signed already; there is nothing to do."))
    with act("signature.sign", grant=grant, subject=subject) as a:
        return a.create(
            Signature(
                trial=trial,
                kind=kind,
                subject_table=subject._meta.db_table,
                subject_id=str(subject.pk),
                content_hash=content_hash,
                meaning=meaning,
                signed_by=by.id,
                signed_name=by.name,
                signed_role=grant.role,
                signed_at=clock.now(),
            )
        )


def void(*, signature: Signature, reason: str, by: Actor) -> Signature:
    """Take a signature back from now on; that it was given stays on record."""
    grant = authorize(by, PERMISSIONS[signature.kind], trial=signature.trial)
    check_reason(reason)
    if signature.voided_at is not None:
        raise Conflict("signature.voided", _("This signature was voided already."))
    with act("signature.void", grant=grant, subject=signature, reason=reason) as a:
        return a.change(signature, voided_at=clock.now(), voided_by=by.id)
