"""Tables of who takes part: participants and their consents, with what was decided on eligibility."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from exports.eligibility import eligibility_table
from exports.identity import codes_of, fields_of_identity, identity_at
from exports.scope import Scope
from exports.tables import CHUNK, Column, Kind, Label, Table, by_participant, chunks, flat
from instruments import catalogue
from outcomes.models import Response
from participants.codes import WithdrawalReason, WithdrawalScope
from participants.models import Consent, Milestone, Participant, Withdrawal

_SEX = ("sociodemographic", "sex")


def participant_tables(scope: Scope) -> list[Table]:
    """Participants, each decision on eligibility, and consents."""
    return [_participants(scope), eligibility_table(scope), _consents(scope)]


@dataclass(frozen=True)
class _Person:
    """One participant with what the table of participants joins."""

    participant: Any
    consent: Any
    days: dict[str, Any]
    withdrawn: list[Any]
    sex: str | None

    @property
    def gave_back(self) -> bool:
        return any("data" in each.scopes for each in self.withdrawn)


def _participants(scope: Scope) -> Table:
    P = "participants.Participant"
    columns = (
        *identity_at(scope, "participant."),
        Column("language", Kind.CODE, _("Language"), lambda r: r.participant.language, f"{P}.language"),
        Column("group", Kind.CODE, _("Group"), lambda r: r.participant.group or None, f"{P}.group"),
        Column(
            "state",
            Kind.CODE,
            _("State"),
            lambda r: r.participant.state,
            f"{P}.state",
            codes=codes_of(Participant.State),
        ),
        Column(
            "screened_on", Kind.DATE, _("Day of screening"), lambda r: r.participant.screened_on, f"{P}.screened_on"
        ),
        _milestone("consented_on", _("Day of consent"), Milestone.Kind.CONSENT),
        _milestone("first_session_booked_on", _("Day the first session is booked for"), "first_session_booked"),
        _milestone("randomized_on", _("Day of randomization"), Milestone.Kind.RANDOMIZED),
        *_person_columns(),
        *_withdrawal_columns(),
    )
    return Table("participants", _("Participants"), columns, partial(_people, scope))


def _milestone(name: str, label: Label, kind: str) -> Column:
    return Column(name, Kind.DATE, label, lambda row: row.days.get(str(kind)), "participants.Milestone.day")


def _person_columns() -> tuple[Column, ...]:
    options = catalogue.load(_SEX[0]).item(_SEX[1]).options
    return (
        Column(
            "consent_version",
            Kind.TEXT,
            _("Version of the consent document in force"),
            lambda row: row.consent and row.consent.version,
            "participants.Consent.version",
        ),
        Column(
            "age_years",
            Kind.INTEGER,
            _("Age on the day of consent"),
            lambda row: row.consent.age if row.consent and not row.gave_back else None,
            "participants.Consent.age",
            unit=_("years"),
        ),
        Column(
            "sex",
            Kind.CODE,
            _("Sex, from the sociodemographic form"),
            lambda row: None if row.gave_back else row.sex,
            "outcomes.Response.answers",
            codes=tuple((str(option.code), option.text) for option in options),
        ),
    )


def _withdrawal_columns() -> tuple[Column, ...]:
    W = "participants.Withdrawal"
    return (
        Column(
            "withdrew_on",
            Kind.DATE,
            _("Day of the first withdrawal"),
            lambda row: row.withdrawn[0].day if row.withdrawn else None,
            f"{W}.day",
        ),
        Column(
            "withdrawn_from",
            Kind.CODES,
            _("What the person withdrew from"),
            lambda row: {scope for each in row.withdrawn for scope in each.scopes},
            f"{W}.scopes",
            codes=codes_of(WithdrawalScope),
        ),
        Column(
            "withdrawal_reason",
            Kind.CODE,
            _("Reason of the first withdrawal"),
            lambda row: row.withdrawn[0].reason_code if row.withdrawn else None,
            f"{W}.reason_code",
            codes=codes_of(WithdrawalReason),
        ),
    )


def _people(scope: Scope) -> Iterator[_Person]:
    form, item = _SEX
    own = ("pk", "number", "site__code", "language", "group", "state", "screened_on")
    responses = Response.objects.filter(instrument=form).order_by("submitted_at", "pk")
    for people in chunks(flat(scope.participants(), *own), CHUNK):
        keys = [each.pk for each in people]
        consents = by_participant(Consent.objects.order_by("signed_at", "recorded_at", "-pk"), keys, "version", "age")
        days = by_participant(Milestone.objects.filter(number=0).exclude(day=None), keys, "kind", "day")
        withdrawn = by_participant(Withdrawal.objects.order_by("at", "pk"), keys, "scopes", "day", "reason_code")
        described = by_participant(responses, keys, "answers")
        for each in people:
            signed, answered = consents.get(each.pk), described.get(each.pk)
            yield _Person(
                each,
                signed[-1] if signed else None,
                {milestone.kind: milestone.day for milestone in days.get(each.pk, ())},
                withdrawn.get(each.pk, []),
                answered[0].answers.get(item) if answered else None,
            )


def _consents(scope: Scope) -> Table:
    C = "participants.Consent"
    columns = (
        *identity_at(scope, "participant__"),
        Column("version", Kind.TEXT, _("Version of the document"), lambda row: row.version, f"{C}.version"),
        Column("language", Kind.CODE, _("Language of the document"), lambda row: row.language, f"{C}.language"),
        Column("signed_on", Kind.DATE, _("Day of signature"), lambda row: row.day, f"{C}.day"),
        *(
            Column(
                f"agrees_{clause.code}",
                Kind.YES_NO,
                clause.wording.root,
                partial(_agreed, clause=clause.code),
                f"{C}.clauses",
            )
            for clause in scope.protocol.consent.clauses
        ),
    )
    return Table("consents", _("Consents, a row for each document signed"), columns, partial(_signed, scope))


def _agreed(row: Any, *, clause: str) -> Any:
    return row.clauses.get(clause)


def _signed(scope: Scope) -> Iterator[Any]:
    rows = Consent.objects.filter(participant__in=scope.participants().order_by())
    rows = rows.order_by(scope.order, "signed_at", "recorded_at", "-pk")
    return flat(rows, *fields_of_identity(scope, "participant__"), "version", "language", "day", "clauses")
