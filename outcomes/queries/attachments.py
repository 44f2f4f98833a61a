"""Files given as answers: whether an answer names one of the form's own, and its content for who may read it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import encryption
from core.problems import Invalid, Problem
from instruments import catalogue
from instruments.definition import Definition
from outcomes.audiences import Audience, may_read
from outcomes.models import Attachment, Form
from trials.access import not_found

NOT_HELD = _("This file is not there. Choose it again on the page of the form.")


def check_held(form: Form, definition: Definition, answers: Mapping[str, Any]) -> None:
    """Every answer that names a file names one that was given for this item of this form; Invalid otherwise."""
    named = {item.code: answers[item.code] for item in definition.items if item.kind == "file" and item.code in answers}
    if not named:
        return
    held = set(Attachment.objects.filter(form=form, pk__in=named.values()).values_list("item", "pk"))
    known = {(item, str(key)) for item, key in held}
    lacking = [
        Problem("upload.unknown", NOT_HELD, field=code) for code, key in named.items() if (code, key) not in known
    ]
    if lacking:
        raise Invalid(lacking)


def file_of(form: Form, item: str, key: str, audience: Audience) -> tuple[Attachment, bytes]:
    """The file of that key for an item, with its content; NotFound for who may not read the form, or without one."""
    asked = [each for each in catalogue.load(form.instrument).items if each.code == item and each.kind == "file"]
    if not (key and asked and may_read(form, audience)):
        raise not_found()
    found = Attachment.objects.filter(form=form, item=item, pk=key).first()
    if found is None:
        raise not_found()
    return found, opened(found)


def sealed(attachment: Attachment, content: bytes) -> bytes:
    """The content as ciphertext, which fits this row only."""
    return encryption.encrypt(content, key=encryption.keyring.key("identifiers"), context=_context(attachment))


def opened(attachment: Attachment) -> bytes:
    """What was given; raises WrongKey rather than anything else."""
    return encryption.decrypt(
        bytes(attachment.content), key=encryption.keyring.key("identifiers"), context=_context(attachment)
    )


def _context(attachment: Attachment) -> str:
    return f"attachment:{attachment.pk}"
