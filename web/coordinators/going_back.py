"""Where to go once something is done."""

from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from web.pages import TrialRequest


def back_to(request: TrialRequest, name: str, **kwargs: object) -> str:
    """The page of this trial a button was pressed on, else the page named."""
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    path = urlsplit(referrer).path
    if ours and path.startswith(f"/t/{request.trial.code}/"):
        return path
    return reverse(name, kwargs={"trial": request.trial.code, **kwargs})
