"""Keeping a file that answers an item: checked, encrypted, one act."""

import hashlib

from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.acts import act
from core import clock
from core.problems import Problem
from instruments import catalogue
from instruments.uploads import checked_upload
from outcomes.actions.corrections import grant_to_correct
from outcomes.audiences import grant_to_fill
from outcomes.models import Attachment, Form
from outcomes.policies import check_fillable
from outcomes.queries.attachments import sealed
from review.policies import check_not_locked


def attach(*, form: Form, item: str, content: bytes, by: Actor) -> Attachment:
    """Keep a file for an item of a form that is being filled, or corrected; naming it as the answer is another verb.

    Its kind is read from its bytes. Raises Problem, with the item as its field, for a file that the item does not
    take, and what filling or correcting the form raises.
    """
    asked = next((each for each in catalogue.load(form.instrument).items if each.code == item), None)
    if asked is None or asked.kind != "file":
        raise Problem("upload.item", _("This form asks for no file there. Reload the page."))
    if form.state == Form.State.COMPLETE:
        grant = grant_to_correct(form, by)
        check_not_locked(form.trial)
    else:
        grant = grant_to_fill(form, by)
        check_fillable(form, by)
    kind = checked_upload(asked, content)
    attachment = Attachment(
        trial_id=form.trial_id,
        participant_id=form.participant_id,
        form=form,
        secrecy=form.secrecy,
        item=item,
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_at=clock.now(),
        added_by=by.id,
    )
    attachment.content = sealed(attachment, content)
    with act("attachment.add", grant=grant, subject=form.participant) as a:
        a.note(visit=form.visit.label(), instrument=form.instrument)
        return a.create(attachment)
