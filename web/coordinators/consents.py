"""Recording what a participant agreed to: the version in force, clause by clause."""

import unicodedata
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from outcomes.actions import enrolment
from participants.models import Participant
from participants.policies import check_may_consent
from participants.queries import consent_of
from trials.models import Membership
from trials.protocol import Protocol
from trials.protocol.consent import ConsentDocument
from trials.queries import protocol_of
from web.components import Tab
from web.coordinators.copies import told_after
from web.coordinators.saving import about, answer, person_of
from web.forms import ChoiceField, ClockField, Form, SplitDateField, YesNoField, moment
from web.pages import TrialRequest, page
from web.shared.record_words import day_in_words, language_name, say

TEMPLATE = "coordinators/consent.html"
MEETING = (Role.COORDINATOR, Role.ASSESSOR, Role.INVESTIGATOR)


class ConsentForm(Form):
    """Every clause yes or no, who explained, when it was signed; nothing chosen beforehand."""

    def __init__(self, protocol: Protocol, language: str, staff: list[User], data: Any = None) -> None:
        super().__init__(data)
        for clause in protocol.consent.clauses:
            words = clause.wording.in_language(language)
            hint = "" if clause.optional else _("Needed to take part.")
            self.fields[f"clauses.{clause.code}"] = YesNoField(label=words, help_text=hint, required=True)
        people = [(str(user.pk), user.name) for user in staff]
        self.fields["explained_by"] = ChoiceField(label=_("Who explained it"), choices=people, as_list=len(people) > 6)
        self.fields["signed_at"] = SplitDateField(label=_("Day of signature"))
        self.fields["signed_time"] = ClockField(label=_("Time of signature"))

    def clauses(self) -> dict[str, bool]:
        """The answer to each clause."""
        marked = "clauses."
        return {
            name.removeprefix(marked): value for name, value in self.cleaned_data.items() if name.startswith(marked)
        }


@page(Permission.CONSENT, methods=("GET", "POST"))
def consent(request: TrialRequest, number: str) -> HttpResponse:
    """The form in the participant's language, or in another that was used."""
    participant = person_of(request, number)
    check_may_consent(participant)
    protocol = protocol_of(request.trial)
    language = _language(request, participant, protocol)
    document = protocol.consent.document_for(language)
    staff = staff_of(participant)
    form = ConsentForm(protocol, language, staff, request.POST if request.method == "POST" else None)

    def save(typed: dict[str, Any]) -> str:
        recorded = enrolment.record_consent(
            participant=participant,
            version=request.POST.get("version", ""),
            language=language,
            clauses=form.clauses(),
            explained_by=next(user for user in staff if str(user.pk) == typed["explained_by"]),
            signed_at=moment(typed["signed_at"], typed["signed_time"], participant.site.time_zone),
            by=request.actor,
        )
        messages.success(request, told_after(request, recorded))
        return reverse("record", kwargs={"trial": request.trial.code, "number": number})

    context = about(request, participant, **_words(request, participant, protocol, document, language))
    return answer(request, form, context, save, template=TEMPLATE)


def staff_of(participant: Participant) -> list[User]:
    """Who meets participants at this site without learning arms, by name."""
    held = Membership.objects.filter(trial=participant.trial, ended_at=None, role__in=MEETING).select_related("user")
    here = {m.user for m in held if m.site_id in (None, participant.site_id)}
    return sorted(here, key=lambda user: (unicodedata.normalize("NFKD", user.name).casefold(), str(user.pk)))


def _language(request: TrialRequest, participant: Participant, protocol: Protocol) -> str:
    offered = [document.language for document in protocol.consent.documents]
    wanted = request.GET.get("language", participant.language)
    return wanted if wanted in offered else participant.language


def _words(
    request: TrialRequest,
    participant: Participant,
    protocol: Protocol,
    document: ConsentDocument | None,
    language: str,
) -> dict[str, Any]:
    offered = dict.fromkeys(each.language for each in protocol.consent.documents)
    held = consent_of(participant)
    facts = {"version": held.version, "day": day_in_words(held.day)} if held else {}
    return {
        "title": _("Consent"),
        "lead": _("In the participant's language, one clause at a time"),
        "document": document,
        "approved": day_in_words(document.approved_on) if document else "",
        "language": language_name(language),
        "language_code": language,
        "tabs": [Tab(language_name(code), f"?language={code}", code == language) for code in offered],
        "held": _("Version %(version)s was signed on %(day)s. This records another.") % facts if held else "",
        "statement": say(protocol.consent.data_sharing.statement),
        "submit": _("Record the consent"),
    }
