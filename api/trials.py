"""The caller's trials, what the protocol in force says, and what screening asks."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission as P
from accounts.roles import Role
from api.doors import Door, TrialDoor
from api.fields import Strict
from api.languages import LanguageQuery, language_of
from api.operations import operation
from trials.models import Membership, Trial
from trials.protocol import Protocol
from trials.protocol.criteria import Choice, Criterion, NumberAsked, Profile, Question
from trials.queries import protocol_of, protocol_version


class HeldRoleSerializer(Strict):
    role = serializers.ChoiceField([(role.value, role.value) for role in Role])
    site = serializers.CharField(source="site.code", allow_null=True, default=None, help_text=_("None: all sites."))


class TrialSerializer(Strict):
    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField([(state.value, state.value) for state in Trial.State])
    roles = HeldRoleSerializer(many=True)


class LabelSerializer(Strict):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class PlaceSerializer(LabelSerializer):
    purposes = serializers.ListField(child=serializers.CharField(), help_text=_("Empty: all of them."))


class SiteSerializer(LabelSerializer):
    time_zone = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    places = PlaceSerializer(many=True)


class PurposeSerializer(LabelSerializer):
    minutes = serializers.IntegerField()


class PlannedFormSerializer(Strict):
    instrument = serializers.CharField()
    filled_by = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]


class PlannedVisitSerializer(LabelSerializer):
    occurrences = serializers.IntegerField()
    forms = PlannedFormSerializer(many=True)


class ConsentDocumentSerializer(Strict):
    version = serializers.CharField()
    language = serializers.CharField()
    approved_on = serializers.DateField()


class ClauseSerializer(LabelSerializer):
    optional = serializers.BooleanField()


class ProtocolSerializer(Strict):
    """What other software needs of a protocol. Arms and strata are not told here."""

    code = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()
    number = serializers.IntegerField(help_text=_("Counts the versions loaded."))
    sha256 = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    target = serializers.IntegerField()
    enrolment_start = serializers.DateField()
    enrolment_end = serializers.DateField()
    trial_end = serializers.DateField()
    stages = LabelSerializer(many=True)
    sites = SiteSerializer(many=True)
    appointments = PurposeSerializer(many=True)
    visits = PlannedVisitSerializer(many=True)
    consent_documents = ConsentDocumentSerializer(many=True)
    clauses = ClauseSerializer(many=True)


class QuestionSerializer(Strict):
    name = serializers.CharField()
    kind = serializers.CharField()
    wording = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    options = LabelSerializer(many=True, help_text=_("What may be chosen; of a profile, the categories."))
    domains = LabelSerializer(many=True)


class CriterionSerializer(Strict):
    code = serializers.CharField()
    kind = serializers.ChoiceField([("inclusion", "inclusion"), ("exclusion", "exclusion")])
    wording = serializers.CharField()
    stages = serializers.ListField(child=serializers.CharField())
    questions = QuestionSerializer(many=True)


class TrialsDoor(Door):
    @operation("trials_list", _("The trials that the caller works in"), answer=TrialSerializer(many=True))
    def get(self, request: Request) -> Response:
        held = Membership.objects.filter(user_id=self.actor.id, ended_at=None).select_related("trial", "site")
        trials: dict[str, dict[str, Any]] = {}
        for membership in held.order_by("trial__code", "granted_at", "id"):
            trial = membership.trial
            known = {"code": trial.code, "title": trial.title, "state": trial.state, "roles": []}
            trials.setdefault(trial.code, known)["roles"].append(membership)
        return Response(TrialSerializer(list(trials.values()), many=True).data)


class ProtocolDoor(TrialDoor):
    @operation("trials_protocol", _("The protocol in force, in short"), query=LanguageQuery, answer=ProtocolSerializer)
    def get(self, request: Request, trial: str) -> Response:
        version, language = protocol_version(self.trial), language_of(self.asked)
        told = _summary(protocol_of(self.trial), language)
        return Response(ProtocolSerializer({**told, "number": version.number, "sha256": version.sha256}).data)


class EligibilityDoor(TrialDoor):
    @operation(
        "trials_eligibility",
        _("The criteria, and the questions asked for each"),
        P.VIEW_PARTICIPANTS,
        P.SCREEN,
        query=LanguageQuery,
        answer=CriterionSerializer(many=True),
    )
    def get(self, request: Request, trial: str) -> Response:
        language = language_of(self.asked)
        criteria = protocol_of(self.trial).eligibility.criteria
        return Response(CriterionSerializer([_criterion(each, language) for each in criteria], many=True).data)


def _summary(protocol: Protocol, language: str) -> dict[str, Any]:
    consent = protocol.consent
    return {
        "code": protocol.code,
        "title": protocol.title.in_language(language),
        "version": protocol.version,
        "languages": protocol.languages,
        "target": protocol.target,
        "enrolment_start": protocol.dates.enrolment_start,
        "enrolment_end": protocol.dates.enrolment_end,
        "trial_end": protocol.dates.trial_end,
        "stages": _labels(protocol.eligibility.stages, language),
        "sites": [_site(protocol, site, language) for site in protocol.sites],
        "appointments": [{**_label(each, language), "minutes": each.minutes} for each in protocol.appointments],
        "visits": list(_visits(protocol, language)),
        "consent_documents": [
            {"version": each.version, "language": each.language, "approved_on": each.approved_on}
            for each in consent.documents
        ],
        "clauses": [
            {"code": each.code, "label": each.wording.in_language(language), "optional": each.optional}
            for each in consent.clauses
        ],
    }


def _site(protocol: Protocol, site: Any, language: str) -> dict[str, Any]:
    return {
        "code": site.code,
        "label": site.name.in_language(language),
        "time_zone": protocol.time_zone_of(site.code),
        "languages": site.languages or protocol.languages,
        "places": [{**_label(each, language), "purposes": each.purposes} for each in site.places],
    }


def _visits(protocol: Protocol, language: str) -> Iterator[dict[str, Any]]:
    for visit in protocol.visits:
        forms = [
            {"instrument": form.instrument, "filled_by": form.filled_by, "required": form.required}
            for form in protocol.forms_of(visit.code)
        ]
        if forms:
            yield {**_label(visit, language), "occurrences": visit.occurrences, "forms": forms}


def _criterion(criterion: Criterion, language: str) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "kind": criterion.kind,
        "wording": criterion.wording.in_language(language),
        "stages": [criterion.stage, *criterion.reconfirm_at],
        "questions": [_question(name, question, language) for name, question in criterion.questions],
    }


def _question(name: str, question: Question, language: str) -> dict[str, Any]:
    options: Any = ()
    if isinstance(question, Choice):
        options = question.options
    elif isinstance(question, Profile):
        options = question.categories
    return {
        "name": name,
        "kind": question.kind,
        "wording": question.wording.in_language(language) if question.wording else "",
        "unit": question.unit if isinstance(question, NumberAsked) else "",
        "options": _labels(options, language),
        "domains": _labels(question.domains, language) if isinstance(question, Profile) else [],
    }


def _labels(things: Any, language: str) -> list[dict[str, Any]]:
    return [_label(each, language) for each in things]


def _label(thing: Any, language: str) -> dict[str, Any]:
    return {"code": thing.code, "label": thing.label.in_language(language)}
