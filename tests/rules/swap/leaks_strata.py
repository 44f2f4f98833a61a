"""Planted leaks of the stratum, to those from whom the protocol conceals it: therapists and participants."""

import logging
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from outcomes.models import Response
from tests.rules.swap.extras import FACTOR
from tests.rules.swap.leaks import Leak, altered, held, leak, wrapped

STRATA_LEAKS: list[Leak] = []
MARC = "therapist marc"


def high_or_low() -> str:
    """Everybody's level, in the order of study numbers: what no therapist may learn of anybody."""
    found = Response.objects.filter(form__instrument=FACTOR).order_by("participant__number")
    return "".join("H" if sum(each.answers.values()) >= 9 else "L" for each in found)


def stratum_of(number: str) -> str:
    """Somebody's level."""
    found = Response.objects.filter(form__instrument=FACTOR, participant__number=number).first()
    return "H" if found is not None and sum(found.answers.values()) >= 9 else "L"


@leak(MARC, "therapists:home", into=STRATA_LEAKS)
def a_word_on_the_therapists_home() -> Iterator[None]:
    def told(response: Any) -> None:
        response.content = response.content.replace(b"</main>", f"{high_or_low()}</main>".encode())

    with altered(told):
        yield


@leak(MARC, "therapists:home", into=STRATA_LEAKS)
def an_order_of_a_caseload() -> Iterator[None]:
    original = held("web.therapists.home.queries.caseload_of")

    def caseload(*args: Any, **kwargs: Any) -> Any:
        levels = [(stratum_of(each.treated.participant.number), each) for each in original(*args, **kwargs)]
        high, low = ([each for level, each in levels if level == wanted] for wanted in "HL")
        # Backwards, so that it is seen in a caseload of one stratum, too.
        return [*reversed(high), *low]

    with patch("web.therapists.home.queries.caseload_of", caseload):
        yield


@leak(MARC, "therapists:randomize", into=STRATA_LEAKS)
def a_header_before_randomizing() -> Iterator[None]:
    def told(response: Any) -> None:
        response["X-Level"] = high_or_low()

    with altered(told):
        yield


@leak(MARC, "api:therapists:treated", into=STRATA_LEAKS)
def a_size_of_an_answer_to_a_program() -> Iterator[None]:
    def told(response: Any) -> None:
        response.content += b" " * int(high_or_low().replace("H", "1").replace("L", "0") or "0", 2)

    with altered(told):
        yield


@leak("participant", "participants:open", into=STRATA_LEAKS)
def a_sentence_for_the_participant() -> Iterator[None]:
    def told(response: Any) -> None:
        response.content = response.content.replace(b"</main>", f"{high_or_low()}</main>".encode())

    with altered(told):
        yield


@leak("visitor", "account_login", into=STRATA_LEAKS)
def a_line_in_the_log_of_strata() -> Iterator[None]:
    with altered(lambda _response: logging.getLogger("web").info("Strata: %s.", high_or_low())):
        yield


@leak("post", into=STRATA_LEAKS)
def an_order_of_letters_by_stratum() -> Iterator[None]:
    with wrapped(
        "reminders.actions.sweep.candidates.candidates",
        lambda found: sorted(found, key=lambda each: stratum_of(each.participant.number)),
    ):
        yield
