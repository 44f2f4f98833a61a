"""Entering a design: the method first, then its values; what they foretell; a dry run that is never the list."""

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from randomization import lists
from randomization.actions import sequences
from randomization.blindfold import Purpose, unblinded
from randomization.design import BigStick, Minimization, PermutedBlocks, Simple
from randomization.models import Sequence
from randomization.queries import draft_of
from tests.unit.randomization.designs import blocks
from tests.unit.randomization_db.world import DESIGN, World
from web.statisticians.dummy import MARK
from web.statisticians.words import design_rows

DESIGN_PAGE = "/t/STRONG-BACK/sequence/design/"
BLOCKS = f"{DESIGN_PAGE}permuted_blocks/"
MINIMIZATION = {"weight_0": "2", "distance": "range", "probability": "0.8"}


def figures(page: Any) -> dict[str, str]:
    return {str(row[0].text): str(row[1].text) for row in page.context["foresight"].figures.rows}


def prepared(world: World) -> Any:
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        held = draft_of(world.trial)
        assert held is not None
        return lists.design_of(held)


def test_step_one_leads_to_the_values_of_the_method(world: World, client: Client) -> None:
    page = client.get(DESIGN_PAGE)
    assert page.status_code == 200
    assert "checked" not in page.content.decode()
    chosen = client.get(DESIGN_PAGE, {"method": "big_stick", "next": "1"})
    assert chosen["Location"] == f"{DESIGN_PAGE}big_stick/"


def test_no_method_is_told(world: World, client: Client) -> None:
    page = client.get(DESIGN_PAGE, {"next": "1"})
    assert page.status_code == 422
    assert "Choose one." in page.content.decode()


def test_trying_a_design_shows_its_figures_and_makes_nothing(world: World, client: Client) -> None:
    page = client.post(BLOCKS, {"block_sizes": "4", "do": "try"})
    html = page.content.decode()
    assert page.status_code == 200
    assert figures(page)["The same, in an endless list"] == "70.8 %"
    assert figures(page)["Certain to somebody who knows each block's size (or the limit)"] == "33.3 %"
    assert "All blocks have 4 places" in html
    assert "Exact: computed from the design" in html
    assert 'value="4"' in html
    assert not Sequence.objects.values_list("id")


def test_the_bias_is_that_of_the_effect_that_was_typed(world: World, client: Client) -> None:
    plain = figures(client.post(BLOCKS, {"block_sizes": "4", "do": "try"}))
    typed = figures(client.post(BLOCKS, {"block_sizes": "4", "do": "try", "effect": "0.5"}))
    rate = float(typed["Right guesses of somebody who knows the past arms"].removesuffix(" %")) / 100
    assert float(plain["Bias from guessing, as a multiple of the assumed effect"]) == pytest.approx(
        2 * (2 * rate - 1), abs=0.011
    )
    assert float(typed["Bias from guessing, for an assumed effect of 0.5"]) == pytest.approx(2 * rate - 1, abs=0.002)


def test_the_effect_is_no_part_of_the_design(world: World, client: Client) -> None:
    world.sign_strata()
    assert client.post(BLOCKS, {"block_sizes": "4 6", "effect": "0.3", "do": "prepare"}).status_code == 302
    assert prepared(world).block_sizes == (4, 6)


def test_places_are_set_against_the_target(world: World, client: Client) -> None:
    page = client.post(f"{DESIGN_PAGE}simple/", {"slots_per_stratum": "110", "do": "try"})
    rows = page.context["foresight"].places.rows
    assert [[str(cell.text) for cell in row] for row in rows] == [
        ["High (9 or more)", "110", "106", "yes"],
        ["Low (less than 9)", "110", "106", "yes"],
    ]


def test_the_live_panel_is_a_part_of_the_page(world: World, client: Client) -> None:
    panel = client.post(BLOCKS, {"block_sizes": "4, 6", "do": "try"}, headers={"HX-Request": "true"})
    html = panel.content.decode()
    assert panel.status_code == 200
    assert "<html" not in html
    assert "Predictability, for 53 participants in a stratum" in html


