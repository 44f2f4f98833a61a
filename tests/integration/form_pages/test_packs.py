"""Staff read out the words of the trial's content pack, and read answers back in them."""

from collections.abc import Callable

from outcomes.models import Response
from tests import cast, packs
from tests.integration.form_pages.conftest import World


def test_a_form_is_filled_and_read_back_in_the_words_of_the_pack(
    as_elise: World, answered_odi: Callable[[], str]
) -> None:
    packs.load(as_elise.trial, cast.actor(as_elise.people.noor), "odi", "en")
    shown = as_elise.client.get(as_elise.shared_url("odi")).content.decode()
    assert "Real odi_1" in shown
    assert "Demonstration" not in shown
    read = as_elise.client.get(answered_odi()).content.decode()
    assert "Real odi_1" in read
    assert "Real 2" in read
    assert Response.objects.get(instrument="odi").pack_version == "1"
