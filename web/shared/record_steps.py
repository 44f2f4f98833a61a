"""What may be done next with a participant, the most useful first; only what the reader may do."""

from collections.abc import Iterator
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.permissions import Permission as P
from outcomes import queries as outcomes
from participants.codes import SESSION
from participants.models import Appointment, Consent, Contact, Participant
from participants.policies import BEFORE_RANDOMIZATION
from participants.queries import consent_of, standing, withdrawn_from
from trials.protocol import Protocol
from trials.protocol.eligibility import criteria_at
from trials.queries import protocol_of
from web.components import Action
from web.instrument_forms.places import HAVE_AN_ARM
from web.shared.record_rights import Rights
from web.shared.record_words import link, stage_name

S = Participant.State


class Steps:
    """Reads what has been reached once."""

    def __init__(self, participant: Participant, rights: Rights) -> None:
        self.participant, self.rights = participant, rights
        self.protocol: Protocol = protocol_of(participant.trial)
        self.consent: Consent | None = consent_of(participant)
        self.standing = standing(participant)
        self.is_away = participant.state == S.WITHDRAWN

    @cached_property
    def main(self) -> Action | None:
        """The one thing to do next, if there is one for this reader."""
        return next(iter(self._ahead), None)

    @cached_property
    def others(self) -> list[Action]:
        """Everything else that may be done, without the main one."""
        return [each for each in dict.fromkeys([*self._ahead, *self._always()]) if each != self.main]

    @cached_property
    def _ahead(self) -> list[Action]:
        return list(self._forward())

    def newer_consent(self) -> str:
        """The version to ask consent for again, or nothing."""
        held, newest = self.consent, self.protocol.consent.document_for(self.participant.language)
        if held is None or newest is None or self.is_away:
            return ""
        return newest.version if newest.version != held.version else ""

    def _forward(self) -> Iterator[Action]:
        state = self.participant.state
        if state in (S.INELIGIBLE, S.DECLINED, S.SCREENING) and P.SCREEN in self.rights:
            yield self._to("screen_again", _("Screen again"))
        if state == S.ELIGIBLE:
            yield from self._towards_consent()
        if state == S.CONSENTED:
            yield from self._towards_randomization()

    def _towards_consent(self) -> Iterator[Action]:
        if P.VIEW_CONTACT in self.rights and not Contact.objects.filter(participant=self.participant).exists():
            yield self._to("contact", _("Add contact details"))
        if P.CONSENT in self.rights:
            yield self._to("consent", _("Record consent"))

    def _towards_randomization(self) -> Iterator[Action]:
        stage = self._stage_to_decide()
        if stage is not None:
            label = _("Decide eligibility: %(stage)s") % {"stage": stage_name(self.protocol, stage)}
            yield self._to("decide", label, stage=stage)
        plan = self.protocol.randomization
        if plan is not None and plan.anchor == "first_session_booked" and P.BOOK in self.rights:
            booked = Appointment.objects.filter(
                participant=self.participant, purpose=SESSION, state__in=(Appointment.State.BOOKED, "kept")
            )
            if not booked.exists():
                yield self._to("appointment_new", _("Book the first session"))
        if self.rights.may_randomize(self.protocol):
            yield self._to("randomize", _("Randomize"))

    def _stage_to_decide(self) -> str | None:
        """The first stage not decided yet, once the form it waits for is there; the last is for who randomizes."""
        stages = self.protocol.eligibility.stages
        for stage in stages[1:]:
            if self.standing.get(stage.code) == "eligible":
                continue
            is_last = stage is stages[-1] and len(stages) > 2
            permitted = self.rights.may_randomize(self.protocol) if is_last else P.SCREEN in self.rights
            asks = bool(criteria_at(self.protocol, stage.code, self.participant.group or None))
            return stage.code if permitted and asks and self._has_form(stage.after_form) else None
        return None

    def _has_form(self, instrument: str | None) -> bool:
        if instrument is None:
            return True
        visits = [v.code for v in self.protocol.visits if any(f.instrument == instrument for f in v.forms)]
        return bool(visits) and outcomes.is_complete(self.participant, visits[0], instrument)

    def _always(self) -> Iterator[Action]:
        yield from self._to_reach()
        if P.CONSENT in self.rights and self.participant.state in (S.CONSENTED, S.RANDOMIZED):
            yield self._to("consent", _("Record consent again"))
        if P.SCREEN in self.rights and self.participant.state in BEFORE_RANDOMIZATION:
            yield self._to("screen_again", _("Screen again"))
        if P.BOOK in self.rights and self.consent is not None:
            yield self._to("person_calendar", _("Calendar"))
        if P.ENTER_FOR_PARTICIPANT in self.rights and self.consent is not None and not self.is_away:
            yield self._to("visit_missed", _("Visit missed"))
        if P.WITHDRAW in self.rights and self.consent is not None:
            yield self._to("withdraw", _("Withdraw"))
        if P.REPORT_EVENT in self.rights and self.consent is not None:
            trial, number = self.participant.trial.code, self.participant.number
            yield Action(_("Report an adverse event"), link("event_new", trial=trial, number=number))
            yield Action(_("Record a deviation"), link("deviation_new", trial=trial, number=number))
            yield Action(_("Record other care"), link("care_new", trial=trial, number=number))
            yield Action(_("Record a pregnancy"), link("pregnancy_new", trial=trial, number=number))
            yield Action(_("Record an incidental finding"), link("finding_new", trial=trial, number=number))
        if self.participant.state in HAVE_AN_ARM:
            yield from self._about_the_blind()

    def _to_reach(self) -> Iterator[Action]:
        """What is done to speak or write to somebody."""
        reachable = not withdrawn_from(self.participant, "contact")
        if P.LOG_CONTACT in self.rights:
            yield self._to("contact_log", _("Call, and log it"))
        if P.VIEW_CONTACT in self.rights:
            yield self._to("contact", _("Contact details"))
        if P.BOOK in self.rights and reachable and not self.is_away:
            yield self._to("appointment_new", _("Book an appointment"))
        if P.SEND_LINK in self.rights and self.consent is not None and reachable and not self.is_away:
            yield self._to("link", _("Send the questionnaire link"))
        if P.LOG_CONTACT in self.rights and self.consent is not None and reachable:
            yield self._to("wishes", _("Stop or resume messages"))
            yield self._to("time_zone", _("Time zone of messages"))

    def _about_the_blind(self) -> Iterator[Action]:
        trial, number = self.participant.trial.code, self.participant.number
        if P.RECORD_UNBLINDING in self.rights:
            yield Action(_("Someone told me the group"), link("unblinding", trial=trial, number=number))
        if P.UNBLIND in self.rights:
            url = link("unblinded:emergency", trial=trial)
            yield Action(_("Emergency unblinding"), f"{url}?number={number}")

    def _to(self, page: str, label: str, **kwargs: str) -> Action:
        trial, number = self.participant.trial.code, self.participant.number
        return Action(label, link(f"coordinators:{page}", trial=trial, number=number, **kwargs))