def test_the_live_panel_says_what_is_to_be_mended(world: World, client: Client) -> None:
    for typed in ("4, x", "3"):
        panel = client.post(BLOCKS, {"block_sizes": typed, "do": "try"}, headers={"HX-Request": "true"})
        assert panel.status_code == 200
        assert "correct this first" in panel.content.decode()
        assert "Block sizes:" in panel.content.decode()


def test_strata_must_be_signed_first(world: World, client: Client) -> None:
    page = client.post(BLOCKS, {"block_sizes": "4, 6", "do": "prepare"})
    assert page.status_code == 422
    assert "The investigator has not signed the strata" in page.content.decode()
    assert 'value="4, 6"' in page.content.decode()


@pytest.mark.parametrize(
    ("method", "typed", "kind"),
    [
        ("permuted_blocks", {"block_sizes": "4"}, PermutedBlocks),
        ("big_stick", {"limit": "3"}, BigStick),
        ("simple", {}, Simple),
        ("minimization", MINIMIZATION, Minimization),
    ],
)
def test_every_method_is_prepared(
    world: World, client: Client, method: str, typed: dict[str, str], kind: type[Any]
) -> None:
    world.sign_strata()
    done = client.post(f"{DESIGN_PAGE}{method}/", {**typed, "do": "prepare"}, follow=True)
    assert "The list is drawn and sealed." in done.content.decode()
    assert "What to expect of this design" in done.content.decode()
    assert isinstance(prepared(world), kind)


@pytest.mark.parametrize("typed", ["80/100", "4/5", "0.8", "0,8", ".8", "80 %"])
def test_a_probability_is_typed_in_several_ways(world: World, client: Client, typed: str) -> None:
    world.sign_strata()
    client.post(f"{DESIGN_PAGE}minimization/", {**MINIMIZATION, "probability": typed, "do": "prepare"})
    design = prepared(world)
    assert (design.probability, design.factors[0].weight, design.slots_per_stratum) == ("4/5", 2, 106)


def test_a_minimization_is_simulated_and_says_so(world: World, client: Client) -> None:
    page = client.post(f"{DESIGN_PAGE}minimization/", {**MINIMIZATION, "do": "try"})
    assert "Simulated: 100 trials of 106 participants" in page.content.decode()
    assert "The same, seeing only past arms of the same level of: Lumbar instability score" in figures(page)


