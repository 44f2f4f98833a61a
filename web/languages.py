"""The language of a page."""

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from accounts.languages import chosen_in_browser, of_account


class LanguageMiddleware(LocaleMiddleware):
    """What was chosen in this browser, else what the account keeps, else what the browser asks for."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        kept = "" if chosen_in_browser(request) else of_account(request)
        if kept:
            translation.activate(kept)
            request.LANGUAGE_CODE = kept  # type: ignore[attr-defined]
