"""What is not looked at, and why; what is posted besides nothing."""

from typing import Any

EXEMPT: dict[str, str] = {
    "mfa_activate_totp": "Shows a fresh random secret for one's own account; it knows of no trial.",
    "account_confirm_email": "Wants a key from a mail; accounts know of no trial.",
    "account_reset_password_from_key": "Wants a key from a mail; accounts know of no trial.",
    "account_logout": "Ends the visit.",
    "^accounts/(email|confirm-email|login/code|password/set)/": "Closes account pages, which are asked for by name.",
}
BODIES: dict[str, list[dict[str, Any]]] = {
    "unblinding": [{"how": "participant", "arm": "RT"}],
    "assessors:guess": [{"guess": "dont_know"}, {"step": "skip", "skipped": "other"}],
    "query": [{"step": "answer", "text": "Yes."}, {"step": "close"}, {"step": "reopen", "text": "Sure?"}],
    "query_new": [{"kind": "unlikely", "text": "Sure?"}],
    "coordinators:message": [{"step": "back"}, {"step": "again", "reason": "Corrected the address"}],
    "participants:guess": [{"guess": "dont_know"}],
    "monitors:exports": [{"for_sharing": "on"}],
    "coordinators:participants": [{"search": "Camille Bouchard"}, {"search": "MTL"}],
}
"""Besides an empty body, which asks for the whole file of an export."""
ONCE = {"monitors:exports 1"}
"""What is sent once, not by every role: a smaller file than the one that every role asks for."""
MOST_SEEN = {"monitors:audit": 8}
"""Lists of which not every page is looked at: the whole trail is in the file that is downloaded, and compared."""
NO_LISTS = {"gallery": "Shows components, some of them forms that only read; it knows of no trial."}
"""Pages whose forms are no filters."""
NEVER_OPENED: dict[str, str] = {
    "correction_decide": "Only posts; what it answers to nothing is compared.",
    "api:screenings": "Only posts; what it answers to nothing is compared.",
    "api:decisions": "Only posts; what it answers to nothing is compared.",
    "api:event_new": "Only posts; what it answers to nothing is compared.",
    "api:deviation_new": "Only posts; what it answers to nothing is compared.",
    "api:event_follow_up": "Only posts; what it answers to nothing is compared.",
    "api:event_judge": "Only posts; what it answers to nothing is compared.",
    "api:move": "Only posts; what it answers to nothing is compared.",
    "api:cancel": "Only posts; what it answers to nothing is compared.",
    "api:outcome": "Only posts; what it answers to nothing is compared.",
    "api:none": "Every address that the API does not have.",
}