@pytest.mark.parametrize(
    ("method", "typed", "field", "sentence"),
    [
        ("permuted_blocks", {"block_sizes": "4, x"}, "block_sizes", "Enter whole numbers separated by commas"),
        ("permuted_blocks", {"block_sizes": "3"}, "block_sizes", "A block of 3 cannot hold the ratio 1:1."),
        ("permuted_blocks", {}, "block_sizes", "Name at least one block size."),
        ("simple", {"slots_per_stratum": "50"}, "slots_per_stratum", "Each stratum needs at least 106 places"),
        ("big_stick", {}, "limit", "Enter a number."),
        ("big_stick", {"limit": "0"}, "limit", "0 is not possible here."),
        ("minimization", {**MINIMIZATION, "probability": "1/2"}, "probability", "its share by chance"),
        ("minimization", {**MINIMIZATION, "probability": "often"}, "probability", "Write a fraction such as 80/100"),
        ("minimization", {"probability": "0.8"}, "distance", "Choose one."),
        ("minimization", {**MINIMIZATION, "weight_0": "0"}, "weight_0", "0 is not possible here."),
    ],
)
def test_refusals_stand_at_their_field(
    world: World, client: Client, method: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    for do in ("try", "prepare"):
        page = client.post(f"{DESIGN_PAGE}{method}/", {**typed, "do": do})
        assert page.status_code == 422
        assert any(sentence in said for said in page.context["form"].errors[field])
        assert sentence in page.content.decode()


def test_the_places_of_a_trial_without_strata_are_those_of_one_list() -> None:
    protocol = SimpleNamespace(strata=())
    for strata, places in ([["all"], "26 in 1 list"], [["a", "b"], "26 in each of 2 strata"]):
        rows = design_rows(blocks(4, strata=strata, slots=26), protocol)  # type: ignore[arg-type]
        assert str(rows[-1].value) == places


def test_designs_can_be_tried_from_the_room_while_a_list_is_in_force(world: World, client: Client) -> None:
    world.activate()
    assert f'href="{DESIGN_PAGE}"' in client.get("/t/STRONG-BACK/sequence/").content.decode()


def test_the_dry_run_is_a_dummy_in_every_row(world: World, client: Client) -> None:
    page = client.post(BLOCKS, {"block_sizes": "4, 6", "do": "dummy"})
    rows = page.context["dummy"].rows
    assert len(rows) == 16
    assert {str(row[0].text) for row in rows} == {MARK}
    assert "DUMMY - NOT THE LIST" in page.content.decode()
    assert not Sequence.objects.values_list("id")


def test_the_dummy_file_says_so_in_its_name_and_rows_and_is_drawn_anew(world: World, client: Client) -> None:
    files = [client.post(BLOCKS, {"block_sizes": "4, 6", "do": "dummy_file"}) for _time in range(2)]
    assert 'filename="DUMMY-not-the-list-strong-back.csv"' in files[0]["Content-Disposition"]
    (head, *rows), (_head, *others) = (list(csv.reader(io.StringIO(file.content.decode()))) for file in files)
    assert head == ["warning", "stratum", "position", "block", "arm"]
    assert len(rows) == 212
    assert {row[0] for row in rows} == {MARK}
    assert rows != others


def test_the_dummy_of_a_draft_is_not_its_list(world: World, client: Client) -> None:
    world.sign_strata()
    held = sequences.prepare(trial=world.trial, design=DESIGN, by=world.samuel)
    with unblinded(by=world.samuel, trial=world.trial, purpose=Purpose.SEQUENCE):
        held = Sequence.by_id(held.pk)
        real = [(slot.stratum, str(slot.position), slot.arm) for slot in lists.slots_of(held, lists.design_of(held))]
    for user in (world.cast.samuel, world.cast.ruth):
        client.force_login(user)
        file = client.get(f"/t/STRONG-BACK/sequence/drafts/{held.pk}/dummy/")
        rows = list(csv.reader(io.StringIO(file.content.decode())))[1:]
        assert {row[0] for row in rows} == {MARK}
        drawn = {(row[1], row[2]): row[4] for row in rows}
        same = sum(drawn[stratum, position] == arm for stratum, position, arm in real)
        assert 0.3 < same / len(real) < 0.7


def test_a_dummy_of_minimization_is_of_simulated_arrivals(world: World, client: Client) -> None:
    file = client.post(f"{DESIGN_PAGE}minimization/", {**MINIMIZATION, "do": "dummy_file"})
    rows = list(csv.reader(io.StringIO(file.content.decode())))[1:]
    assert len(rows) == 106
    assert {row[1] for row in rows} == {"lsiq=high", "lsiq=low"}


def test_trying_leaves_no_entry(world: World, client: Client) -> None:
    before = Entry.objects.count()
    client.post(BLOCKS, {"block_sizes": "4, 6", "do": "dummy"})
    assert Entry.objects.count() == before


def test_wrong_role_logged_out_unknown_method_and_wrong_verb(world: World, client: Client) -> None:
    assert client.get(f"{DESIGN_PAGE}coin/").status_code == client.post(f"{DESIGN_PAGE}coin/").status_code == 404
    assert client.put(BLOCKS).status_code == client.post(DESIGN_PAGE).status_code == 405
    assert client.get("/t/OTHER/sequence/design/").status_code == 404
    for user in (world.cast.noor, world.cast.helen, world.cast.elise, world.cast.marc, world.cast.amelie):
        client.force_login(user)
        for path in (DESIGN_PAGE, BLOCKS, f"{DESIGN_PAGE}coin/"):
            assert client.get(path).status_code == 403
        assert client.post(BLOCKS, {"block_sizes": "4", "do": "dummy_file"}).status_code == 403
    client.logout()
    assert client.get(BLOCKS).status_code == client.post(BLOCKS).status_code == 302
