"""What anybody may read of a trial that was opened: what it is about, and the commitments that its list is held to.

Nothing of participants, and no numbers. The page says the same to everybody, whether they work in the trial or not.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from randomization import door
from review.queries import opened_trials
from trials.access import not_found
from trials.models import Trial
from trials.queries import protocol_of
from web.public import words
from web.shared.commitments import moment_in_words, texts_for_registry


@login_not_required
@require_safe
def trials(request: HttpRequest) -> HttpResponse:
    """The trials that were opened, to choose one and read about it."""
    found = []
    for trial in opened_trials():
        protocol = protocol_of(trial)
        found.append((trial.code, words.Said.of(protocol.public_title), words.state_of(trial, protocol)))
    return render(request, "public/trials.html", {"found": found})


@login_not_required
@require_safe
def about(request: HttpRequest, code: str) -> HttpResponse:
    """One trial: what it is about, where it stands, and how its list can be verified."""
    trial = _opened(code)
    protocol = protocol_of(trial)
    published = door.commitments(trial)
    context = {
        "code": trial.code,
        "title": words.Said.of(protocol.public_title),
        "summary": words.Said.of(protocol.summary),
        "elsewhere": words.language_of(protocol),
        "rows": words.rows_of(trial, protocol),
        "outcomes": words.outcomes_of(protocol),
        "sites": words.sites_of(protocol),
        "randomized": protocol.is_randomized,
        "published": [(each, moment_in_words(each.activated_at)) for each in published],
        "registry_texts": texts_for_registry(trial, published),
        "source": settings.SOURCE_URL,
    }
    return render(request, "public/trial.html", context)


@login_not_required
@require_safe
def registry_text(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The commitments as a text for the registry, in one language, to keep."""
    trial = _opened(code)
    texts = {each.language: each.text for each in texts_for_registry(trial, door.commitments(trial))}
    if language not in texts:
        raise not_found()
    response = HttpResponse(f"{texts[language]}\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{trial.code}-commitments-{language}.txt"'
    response["Content-Language"] = language
    return response


def _opened(code: str) -> Trial:
    """A trial that was opened; all others are as little there as a code that nobody uses."""
    trial = opened_trials().filter(code=code).first()
    if trial is None:
        raise not_found()
    return trial
