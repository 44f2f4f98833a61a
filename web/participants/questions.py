"""One question a screen: asked, saved at every tap, skipped or changed; then all answers looked over and sent."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import clock
from core.dates import date_format
from core.problems import Invalid
from instruments.answers import Missing
from instruments.definition import Item
from outcomes.actions import drafts, links, responses
from outcomes.models import Form
from web.forms.numbers import whole_number
from web.instrument_forms.forms import QuestionForm
from web.instrument_forms.sheets import Sheet, sheet_of
from web.instrument_forms.words import summary_rows
from web.participants import guesses
from web.participants.cards import card_of
from web.participants.doors import LinkRequest, by_link, keep_language, wants_json
from web.participants.forms_of_link import (
    about_check_in,
    asked_first,
    check_in,
    form_of,
    parts_of,
    question_url,
    way_on,
)

LONGEST_WAIT = timedelta(days=2)
"""An answer kept on a phone without a network is believed to be at most this old."""


@by_link("GET", "HEAD", "POST")
def question(request: LinkRequest, token: str, form: UUID, place: int) -> HttpResponse:
    """One question: shown, saved at a tap, answered, or skipped."""
    part = form_of(request.link, form)
    if wants_json(request):
        return saved_by_script(request, token, part, place)
    if part.state == Form.State.COMPLETE:
        return already_sent(request, token)
    sheet = sheet_of(part)
    item = sheet.item_at(place)
    if item is None:
        return redirect(way_on(token, sheet))
    if request.method == "POST":
        return receive(request, token, sheet, item)
    asked = QuestionForm(sheet.definition, sheet.texts, item, value=sheet.answers.get(item.code))
    return show(request, token, sheet, item, asked)


def show(
    request: LinkRequest, token: str, sheet: Sheet, item: Item, asked: QuestionForm, *, ask_to_skip: bool = False
) -> HttpResponse:
    """The page of a question; 422 when what was entered cannot be."""
    before, changing = sheet.before(item), is_changing(request)
    alone = sheet.is_single and check_in(parts_of(request.link)) is not None
    back = question_url(token, sheet, before) if before else reverse("participants:open", args=[token])
    context = {
        "token": token,
        "sheet": sheet,
        "form": asked,
        "card": card_of(token, sheet, item, asked),
        "number": sheet.shown.index(item) + 1,
        "total": len(sheet.shown),
        "back_url": reverse("participants:check", args=[token, sheet.form.pk]) if changing else back,
        "changing": changing,
        "ask_to_skip": ask_to_skip,
        "is_single": sheet.is_single,
        "about": about_check_in(request.link) if alone else None,
        "skipped": Missing.SKIPPED.label,
        "declined": Missing.PREFERS_NOT_TO_SAY.label,
    }
    return render(request, "participants/question.html", context, status=422 if asked.errors else 200)


def receive(request: LinkRequest, token: str, sheet: Sheet, item: Item) -> HttpResponse:
    """An answer sent with the page: kept, and on to what follows."""
    asked = QuestionForm(sheet.definition, sheet.texts, item, request.POST)
    if "language" in request.POST:
        return receive_in_other_language(request, token, sheet, item, asked)
    step = request.POST.get("step", "next")
    if step in REASONS:
        keep(request, sheet, item, asked, missing=REASONS[step])
    elif not asked.is_valid():
        if item.code in asked.unlikely:
            keep(request, sheet, item, asked)
        return show(request, token, sheet, item, asked)
    elif asked.value is not None:
        keep(request, sheet, item, asked)
    elif not (item.optional or item.code in sheet.missing or "asked" in request.POST):
        return show(request, token, sheet, item, asked, ask_to_skip=True)
    else:
        keep(request, sheet, item, asked, missing=sheet.missing.get(item.code, Missing.SKIPPED))
    if request.told and not wants_json(request):
        messages.info(request, request.told)
    return go_on(request, token, sheet_of(sheet.form), item)


REASONS = {"skip": Missing.SKIPPED, "decline": Missing.PREFERS_NOT_TO_SAY}


def go_on(request: LinkRequest, token: str, sheet: Sheet, item: Item) -> HttpResponse:
    """To the next question; a form of one question is sent at once."""
    if sheet.is_single and sheet.first_unsettled() is None:
        return send(request, token, sheet.form)
    return redirect(way_on(token, sheet, item, is_changing(request)))


def receive_in_other_language(
    request: LinkRequest, token: str, sheet: Sheet, item: Item, asked: QuestionForm
) -> HttpResponse:
    """Switching keeps the place and what was entered, also what cannot be saved yet."""
    language = request.POST["language"]
    if asked.is_valid() and asked.value is not None:
        keep(request, sheet, item, asked)
    response: HttpResponse = redirect(question_url(token, sheet, item, is_changing(request)))
    if asked.errors and translation.check_for_language(language):
        with translation.override(language):
            other = sheet_of(sheet.form)
            again = QuestionForm(other.definition, other.texts, item, request.POST)
            response = show(request, token, other, item, again)
    keep_language(request, response, language)
    return response


def keep(request: LinkRequest, sheet: Sheet, item: Item, asked: QuestionForm, missing: str = "") -> drafts.Saved:
    """Save the item as the participant's draft; what another device answered meanwhile is told of."""
    saved = drafts.save_item(
        form=sheet.form,
        item=item.code,
        value=None if missing else asked.value,
        missing=str(missing),
        confirmed=item.code in asked.confirmed,
        seen=whole_number(request.POST.get("revision", "")),
        by=links.actor_of(request.link),
        typed_at=moment_of(request),
    )
    if saved.met_another:
        request.told = met_in_words(saved)
    return saved


