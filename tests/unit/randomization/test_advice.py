import pytest
from django.utils import translation

from randomization.advice import warnings
from tests.unit.randomization.designs import big_stick, blocks, simple


def said(design, target=106, **options):
    with translation.override("en"):
        return " ".join(warnings(design, target, **options))


def test_a_sound_design_draws_no_warning():
    assert said(blocks(4, 6, 8, strata=["high", "low"])) == ""
    assert said(simple()) == ""
    assert said(big_stick(3)) == ""


def test_a_size_of_two_is_told_with_its_guess_rate():
    assert "0.722" in said(blocks(2, 4))


def test_a_single_size_is_told_with_its_certainty():
    sentence = said(blocks(4))
    assert "33.3 %" in sentence
    assert "0.708" in sentence


def test_blocks_within_open_sites_are_told_with_their_guess_rate():
    assert "0.681" in said(blocks(4, 6, 8), by_site=True)
    assert said(big_stick(3), by_site=True) == ""


def test_too_many_strata_are_told_with_what_stays_open():
    sentence = said(blocks(4, 6, 8, strata=[str(number) for number in range(10)]))
    assert "10 strata" in sentence
    assert "10.6 each" in sentence
    assert "70 allocations" in sentence


@pytest.mark.parametrize(("slots", "warned"), [(105, True), (106, False)])
def test_every_stratum_must_hold_the_whole_target(slots, warned):
    assert ("Prepare 106 slots" in said(blocks(4, 6, 8, slots=slots))) is warned
