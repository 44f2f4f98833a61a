"""A form in the middle of being filled: what was typed so far, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from instruments import catalogue
from instruments.answers import shown_items
from instruments.definition import Definition, Item
from instruments.packs import FormTexts
from outcomes.actions.drafts import entry_of
from outcomes.models import Form
from web.instrument_forms.words import texts_of


@dataclass(frozen=True)
class Sheet:
    """A form with its definition, its words in the page's language and the answers typed so far.

    The place of an item is its number in the definition, from 1: it stays the same whatever else is answered.
    ``revisions`` counts how often each item was saved.
    """

    form: Form
    definition: Definition
    texts: FormTexts
    answers: Mapping[str, Any]
    missing: Mapping[str, str]
    revisions: Mapping[str, int] = field(default_factory=dict)
    set_aside: int = 0
    """How many answers no longer apply after a change of an earlier one: they are not sent, and the page says so."""

    @property
    def shown(self) -> list[Item]:
        """The items that apply after the answers so far."""
        return shown_items(self.definition, self.answers)

    @property
    def is_begun(self) -> bool:
        return bool(self.answers or self.missing)

    @property
    def is_single(self) -> bool:
        """Whether the whole form is one question, so that there is nothing to look over before sending."""
        return len(self.definition.items) == 1

    def item_at(self, place: int) -> Item | None:
        """The item at a place, if there is one and it applies."""
        items = self.definition.items
        item = items[place - 1] if 1 <= place <= len(items) else None
        return item if item in self.shown else None

    def place_of(self, item: Item) -> int:
        return self.definition.item_codes().index(item.code) + 1

    def is_settled(self, item: Item) -> bool:
        """Whether the item has an answer or a reason for none."""
        return item.code in self.answers or item.code in self.missing

    def first_unsettled(self) -> Item | None:
        """Where to go on: the first item without an answer or a reason."""
        return next((item for item in self.shown if not self.is_settled(item)), None)

    def after(self, item: Item) -> Item | None:
        """The next item that applies."""
        place = self.place_of(item)
        return next((each for each in self.shown if self.place_of(each) > place), None)

    def before(self, item: Item) -> Item | None:
        """The item before it that applies."""
        place = self.place_of(item)
        return next((each for each in reversed(self.shown) if self.place_of(each) < place), None)


def sheet_of(form: Form, language: str | None = None) -> Sheet:
    """The form as it stands in its drafts."""
    definition = catalogue.load(form.instrument)
    held = list(form.drafts.all())
    typed = entry_of(form, held)
    revisions = {draft.item: draft.revision for draft in held}
    set_aside = sum(draft.value is not None and draft.item not in typed.answers for draft in held)
    return Sheet(form, definition, texts_of(form, language), typed.answers, typed.missing, revisions, set_aside)
