"""A form that makes something new is saved once, however often its button is pressed."""

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core import ids
from core.problems import Conflict
from web.pages import TrialRequest

KEPT_SECONDS = 24 * 60 * 60
FIELD = "once"
_BUSY = ""


class Once:
    """The pass of one opened form: claimed at the first press, and afterwards it knows what came of it."""

    def __init__(self, request: TrialRequest, token: str = "") -> None:
        self.token = request.POST.get(FIELD, "")[:64] or token or ids.token(16)
        self._key = f"once:{request.actor.id}:{self.token}"

    def claim(self) -> str:
        """Claim the pass: "" if this is the first press, else what the first one made.

        Raises Conflict while the first press is still being saved.
        """
        if cache.add(self._key, _BUSY, KEPT_SECONDS):
            return ""
        made = cache.get(self._key, _BUSY)
        if made == _BUSY:
            raise Conflict("form.once", _("This was sent a moment ago and is being saved. Look at the list."))
        return str(made)

    def keep(self, made: str) -> None:
        """Remember what was made, for a second press."""
        cache.set(self._key, made, KEPT_SECONDS)

    def release(self) -> None:
        """Nothing was made: the same form may be sent again."""
        cache.delete(self._key)
