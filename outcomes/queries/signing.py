"""Which visits an assessor has to sign, and who signed what.

Each assessor signs, visit by visit, the forms they submitted themselves, once the last of the visit's assessor forms is
in (or marked as not done, or its window has closed). Of two who share a visit each signs their own part. A signature
holds for the answers as they were: whoever corrects one of them, the person who measured signs the visit again.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from audit.actors import Actor
from core import clock
from outcomes.models import PENDING, Form, Response, Visit
from participants.blindness import is_blind, lost_by
from review.models import Signature
from review.policies import is_locked
from review.queries import signatures_under
from trials.models import Site

SIGNED_BY = "assessor"
"""Whose forms are signed."""
CONTENT = ("answers", "missing", "confirmed", "scores", "instrument", "instrument_version", "rule_version")
"""What of a form a signature stands for."""


@dataclass(frozen=True)
class Signing:
    """How a person's part of a visit stands: signed, not yet, or changed since they signed (the last time)."""

    person: str
    name: str
    signed_at: datetime | None
    holds: bool

    @property
    def is_changed(self) -> bool:
        """Whether what was signed is not what is stored."""
        return self.signed_at is not None and not self.holds


def own_responses(visit: Visit, person: str, *, held: bool = False) -> list[Response]:
    """The forms of a visit that a person measured and submitted, in the visit's order; ``held`` until the act ends."""
    rows = Response.objects.select_for_update(of=("self",)) if held else Response.objects.all()
    found = rows.filter(form__visit=visit, form__filled_by=SIGNED_BY, submitted_by=person)
    return list(found.select_related("form").order_by("form__order", "pk"))


def content_of(responses: Iterable[Response]) -> str:
    """SHA-256 (64 hex digits) of what was measured and whose measurement it is."""
    content = [
        {"form": str(each.form_id), "by": each.submitted_by, **{name: getattr(each, name) for name in CONTENT}}
        for each in sorted(responses, key=lambda each: str(each.form_id))
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def are_in(visit: Visit, filler: str) -> bool:
    """Whether nobody is to fill one of these forms of a visit any more."""
    today = clock.today(visit.participant.site.time_zone)
    return not Form.objects.filter(visit=visit, filled_by=filler, state__in=PENDING, closes_on__gte=today).exists()


def signature_waits(visit: Visit, by: Actor) -> bool:
    """Whether this person is to sign now what they measured at a visit."""
    if is_locked(visit.trial) or not is_blind(visit.participant, by.id) or not are_in(visit, SIGNED_BY):
        return False
    return bool(own_responses(visit, by.id)) and not is_signed_by(visit, by.id)


def is_signed_by(visit: Visit, person: str) -> bool:
    """Whether what a person measured at a visit is signed by them as it is stored now."""
    found = signings_of([visit.pk])[visit.pk]
    return any(each.person == person and each.holds for each in found)


def signings_of(visits: Iterable[UUID]) -> dict[UUID, list[Signing]]:
    """Of each visit how the part of everybody who measured there stands, in the order in which they did."""
    keys = list(visits)
    held = Response.objects.filter(form__visit__in=keys, form__filled_by=SIGNED_BY).select_related("form")
    parts: dict[UUID, dict[str, list[Response]]] = defaultdict(dict)
    for response in held.order_by("submitted_at", "form__order", "pk"):
        parts[response.form.visit_id].setdefault(response.submitted_by, []).append(response)
    signed: dict[tuple[str, str], list[Signature]] = defaultdict(list)
    for signature in signatures_under(Signature.Kind.ASSESSMENT, keys):
        signed[signature.subject_id, signature.signed_by].append(signature)
    names = _names({person for part in parts.values() for person in part})
    return {
        key: [
            _signing(person, names.get(person, ""), responses, signed[str(key), person])
            for person, responses in parts[key].items()
        ]
        for key in keys
    }


def _signing(person: str, name: str, responses: list[Response], signatures: list[Signature]) -> Signing:
    if not signatures:
        return Signing(person, name, None, holds=False)
    content = content_of(responses)
    # What is corrected back to what was signed once is signed.
    holding = [each for each in signatures if each.content_hash == content]
    shown = (holding or signatures)[-1]
    return Signing(person, shown.signed_name, shown.signed_at, holds=bool(holding))


def _names(people: set[str]) -> dict[str, str]:
    return {str(key): name for key, name in User.objects.filter(pk__in=people).values_list("pk", "name")}


def signatures_waiting(sites: Iterable[Site], by: Actor, *, most: int) -> list[Visit]:
    """The visits of which a person has still to sign what they measured, the oldest first, at most so many."""
    return list(visits_at(Form.Step.SIGN, sites, by)[:most])


def visits_at(step: Form.Step, sites: Iterable[Site], by: Actor) -> QuerySet[Visit]:
    """The visits where this is a person's next step: all is in, and they are still blind; the oldest first."""
    # Two questions in place of one: databases that keep no statistics would begin with all visits.
    keys = set(Form.objects.filter(step=step, step_of=by.id).values_list("visit", flat=True))
    at, is_open = list(sites), Q()
    for site in at:
        is_open |= Q(site=site.pk, closes_on__gte=clock.today(site.time_zone))
    waiting = Form.objects.filter(is_open, visit=OuterRef("pk"), filled_by=SIGNED_BY, state__in=PENDING)
    found = Visit.objects.filter(pk__in=keys, participant__site__in=[site.pk for site in at])
    found = found.exclude(Exists(waiting)).exclude(lost_by(by.id))
    return found.select_related("participant").order_by("closes_on", F("participant__number"), "pk")
