"""Tables of who takes part: participants, eligibility, consents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from exports.scope import Scope, withdrew_data
from exports.tables import CHUNK, Column, Kind, Label, Table
from instruments import catalogue
from outcomes.models import Response
from participants.codes import DeclineReason, WithdrawalReason, WithdrawalScope
from participants.models import Consent, Decision, Milestone, Participant, Screening
from trials.protocol.criteria import Age, Choice, DateAsked, NumberAsked, Profile, Question, Score, YesNo

_SEX = ("sociodemographic", "sex")


def participant_tables(scope: Scope) -> list[Table]:
    """Participants, each decision on eligibility, and consents."""
    return [_participants(scope), _eligibility(scope), _consents(scope)]


def identity(scope: Scope, participant_of: Any) -> tuple[Column, ...]:
    """The columns every table begins with: who, and at which site."""
    return (
        Column(
            "number",
            Kind.TEXT,
            _("Study number"),
            lambda row: scope.name_of(participant_of(row)),
            "participants.Participant.number",
        ),
        Column(
            "site",
            Kind.CODE,
            _("Site"),
            lambda row: participant_of(row).site.code,
            "trials.Site.code",
            codes=tuple((site.code, site.name) for site in scope.sites),
            shared=False,
        ),
    )


def codes_of(choices: Any) -> tuple[tuple[str, Label], ...]:
    """The codes of an enumeration, with their words."""
    return tuple((str(each.value), each.label) for each in choices)


@dataclass(frozen=True)
class _Person:
    """One participant with what the table of participants joins."""

    participant: Participant
    consent: Consent | None
    days: dict[str, Any]
    withdrawn: list[Any]
    sex: str | None

    @property
    def gave_back(self) -> bool:
        return any("data" in each.scopes for each in self.withdrawn)


def _participants(scope: Scope) -> Table:
    P = "participants.Participant"
    columns = (
        *identity(scope, lambda row: row.participant),
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
    rows = scope.participants().select_related("site")
    rows = rows.prefetch_related(
        Prefetch("consents", Consent.objects.order_by("signed_at", "recorded_at")),
        Prefetch("milestones", Milestone.objects.exclude(day=None)),
        "withdrawals",
        Prefetch("responses", Response.objects.filter(instrument=form).order_by("submitted_at"), to_attr="described"),
    )
    for each in rows.iterator(chunk_size=CHUNK):
        consents = list(each.consents.all())
        described = each.described[0].answers if each.described else {}  # type: ignore[attr-defined]
        yield _Person(
            each,
            consents[-1] if consents else None,
            {milestone.kind: milestone.day for milestone in each.milestones.all() if milestone.number == 0},
            sorted(each.withdrawals.all(), key=lambda withdrawal: withdrawal.at),
            described.get(item),
        )


Decided = Screening | Decision


def _eligibility(scope: Scope) -> Table:
    S = "participants.Screening"
    reasons = tuple((c.code, c.wording.root) for c in scope.protocol.eligibility.criteria)
    columns = (
        *identity(scope, lambda row: row.participant),
        Column("stage", Kind.CODE, _("Stage"), _stage, "participants.Decision.stage", codes=_stages(scope)),
        Column("decided_on", Kind.DATE, _("Day"), lambda row: row.day, f"{S}.day"),
        Column(
            "outcome",
            Kind.CODE,
            _("Outcome"),
            lambda row: row.outcome,
            f"{S}.outcome",
            codes=codes_of(Screening.Outcome),
        ),
        Column("reasons", Kind.CODES, _("Criteria not met"), lambda row: row.reasons, f"{S}.reasons", codes=reasons),
        Column(
            "declined_reason",
            Kind.CODE,
            _("Why the person declined"),
            lambda row: getattr(row, "declined_reason", None) or None,
            f"{S}.declined_reason",
            codes=codes_of(DeclineReason),
        ),
        *(column for name, asked in scope.protocol.questions_asked.items() for column in _asked(name, asked)),
    )
    return Table("eligibility", _("Eligibility, a row for each decision"), columns, partial(_decisions, scope))


def _stages(scope: Scope) -> tuple[tuple[str, Label], ...]:
    return tuple((stage.code, stage.label.root) for stage in scope.protocol.eligibility.stages)


def _stage(row: Decided) -> str:
    return row.stage if isinstance(row, Decision) else "screening"


def _asked(name: str, asked: Question) -> Iterator[Column]:
    label = asked.wording.root if asked.wording else name
    if isinstance(asked, Profile):
        codes = tuple((option.code, option.label.root) for option in asked.categories)
        for domain in asked.domains:
            yield Column(
                f"{name}_{domain.code}",
                Kind.CODE,
                domain.label.root,
                partial(_answer_in_profile, name=name, domain=domain.code),
                "participants.Screening.answers",
                codes=codes,
            )
        return
    kinds = {YesNo: Kind.YES_NO, NumberAsked: Kind.DECIMAL, Age: Kind.INTEGER, DateAsked: Kind.DATE}
    kinds |= {Choice: Kind.CODE, Score: Kind.DECIMAL}
    options = asked.options if isinstance(asked, Choice) else ()
    yield Column(
        name,
        kinds[type(asked)],
        label,
        lambda row: row.answers.get(name),
        "participants.Screening.answers",
        unit=asked.unit if isinstance(asked, NumberAsked) else "",
        codes=tuple((option.code, option.label.root) for option in options),
        low=getattr(asked, "min", None),
        high=getattr(asked, "max", None),
    )


def _answer_in_profile(row: Decided, *, name: str, domain: str) -> Any:
    return (row.answers.get(name) or {}).get(domain)


def _decisions(scope: Scope) -> Iterator[Decided]:
    rows = scope.participants().exclude(withdrew_data()).select_related("site")
    for each in rows.prefetch_related("screenings", "decisions").iterator(chunk_size=CHUNK):
        made: Iterable[Decided] = [*each.screenings.all(), *each.decisions.all()]
        for row in sorted(made, key=lambda one: (one.at, str(one.pk))):
            row.participant = each
            yield row


def _consents(scope: Scope) -> Table:
    C = "participants.Consent"
    columns = (
        *identity(scope, lambda row: row.participant),
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


def _agreed(row: Consent, *, clause: str) -> Any:
    return row.clauses.get(clause)


def _signed(scope: Scope) -> Iterator[Consent]:
    rows = Consent.objects.filter(participant__in=scope.participants().order_by())
    rows = rows.select_related("participant__site").order_by(scope.order, "signed_at", "recorded_at")
    return rows.iterator(chunk_size=CHUNK)
