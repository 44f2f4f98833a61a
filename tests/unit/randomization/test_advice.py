import re

import pytest
from django.utils import translation

from randomization.advice import warnings
from tests.unit.randomization.designs import big_stick, blocks, minimization, simple, table_of


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


def test_a_minimization_with_a_random_element_draws_no_warning():
    assert said(minimization()) == ""


def test_a_deterministic_minimization_is_told_with_what_is_certain():
    sentence = said(minimization(probability="1/1"), 120)
    assert re.search(r"a share of 0\.7[67]\d of allocations is certain", sentence)
    assert "simulated" in sentence


def test_a_strongly_leaning_minimization_is_told_with_its_guess_rate():
    assert re.search(r"a share of 0\.81\d of guesses", said(minimization(probability="9/10"), 120))


def test_sites_among_the_factors_are_told_with_what_their_staff_guess():
    assert re.search(r"guess a share of 0\.6[45]\d right", said(minimization(), 120, by_site=True))


def test_a_minimization_that_ends_before_the_target_is_told():
    assert "ends after 60 participants, the target is 106" in said(minimization(slots=60))


def test_a_table_in_blocks_is_told_with_its_certainty():
    sentence = said(table("AABBABBABAAB", "ABABBBAABAAB"), 12)
    assert "blocks of 4" in sentence
    # Certain within runs: 2 1 1, and 1 2 1, of 24.
    assert "33.3 %" in sentence


def test_a_table_that_runs_free_draws_no_such_warning():
    assert said(table("AAAAABABBBBB", "AABAABABBABB"), 12) == ""


def test_a_list_that_was_copied_is_told():
    sentence = said(table("AAAAABABBBBB", "AAAAABABBBBB"), 12)
    assert "sex=f and sex=m are the same" in sentence


def test_a_table_off_its_ratio_is_told():
    assert "16 of 24 places to A. By the ratio it would be 12.0" in said(table("AAAAABAABABB", "AABAAAABBABA"), 12)


def test_a_table_shorter_than_the_target_is_told():
    assert "Each stratum has 12 slots" in said(table("AAAAABABBBBB", "AABAABABBABB"), 13)


def table(first, second):
    codes = {"A": "1", "B": "2"}
    return table_of(*(f",{codes[arm]},{sex}" for sex, arms in (("0", first), ("1", second)) for arm in arms))
