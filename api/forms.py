"""One form: its questions, and its answers for those who may read them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from api.doors import TrialDoor
from api.fields import MOST_ENTRIES, Answer, Code, Named, Strict, Text, Whole
from api.languages import LanguageQuery, language_of
from api.operations import operation
from instruments import catalogue
from instruments.answers import MISSING_LABELS, Missing
from instruments.definition import Definition, Item
from instruments.packs import FormTexts
from outcomes.actions import responses
from outcomes.audiences import filled_by, may_read
from outcomes.codes import ON_BEHALF, Mode
from outcomes.models import Form
from outcomes.models import Response as Submitted
from outcomes.queries import form_at, response_of
from trials.access import not_found
from trials.wordings import texts_in

FILLERS = (P.ENTER_FOR_PARTICIPANT, P.ASSESS, P.ENTER_RESULTS, P.RECORD_INTERVIEW, P.LOG_SESSION)
"""Whoever brings in forms of some kind."""
READERS = (P.VIEW_PARTICIPANTS, *FILLERS)


class OptionSerializer(Strict):
    code = Code()
    text = serializers.CharField()
    exclusive = serializers.BooleanField(help_text=_("Stands alone in a list."))


class ShowIfSerializer(Strict):
    item = serializers.CharField()
    one_of = serializers.ListField(child=Code())
    at_least = serializers.FloatField(allow_null=True)


class ItemSerializer(Strict):
    code = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)
    section = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    options = OptionSerializer(many=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    plausible_minimum = serializers.FloatField(allow_null=True, help_text=_("Below it the value is to be confirmed."))
    plausible_maximum = serializers.FloatField(allow_null=True, help_text=_("Above it the value is to be confirmed."))
    decimals = serializers.IntegerField()
    longest = serializers.IntegerField()
    optional = serializers.BooleanField()
    show_if = ShowIfSerializer(allow_null=True, help_text=_("Asked only when an earlier answer was this."))


class FormSerializer(Strict):
    id = serializers.UUIDField(source="pk")
    participant = serializers.CharField(source="participant.number")
    visit = serializers.CharField(source="visit.code")
    visit_number = serializers.IntegerField(source="visit.number")
    instrument = serializers.CharField()
    filled_by = serializers.CharField()
    state = serializers.ChoiceField(Form.State.choices)
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    revision = serializers.IntegerField()


class FormDetailSerializer(FormSerializer):
    version = serializers.CharField()
    language = serializers.CharField()
    title = serializers.CharField()
    instructions = serializers.CharField()
    recall = serializers.CharField(allow_blank=True)
    licence = serializers.CharField()
    pack_version = serializers.CharField(allow_blank=True, help_text=_("Of the content pack; empty: shipped words."))
    placeholder = serializers.BooleanField(help_text=_("The words stand in for licensed ones."))
    items = ItemSerializer(many=True)


class ResponseBody(Strict):
    answers = Named(child=Answer(), help_text=_("By the code of the item."))
    missing = Named(
        child=serializers.ChoiceField([(each.value, MISSING_LABELS[each]) for each in Missing]),
        required=False,
        help_text=_("Why an item has no answer, by its code."),
    )
    confirmed = serializers.ListField(
        child=Text(max_length=40),
        required=False,
        max_length=MOST_ENTRIES,
        help_text=_("Items whose unlikely value was confirmed."),
    )
    reason = Text(required=False, allow_blank=True, help_text=_("Needed to enter answers for a participant."))
    mode = serializers.ChoiceField(
        [(each.value, each.label) for each in ON_BEHALF],
        required=False,
        help_text=_("Needed to enter answers for a participant: how they were given."),
    )
    language = serializers.ChoiceField(settings.LANGUAGES, required=False, help_text=_("In which it was answered."))
    revision = Whole(required=False, min_value=0, max_value=2**31 - 1, help_text=_("Of the form as it was seen."))


class ResponseSerializer(Strict):
    form = serializers.UUIDField(source="form_id")
    instrument = serializers.CharField()
    instrument_version = serializers.CharField()
    pack_version = serializers.CharField(allow_blank=True, help_text=_("Of the content pack; empty: shipped words."))
    language = serializers.CharField()
    answers = Named(child=Answer())
    missing = serializers.DictField(child=serializers.CharField())
    confirmed = serializers.ListField(child=serializers.CharField())
    scores = Named(child=Answer())
    n_answered = serializers.IntegerField()
    n_required = serializers.IntegerField()
    originator = serializers.ChoiceField(Submitted.Originator.choices)
    mode = serializers.ChoiceField(Mode.choices, allow_blank=True)
    started_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    corrections = serializers.IntegerField()
    revision = serializers.IntegerField()


class OneFormDoor(TrialDoor):
    """Who only fills forms of one kind finds no others, so that every other id gets the same answer."""

    def form(self, key: UUID) -> Form:
        form = form_at(self.sites, key, self.audience)
        if self.holds(P.VIEW_PARTICIPANTS):
            return form
        if form.filled_by not in filled_by(self.audience) or not may_read(form, self.audience):
            raise not_found()
        return form


class FormDoor(OneFormDoor):
    @operation(
        "forms_read",
        _("A form: its items, codes, ranges and texts"),
        *READERS,
        query=LanguageQuery,
        answer=FormDetailSerializer,
    )
    def get(self, request: Request, trial: str, form: UUID) -> Response:
        found = self.form(form)
        definition = catalogue.load(found.instrument)
        texts = texts_in(found.trial, definition, language_of(self.asked), at=found.started_at)
        return Response({**FormSerializer(found).data, **_words(definition, texts)})


class ResponseDoor(OneFormDoor):
    @operation(
        "forms_response",
        _("The submitted answers and scores"),
        *READERS,
        answer=ResponseSerializer,
        more=_("Answers that a role is blind to are refused to it (403). Not there (404) until submitted."),
    )
    def get(self, request: Request, trial: str, form: UUID) -> Response:
        found = response_of(self.form(form), self.audience)
        if found is None:
            raise not_found()
        return Response(ResponseSerializer(found).data)

    @operation(
        "forms_submit",
        _("Submit a form"),
        *FILLERS,
        body=ResponseBody,
        answer=ResponseSerializer,
        status=201,
        more=_("Every item is answered, or says why not. Once: a second submit is told so (409)."),
    )
    def post(self, request: Request, trial: str, form: UUID) -> Response:
        submitted = responses.submit(form=self.form(form), by=self.actor, **self.sent)
        return Response(ResponseSerializer(submitted).data, status=201)


def _words(definition: Definition, texts: FormTexts) -> dict[str, Any]:
    return {
        "version": definition.version,
        "language": texts.language,
        "title": texts.title,
        "instructions": texts.instructions,
        "recall": texts.recall,
        "licence": texts.licence,
        "pack_version": texts.pack_version,
        "placeholder": texts.placeholder,
        "items": [_item(item, texts) for item in definition.items],
    }


def _item(item: Item, texts: FormTexts) -> dict[str, Any]:
    words = texts.items[item.code]
    rule = item.show_if
    wanted = [] if rule is None or rule.at_least is not None else [rule.equals] if rule.one_of is None else rule.one_of
    return {
        "code": item.code,
        "kind": item.kind,
        "text": words.text,
        "hint": words.hint,
        "section": words.section,
        "unit": words.unit,
        "options": [
            {"code": each.code, "text": words.options[each.code], "exclusive": each.exclusive} for each in item.options
        ],
        "minimum": item.minimum,
        "maximum": item.maximum,
        "plausible_minimum": item.plausible_minimum,
        "plausible_maximum": item.plausible_maximum,
        "decimals": item.decimals,
        "longest": item.longest,
        "optional": item.optional,
        "show_if": rule and {"item": rule.item, "one_of": wanted, "at_least": rule.at_least},
    }
