"""More planted leaks: beside the words of a page, in what only a program or a comparison would notice."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from django.core.mail import EmailMessage
from django.core.paginator import Paginator

from accounts.models import User
from core.blindfold import lifted
from exports.tables import Column, Kind
from participants.models import Participant
from tests.rules.swap.leaks import LEAKS, altered, held, in_arm, leak, sessions_held, wrapped
from therapy.models import Assignment


@leak("data_manager", "monitors:people")
def a_cookie() -> Iterator[None]:
    with altered(lambda response: response.set_cookie("seen", str(sessions_held()))):
        yield


@leak("investigator", "record")
def an_etag() -> Iterator[None]:
    def tag(response: Any) -> None:
        response["ETag"] = hashlib.sha256(str(sessions_held()).encode()).hexdigest()

    with altered(tag):
        yield


@leak("coordinator", "coordinators:messages")
def a_count_of_queries() -> Iterator[None]:
    def told(response: Any) -> None:
        response["Server-Timing"] = f"db;desc={20 + sessions_held()}"

    with altered(told):
        yield


@leak("monitor", "monitors:progress")
def nothing_but_a_space() -> Iterator[None]:
    def padded(response: Any) -> None:
        response.content = response.content.replace(b"</main>", b" " * sessions_held() + b"</main>")

    with altered(padded):
        yield


@leak("assessor", "record")
def a_title_on_hovering() -> Iterator[None]:
    def titled(response: Any) -> None:
        response.content = response.content.replace(b"<main", b'<main title="%d"' % sessions_held(), 1)

    with altered(titled):
        yield


@leak("coordinator", "coordinators:withdraw")
def a_sentence_about_an_error() -> Iterator[None]:
    def told(response: Any) -> None:
        if response.status_code == 422:
            response.content = response.content.replace(b"</main>", b"%d sessions stay.</main>" % sessions_held())

    with altered(told):
        yield


@leak("assessor", "trial_home")
def a_way_on_that_differs() -> Iterator[None]:
    def led(response: Any) -> None:
        if "Location" in response:
            response["Location"] += f"?from={sessions_held()}"

    with altered(led):
        yield


@leak("investigator", "monitors:audit_download")
def a_name_of_a_downloaded_trail() -> Iterator[None]:
    def named(response: Any) -> None:
        if "Content-Disposition" in response:
            response["Content-Disposition"] = f'attachment; filename="audit-{sessions_held()}.csv"'

    with altered(named):
        yield


@leak("coordinator", "coordinators:home")
def a_line_in_the_log() -> Iterator[None]:
    with altered(lambda _response: logging.getLogger("web").info("%d sessions so far.", sessions_held())):
        yield


@leak("monitor", "monitors:audit")
def a_choice_of_a_filter() -> Iterator[None]:
    original = held("web.monitors.audit.FilterForm.__init__")

    def begin(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.fields["verb"].choices = [*self.fields["verb"].choices, (f"session.{sessions_held()}", "Session")]

    with patch("web.monitors.audit.FilterForm.__init__", begin):
        yield


@leak("monitor", "monitors:participants")
def a_number_of_pages() -> Iterator[None]:
    with patch.object(Paginator, "num_pages", property(lambda _self: 1 + sessions_held() % 7)):
        yield


@leak("assessor", "api:participants")
def a_total() -> Iterator[None]:
    with patch.object(Paginator, "count", property(lambda self: len(self.object_list) + sessions_held())):
        yield


@leak("coordinator", "coordinators:participants")
def a_search_that_finds_one_arm() -> Iterator[None]:
    """Only a search shows it: the list itself is whole."""
    original = held("web.coordinators.people.participants_of")

    def found(sites: Any, states: Any = None, typed: str = "") -> Any:
        people = original(sites, states, typed)
        return people.exclude(pk__in=[each.pk for each in people if in_arm(each)]) if typed else people

    with patch("web.coordinators.people.participants_of", found):
        yield


@leak("investigator", "api:participants")
def an_order_within_one_state() -> Iterator[None]:
    """Only the list of one state shows it."""
    original = held("api.participants.participants_of")

    def found(sites: Any, states: Any = None, search: str = "") -> Any:
        people = original(sites, states=states, search=search)
        return sorted(people, key=lambda each: (in_arm(each), each.number)) if states else people

    with patch("api.participants.participants_of", found):
        yield


@leak("investigator", "record")
def an_order_of_appointments() -> Iterator[None]:
    original = held("web.shared.record.appointment_rows")

    def rows(participant: Participant, may_book: bool) -> Any:
        found = original(participant, may_book)
        return [*found, *found[: int(in_arm(participant))]]

    with patch("web.shared.record.appointment_rows", rows):
        yield


@leak("coordinator", "record")
def a_place_of_an_appointment() -> Iterator[None]:
    original = held("web.shared.record_panels._appointment_row")

    def row(appointment: Any, participant: Participant, *rest: Any) -> Any:
        found = original(appointment, participant, *rest)
        return replace(found, where="Gym" if in_arm(participant) else "Clinic")

    with patch("web.shared.record_panels._appointment_row", row):
        yield


@leak("investigator", "record")
def the_name_of_a_therapist() -> Iterator[None]:
    original = held("web.shared.record._lead")

    def lead(participant: Participant) -> str:
        with lifted():
            keys = list(Assignment.objects.filter(participant=participant).values_list("therapist_id", flat=True))
        names = User.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True)
        return f"{original(participant)}, {', '.join(names)}"

    with patch("web.shared.record._lead", lead):
        yield


@leak("coordinator", "record")
def an_address_of_a_link() -> Iterator[None]:
    original = held("web.shared.record._copy_url")

    def url(participant: Participant, steps: Any) -> str:
        return f"{original(participant, steps)}{'?short=1' if in_arm(participant) else ''}"

    with patch("web.shared.record._copy_url", url):
        yield


@leak("coordinator", "api:participant")
def a_field_of_the_api() -> Iterator[None]:
    with wrapped(
        "rest_framework.serializers.Serializer.to_representation", lambda told: {**told, "n": sessions_held()}
    ):
        yield


@leak("data_manager", "monitors:exports")
def a_column_of_the_export() -> Iterator[None]:
    dose = Column("dose", Kind.INTEGER, "Dose", lambda _row: sessions_held(), "participants.Participant.state")

    def wider(tables: Any) -> Any:
        return [replace(tables[0], columns=(*tables[0].columns, dose)), *tables[1:]]

    with wrapped("exports.blinded.participant_tables", wider):
        yield


@leak("data_manager", "monitors:exports")
def a_label_in_the_codebook() -> Iterator[None]:
    with wrapped("exports.codebook._entry", lambda entry: {**entry, "unit": {"en": str(sessions_held()), "fr": ""}}):
        yield


@leak("post")
def a_header_of_a_letter() -> Iterator[None]:
    original = EmailMessage.__init__

    def begin(self: EmailMessage, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.extra_headers["Message-ID"] = f"<{sessions_held()}@example.org>"

    with patch.object(EmailMessage, "__init__", begin):
        yield


@leak("post")
def an_order_of_letters() -> Iterator[None]:
    with wrapped("reminders.actions.sweep.candidates.candidates", lambda found: _by_arm(list(found))):
        yield


@leak("post")
def a_letter_that_is_not_sent() -> Iterator[None]:
    with wrapped(
        "reminders.actions.sweep.candidates.candidates",
        lambda found: [each for each in found if not in_arm(each.participant)],
    ):
        yield


@leak("post")
def a_line_in_the_log_of_the_worker() -> Iterator[None]:
    def noted(letter: Any) -> Any:
        logging.getLogger("reminders").info("After %d sessions.", sessions_held())
        return letter

    with wrapped("reminders.letters._render", noted):
        yield


def _by_arm(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda each: in_arm(each.participant))


ALL_LEAKS = LEAKS
"""Of the arm: those in the words of a page, and these."""