def met_in_words(saved: drafts.Saved) -> str:
    """What the device is told that met another one at the same question."""
    if saved.is_newest:
        return _("This question had another answer, given on another device. The newer answer, yours here, is kept.")
    return _("This question was answered later on another device. That newer answer is kept.")


def saved_by_script(request: LinkRequest, token: str, part: Form, place: int) -> HttpResponse:
    """A tap saved at once, or Continue pressed: where to go, or why it was not saved."""
    if part.state == Form.State.COMPLETE:
        sent = reverse("participants:form", args=[token, part.pk]) + "?late=1"
        return JsonResponse({"next": sent, "sent": True}, status=409)
    sheet = sheet_of(part)
    item = sheet.item_at(place)
    if item is None or request.method != "POST":
        return JsonResponse({"next": way_on(token, sheet)}, status=409)
    if request.POST.get("step") != "save":
        answer = receive(request, token, sheet, item)
        if not isinstance(answer, HttpResponseRedirect):
            return JsonResponse({"show": True})
        return JsonResponse({"next": answer.url} | as_saved(request, part))
    asked = QuestionForm(sheet.definition, sheet.texts, item, request.POST)
    if not asked.is_valid() and item.code not in asked.unlikely:
        return JsonResponse({"sentence": asked.errors[item.code][0]}, status=422)
    keep(request, sheet, item, asked)
    return JsonResponse(as_saved(request, part))


def as_saved(request: LinkRequest, part: Form) -> dict[str, object]:
    """What a device learns after a save: when, what of another device, and how often each item was saved by now."""
    revisions = {draft.item: draft.revision for draft in part.drafts.order_by("item", "pk")}
    return {"saved": saved_in_words(part), "told": request.told, "revisions": revisions}


@by_link("GET", "HEAD", "POST")
def check_answers(request: LinkRequest, token: str, form: UUID) -> HttpResponse:
    """All answers of a part, each with a way to change it, then sent."""
    part = form_of(request.link, form)
    if part.state == Form.State.COMPLETE:
        return already_sent(request, token)
    sheet = sheet_of(part)
    if sheet.first_unsettled() is not None:
        return redirect(way_on(token, sheet))
    if request.method == "POST":
        return send(request, token, part)
    urls = {item.code: question_url(token, sheet, item, changing=True) for item in sheet.shown}
    rows = summary_rows(sheet.definition, sheet.texts, sheet.answers, sheet.missing, urls)
    last = question_url(token, sheet, sheet.shown[-1])
    return render(request, "participants/check.html", {"token": token, "sheet": sheet, "rows": rows, "back_url": last})


def send(request: LinkRequest, token: str, part: Form) -> HttpResponse:
    """Submit the part as it was typed, then the next part, or thanks."""
    by = links.actor_of(request.link)
    language = translation.get_language() or part.participant.language
    try:
        responses.submit(form=part, by=by, language=language)
    except Invalid as problem:  # an unlikely value that was never confirmed: ask there
        sheet = sheet_of(part)
        return redirect(question_url(token, sheet, sheet.definition.item(str(problem.field))))
    due = asked_first(parts_of(request.link))
    if due and due[0].is_required:
        return redirect("participants:form", token=token, form=due[0].form.pk)
    if guesses.waits(request.link):
        return redirect("participants:guess", token=token)
    return redirect("participants:thanks", token=token)


def already_sent(request: LinkRequest, token: str) -> HttpResponse:
    """After "Back": calm, and nothing changes."""
    status = 409 if request.method == "POST" else 200
    return render(request, "participants/sent.html", {"token": token}, status=status)


def is_changing(request: LinkRequest) -> bool:
    return "change" in request.GET


def moment_of(request: LinkRequest) -> datetime:
    """When it was typed: the script says how many milliseconds ago, by its own clock's difference only."""
    waited = request.POST.get("waited", "")
    age = timedelta(milliseconds=int(waited)) if waited.isdecimal() and len(waited) < 12 else timedelta()
    return clock.now() - min(age, LONGEST_WAIT)


def saved_in_words(part: Form) -> str:
    """When it was saved, by the clock of the site."""
    at = localtime(clock.now(), ZoneInfo(part.site.time_zone))
    return _("Saved %(time)s") % {"time": date_format(at, "H:i")}
