"""The participant's guess: only where the protocol asks, after the last questionnaire of the visit."""

from collections.abc import Callable

from core import ids
from outcomes.actions import responses
from outcomes.models import Form, Guess
from tests import sealed
from tests.integration.participants_pages.conftest import World
from tests.unit.outcomes.world import answered, ask_for_guesses


def answer_all_but_the_last(world: World) -> Form:
    """Everything of the visit is sent but one form, whose answers are drafts that wait to be sent."""
    own = Form.objects.filter(visit=world.link.visit, filled_by="participant").exclude(instrument="nprs")
    for form in own:
        responses.submit(form=form, answers=answered(form.instrument), by=world.by)
    world.answer_all("nprs", 3)
    return world.form("nprs")


def test_it_follows_the_last_questionnaire(make_world: Callable[..., World]) -> None:
    world = make_world()
    ask_for_guesses(world.trial, "participant")
    answer_all_but_the_last(world)
    sent = world.client.post(world.url("nprs", "check/"))
    assert (sent.status_code, sent["Location"]) == (302, world.url(rest="guess/"))
    html = world.client.get(world.url(rest="guess/")).content.decode()
    assert "Which programme do you believe you are in?" in html
    assert "checked" not in html
    assert world.client.post(world.url(rest="guess/"), {}).status_code == 422
    done = world.client.post(world.url(rest="guess/"), {"guess": "RT:somewhat"})
    assert (done.status_code, done["Location"]) == (302, world.url(rest="thanks/"))
    guess = sealed.only(Guess)
    assert (guess.guesser, guess.arm, guess.by) == ("participant", "RT", str(world.participant.pk))
    assert world.client.get(world.url(rest="guess/"))["Location"] == world.url(rest="thanks/")


def test_it_may_be_skipped(make_world: Callable[..., World]) -> None:
    world = make_world("fr")
    ask_for_guesses(world.trial, "participant")
    answer_all_but_the_last(world)
    world.client.post(world.url("nprs", "check/"))
    assert world.client.post(world.url(rest="guess/"), {"step": "skip"}).status_code == 422
    assert world.client.post(world.url(rest="guess/"), {"step": "skip", "skipped": "other"}).status_code == 302
    assert sealed.only(Guess).skipped == "other"


def test_strong_back_does_not_ask_participants(make_world: Callable[..., World]) -> None:
    world = make_world()
    answer_all_but_the_last(world)
    assert world.client.post(world.url("nprs", "check/"))["Location"] == world.url(rest="thanks/")
    assert world.client.get(world.url(rest="guess/")).status_code == 302
    assert world.client.post(world.url(rest="guess/"), {"guess": "RT:somewhat"}).status_code == 302
    assert sealed.rows(Guess) == []


def test_a_bad_link_and_a_wrong_method(make_world: Callable[..., World]) -> None:
    world = make_world()
    assert world.client.get(f"/q/{ids.token()}/guess/").status_code == 404
    assert world.client.put(world.url(rest="guess/")).status_code == 405
