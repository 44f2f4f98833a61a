"""The investigator reads the strata with their cut and signs them, once, with the password."""

from django.test import Client

from review.models import Signature
from tests.integration.monitors.conftest import PASSWORD, World
from trials.protocol.signing import strata_hash
from trials.queries import protocol_of

PAGE = "/t/STRONG-BACK/monitoring/strata/"


def content(world: World) -> str:
    return strata_hash(protocol_of(world.trial))


def test_the_cut_stands_there_in_words_with_the_reason(world: World, investigator: Client) -> None:
    html = investigator.get(PAGE).content.decode()
    for words in ("9 or more", "less than 9", "9, 10, 11, 12, 13, 14, 15", "high &gt;9, and low &lt;9", "Therapist"):
        assert words in html
    assert "(helen@example.org)" in html


def test_signed_with_the_password(world: World, investigator: Client) -> None:
    done = investigator.post(PAGE, {"seen": content(world), "password": PASSWORD}, follow=True)
    held = Signature.objects.get()
    assert (held.kind, held.signed_name, held.signed_role) == ("strata", "Dr. Helen Park", "investigator")
    assert held.content_hash == content(world)
    html = done.content.decode()
    assert "Dr. Helen Park, 2 March 2026, 15:00 UTC" in html
    assert "Sign the strata" not in html


def test_without_the_right_password_nothing_is_signed(world: World, investigator: Client) -> None:
    for password in ("", "not this one"):
        page = investigator.post(PAGE, {"seen": content(world), "password": password})
        assert page.status_code == 422
        assert PASSWORD not in page.content.decode()
    assert "This is not your password." in page.content.decode()
    assert not Signature.objects.exists()


def test_guessing_passwords_stops_after_ten(world: World, investigator: Client) -> None:
    for _each in range(10):
        investigator.post(PAGE, {"seen": content(world), "password": "wrong"})
    page = investigator.post(PAGE, {"seen": content(world), "password": PASSWORD})
    assert "Too many attempts." in page.content.decode()
    assert not Signature.objects.exists()


def test_a_second_click_and_an_amendment_are_told(world: World, investigator: Client) -> None:
    changed = investigator.post(PAGE, {"seen": "0" * 64, "password": PASSWORD})
    assert changed.status_code == 409
    assert "The strata were amended meanwhile." in changed.content.decode()
    given = {"seen": content(world), "password": PASSWORD}
    assert investigator.post(PAGE, given).status_code == 302
    assert investigator.post(PAGE, given).status_code == 409
    assert Signature.objects.count() == 1


def test_wrong_role_logged_out_wrong_method_other_trial(world: World, client: Client) -> None:
    for user in (world.cast.noor, world.cast.tomas, world.cast.samuel, world.cast.elise, world.cast.marc):
        client.force_login(user)
        assert client.get(PAGE).status_code == client.post(PAGE).status_code == 403
    client.force_login(world.cast.helen)
    assert client.delete(PAGE).status_code == 405
    assert client.get("/t/OTHER/monitoring/strata/").status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302
