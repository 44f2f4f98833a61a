"""In which language somebody works: kept with the account, applied when they sign in."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from accounts.models import User

SESSION_KEY = "language"


def chosen_in_browser(request: HttpRequest) -> str:
    """The language chosen in this browser by its switch; empty when none was."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def of_account(request: HttpRequest) -> str:
    """The language of whoever has signed in; empty for others."""
    kept = request.session.get(SESSION_KEY, "")
    return kept if kept in dict(settings.LANGUAGES) else ""


def apply(request: HttpRequest, user: User) -> None:
    """Somebody signed in: from now on pages speak their language, unless this browser's switch was used."""
    request.session[SESSION_KEY] = user.language
    if not chosen_in_browser(request):
        translation.activate(user.language)


def choose(request: HttpRequest, user: User, language: str) -> None:
    """Somebody who has signed in used the switch: their account keeps it."""
    request.session[SESSION_KEY] = language
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
