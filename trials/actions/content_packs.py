"""Loading content packs: the licensed words of a questionnaire, for one trial."""

import hashlib

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from audit.actors import Actor
from audit.acts import act
from core import clock
from core.problems import Conflict, Problem
from instruments import catalogue
from instruments.packs import ContentPack, check_pack, read_pack
from instruments.problems import FileRefused
from trials.access import authorize
from trials.models import LoadedPack, Trial
from trials.policies import check_unlocked
from trials.queries import protocol_of
from trials.wordings import is_language


def load(*, trial: Trial, document: str, by: Actor, reason: str = "") -> LoadedPack:
    """Load a pack; forms begun from now on are shown in its words. Earlier packs stay as they were.

    A reason is needed once people may have read other words: when the trial has a pack of this instrument and
    language already. The trail keeps the hash of the text, not the text.

    Raises FileRefused with every mistake, Conflict for a version that was loaded already.
    """
    grant = authorize(by, Permission.LOAD_CONTENT_PACKS, trial=trial)
    pack = checked(document, trial)
    with act("content_pack.load", grant=grant, reason=reason) as a:
        held = Trial.objects.select_for_update().get(pk=trial.pk)
        check_unlocked(held)
        sha256 = hashlib.sha256(document.encode()).hexdigest()
        _check_new(held, pack, sha256, reason)
        loaded = a.create(_record(held, pack, document, sha256, by))
        a.change(held, packs=loaded.number)
    return loaded


def checked(document: str, trial: Trial | None = None) -> ContentPack:
    """The pack in a text, if it fits its instrument and its language can be one of the trial's."""
    pack = read_pack(document)
    if not catalogue.exists(pack.instrument):
        facts = {"code": pack.instrument, "known": ", ".join(catalogue.all_codes())}
        raise FileRefused([_("instrument: there is no instrument “%(code)s”. Use one of: %(known)s.") % facts])
    mistakes = [*_language_mistakes(pack, trial), *check_pack(catalogue.load(pack.instrument), pack)]
    if mistakes:
        raise FileRefused(mistakes)
    return pack


def _language_mistakes(pack: ContentPack, trial: Trial | None) -> list[str]:
    """Not only the protocol's languages: the packs of one that an amendment adds are loaded before it is."""
    own = protocol_of(trial).languages if trial else ()
    if pack.language in own or is_language(pack.language):
        return []
    facts = {"language": pack.language, "own": ", ".join(own) or "en, fr"}
    return [_("language: “%(language)s” is no language known here. Write it like: %(own)s.") % facts]


def _check_new(trial: Trial, pack: ContentPack, sha256: str, reason: str) -> None:
    earlier = LoadedPack.objects.filter(trial=trial, instrument=pack.instrument, language=pack.language)
    same = earlier.filter(version=pack.version).values_list("sha256", flat=True).first()
    if same == sha256:
        raise Conflict("pack.same", _("This very pack was loaded already; nothing was loaded."))
    if same is not None:
        sentence = _(
            "Version %(version)s of this pack was loaded with another text, and people may have read it. "
            "Give the new text a new version."
        )
        raise Conflict("pack.version", sentence, params={"version": pack.version})
    if earlier.exists() and not reason.strip():
        sentence = _("Other words of this form are in force in this language. Say why they change.")
        raise Problem("pack.reason", sentence, field="reason")


def _record(trial: Trial, pack: ContentPack, document: str, sha256: str, by: Actor) -> LoadedPack:
    return LoadedPack(
        trial=trial,
        number=trial.packs + 1,
        instrument=pack.instrument,
        instrument_version=pack.instrument_version,
        language=pack.language,
        version=pack.version,
        licence_owner=pack.licence.owner,
        licence_reference=pack.licence.reference,
        text=document,
        sha256=sha256,
        loaded_at=clock.now(),
        loaded_by=by.id,
    )
