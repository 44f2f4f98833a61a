"""A screening as it is typed: saved at every change, found again after a closed tab, told of in a second one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from accounts.keeping import Kept
from core import ids
from core.problems import Problem
from participants.actions import screening_drafts as drafts
from participants.models import Participant, ScreeningDraft
from web.coordinators.once import FIELD
from web.forms import whole_number
from web.keeping.aside import typed_in
from web.keeping.filling import fill
from web.pages import TrialRequest
from web.shared.record_words import near_moment

NOT_TYPED = (FIELD, "revision", "step", "check")


@dataclass(frozen=True)
class OpenDraft:
    """A screening that waits to be finished."""

    words: str
    address: str
    token: str


def drafted(request: TrialRequest, participant: Participant | None) -> ScreeningDraft | None:
    """The draft that a page is about: named in its address, or by the form that was sent."""
    token = request.POST.get(FIELD, "") or request.GET.get("draft", "")
    return drafts.draft_of(request.trial, token[:64], request.actor, participant)


def revision_seen(request: TrialRequest, draft: ScreeningDraft | None) -> int:
    """Which revision of the draft the page shows; 0 if it was never saved."""
    if request.method != "POST":
        return draft.revision if draft else 0
    return whole_number(request.POST.get("revision", "")) or 0


def save(request: TrialRequest, token: str, group: str, participant: Participant | None) -> ScreeningDraft:
    """Save what the page holds; raises what the verb raises."""
    return drafts.save(
        trial=request.trial,
        token=token,
        typed=typed(request),
        revision=revision_seen(request, None),
        participant=participant,
        group=group,
        by=request.actor,
    )


def typed(request: TrialRequest) -> dict[str, list[str]]:
    """What somebody typed on the page, without what the page itself put there."""
    return {name: values for name, values in typed_in(request).items() if name not in NOT_TYPED}


def saved(request: TrialRequest, draft: ScreeningDraft, zone: str) -> JsonResponse:
    """What the script is told: when it was saved, and where the draft is found again."""
    return JsonResponse(
        {"saved": words_of(draft, zone), "revision": draft.revision, "address": address_of(request, draft)}
    )


def not_saved(problem: Problem) -> JsonResponse:
    """What the script is told when it was not saved; the page keeps everything."""
    return JsonResponse({"sentence": problem.sentence}, status=problem.status)


def words_of(draft: ScreeningDraft, zone: str) -> str:
    """When it was saved, by the clock of the site."""
    return _("Draft saved %(time)s") % {"time": near_moment(draft.saved_at, zone)}


def address_of(request: TrialRequest, draft: ScreeningDraft) -> str:
    """The page with the draft on it."""
    names = {"draft": draft.token} | ({"group": draft.group} if draft.group and draft.participant_id is None else {})
    return f"{request.path}?{urlencode(names)}"


def waiting(request: TrialRequest, participant: Participant | None, zone: str, shown: str) -> list[OpenDraft]:
    """Unfinished screenings besides the one on the page."""
    held = drafts.drafts_of(request.trial, request.actor, participant)
    return [
        OpenDraft(words_of(each, zone), address_of(request, each), each.token) for each in held if each.token != shown
    ]


def as_typed(request: TrialRequest, response: HttpResponse, values: Mapping[str, Sequence[str]]) -> HttpResponse:
    """The page with what was typed in its fields; nothing is judged before it is sent."""
    kept = Kept(ids.new_id(), request.path, request.path, dict(values))
    response.content = fill(response.content.decode(), kept).html
    return response


def days_kept() -> int:
    """How long a draft waits."""
    return drafts.KEPT_FOR.days


def facts_about(request: TrialRequest, draft: ScreeningDraft | None, zone: str) -> dict[str, Any]:
    """What the page says of its draft."""
    gone = bool(request.GET.get("draft")) and draft is None and request.method != "POST"
    return {
        "saved": words_of(draft, zone) if draft else "",
        "gone": _("This draft is not there any more. It was finished, thrown away or too old.") if gone else "",
        "days_kept": days_kept(),
    }
