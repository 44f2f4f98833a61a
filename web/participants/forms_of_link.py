"""The forms that a link opens, and what comes after them."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import clock
from core.problems import NotFound
from instruments import catalogue
from instruments.definition import Item
from outcomes.audiences import plan_of
from outcomes.models import PENDING, Form, Link
from outcomes.policies import last_answer_day, today_at
from trials.protocol import Protocol
from trials.protocol.design import Person
from trials.queries import protocol_of
from web.instrument_forms.sheets import Sheet
from web.instrument_forms.words import texts_of


@dataclass(frozen=True)
class Part:
    """One form in the list of a start page: its state is a key of ``web.components.STATES``.

    ``is_short``: one question. ``is_required``: the protocol asks for it; the others are offered.
    """

    form: Form
    title: str
    minutes: int
    state: str
    is_short: bool = False
    is_required: bool = True

    @property
    def is_due(self) -> bool:
        return self.state != "complete"


def forms_of(link: Link) -> list[Form]:
    """The participant's own forms of the link's visit, in order, without those that are not needed."""
    rows = Form.objects.select_related("visit", "site", "trial", "participant__site", "participant__trial")
    own = rows.filter(visit_id=link.visit_id, participant_id=link.participant_id, filled_by="participant")
    return [
        form
        for form in own.exclude(state=Form.State.CANCELLED).order_by("order", "id")
        if form.opens_on <= today_at(form) and not form.not_done_code
    ]


def form_of(link: Link, form_id: object) -> Form:
    """One of the link's forms, or NotFound."""
    form = next((each for each in forms_of(link) if each.pk == form_id), None)
    if form is None:
        raise NotFound("questionnaire.closed", _("This questionnaire is not open by this link. Go back to the start."))
    return form


def parts_of(link: Link) -> list[Part]:
    """The link's forms as the start page lists them."""
    protocol = protocol_of(link.participant.trial)
    return [part_of(form, protocol) for form in forms_of(link)]


def part_of(form: Form, protocol: Protocol) -> Part:
    plan = plan_of(protocol, form)
    is_short = len(catalogue.load(form.instrument).items) == 1
    is_required = plan is None or plan.required
    return Part(form, texts_of(form).title, minutes_of(form, protocol), state_of(form), is_short, is_required)


def asked_first(parts: list[Part]) -> list[Part]:
    """What is due, what the protocol requires before what it offers."""
    return sorted((part for part in parts if part.is_due), key=lambda part: not part.is_required)


def check_in(parts: list[Part]) -> Part | None:
    """The question with which a check-in begins: where all that is required is single questions, none has to be
    led to. None for questionnaires, and once nothing required is due."""
    required = [part for part in parts if part.is_required]
    due = asked_first(required)
    return due[0] if due and all(part.is_short for part in required) else None


@dataclass(frozen=True)
class AboutCheckIn:
    """What a start page would say, for a question that stands without one."""

    trial: str
    site: str
    until: date
    contact: Person | None


def about_check_in(link: Link) -> AboutCheckIn:
    trial = protocol_of(link.trial).public_title.in_language(get_language() or "en")
    return AboutCheckIn(trial, link.participant.site.name, last_day(link), contact_of_site(link))


def state_of(form: Form) -> str:
    if form.state == Form.State.COMPLETE:
        return "complete"
    return "started" if form.started_at else "due"


def minutes_of(form: Form, protocol: Protocol) -> int:
    """The minutes the protocol or the instrument gives for a form."""
    plan = plan_of(protocol, form)
    return (plan.minutes if plan else None) or catalogue.load(form.instrument).minutes


def last_day(link: Link) -> date:
    """The day to answer by: the end of the window, or once that has passed the last day on which it is possible."""
    today = clock.today(link.participant.site.time_zone)
    if link.visit.closes_on >= today:
        return link.visit.closes_on
    return last_answer_day(protocol_of(link.participant.trial), link.visit)


def next_day(link: Link) -> date | None:
    """The day on which the participant's next questionnaire opens, after today."""
    today = clock.today(link.participant.site.time_zone)
    later = Form.objects.filter(
        participant_id=link.participant_id, filled_by="participant", state__in=PENDING, opens_on__gt=today
    )
    return later.order_by("opens_on", "pk").values_list("opens_on", flat=True).first()


def contact_of_site(link: Link) -> Person | None:
    """Whom the participant may call or write to."""
    code = link.participant.site.code
    sites = protocol_of(link.participant.trial).sites
    return next((site.contact for site in sites if site.code == code), None)


def question_url(token: str, sheet: Sheet, item: Item, changing: bool = False) -> str:
    """The address of one question; ``changing`` leads back to the answers afterwards."""
    url = reverse("participants:question", args=[token, sheet.form.pk, sheet.place_of(item)])
    return f"{url}?change=1" if changing else url


def way_on(token: str, sheet: Sheet, item: Item | None = None, changing: bool = False) -> str:
    """Where to go after an item: the next one, then whatever is still open, then the answers to look over."""
    following = sheet.after(item) if item and not changing else None
    following = following or sheet.first_unsettled()
    if following is not None:
        return question_url(token, sheet, following, changing)
    return reverse("participants:check", args=[token, sheet.form.pk])
