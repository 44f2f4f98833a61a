"""One question as a card, and all questions of a part at once, so that the next is reached without a network."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page

from instruments.answers import Missing
from instruments.definition import Item
from instruments.packs import ItemTexts
from outcomes.policies import check_unsubmitted
from web.instrument_forms.forms import QuestionForm
from web.instrument_forms.sheets import Sheet, sheet_of
from web.participants.doors import LinkRequest, by_link
from web.participants.forms_of_link import form_of, question_url


@dataclass(frozen=True)
class Card:
    """A question with what was answered: ``show_if`` is its condition as JSON, ``revision`` counts its saves."""

    item: Item
    form: QuestionForm
    words: ItemTexts
    place: int
    url: str
    show_if: str
    revision: int
    reason: str


def card_of(token: str, sheet: Sheet, item: Item, asked: QuestionForm | None = None) -> Card:
    """The card of an item as it stands, or with what was just entered."""
    value = sheet.answers.get(item.code)
    return Card(
        item=item,
        form=asked or QuestionForm(sheet.definition, sheet.texts, item, value=value),
        words=sheet.texts.items[item.code],
        place=sheet.place_of(item),
        url=question_url(token, sheet, item),
        show_if=item.show_if.model_dump_json(by_alias=True, exclude_none=True) if item.show_if else "",
        revision=sheet.revisions.get(item.code, 0),
        reason=Missing(sheet.missing[item.code]).label if item.code in sheet.missing else "",
    )


@gzip_page
@by_link("GET", "HEAD")
def cards(request: LinkRequest, token: str, form: UUID) -> HttpResponse:
    """Every question of a part, for the script. Compressed: nothing that a stranger could choose stands in it."""
    part = form_of(request.link, form)
    check_unsubmitted(part)
    sheet = sheet_of(part)
    context = {
        "token": token,
        "sheet": sheet,
        "cards": [card_of(token, sheet, each) for each in sheet.definition.items],
    }
    return render(request, "participants/cards.html", context)
