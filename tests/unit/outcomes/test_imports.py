"""Results from a file: checked whole, every mistake told at once, entered whole or not at all."""

import csv
import io
from typing import Any

import pytest

from accounts.roles import Role
from audit.models import Entry
from core import clock
from core.problems import Conflict, Problem, Refused
from instruments import catalogue
from instruments.problems import FileRefused
from outcomes.actions import drafts, imports, responses
from outcomes.actions.forms import mark_not_done
from outcomes.models import Draft, Form, Response
from outcomes.result_files import LARGEST, MOST_ROWS, heads
from participants.actions import withdrawal
from participants.models import Participant
from review.actions.locks import lock_trial
from tests.unit.outcomes.world import World, answered, form_of, other_site


def cell(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def row(participant: Participant | str, visit: str = "baseline", **given: Any) -> dict[str, str]:
    number = participant if isinstance(participant, str) else participant.number
    return {"number": number, "visit": visit, **{code: cell(value) for code, value in answered("mri", **given).items()}}


def written(*rows: dict[str, str], separator: str = ",", columns: list[str] | None = None) -> str:
    names = columns or heads(catalogue.load("mri"))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def load(world: World, document: str, **more: Any) -> imports.Ready:
    return imports.load(trial=world.trial, instrument="mri", document=document, by=world.coordinator, **more)


def refusals(world: World, document: str) -> list[str]:
    with pytest.raises(FileRefused) as caught:
        load(world, document)
    assert not Response.objects.exists()
    return caught.value.sentences


def test_each_row_is_entered_in_its_form_with_scores_under_one_act(world: World, participant: Participant) -> None:
    other = world.consented()
    ready = load(world, written(row(participant, fat_l1_left=30.5), row(other)))
    assert len(ready.rows) == 2
    first = Response.objects.get(participant=participant)
    assert (first.originator, first.answers["fat_l1_left"]) == ("import", 30.5)
    assert first.scores["fat_mean_pct"] is not None
    assert form_of(other, "baseline", "mri").state == Form.State.COMPLETE
    entry = Entry.objects.get(verb="results.import")
    assert entry.facts == {"instrument": "mri", "rows": 2, "sha256": ready.sha256}
    rows = Entry.objects.filter(verb="response.submit")
    assert {each.reason for each in rows} == {f"Results file {ready.sha256[:12]}"}
    assert {each.origin for each in [entry, *rows]} == {"import"}


def test_checking_writes_nothing(world: World, participant: Participant) -> None:
    before = Entry.objects.count()
    imports.checked(trial=world.trial, instrument="mri", document=written(row(participant)), by=world.coordinator)
    assert (Response.objects.count(), Entry.objects.count()) == (0, before)


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_entered(world: World, participant: Participant) -> None:
    good, other = world.consented(), world.consented()
    document = written(
        row(good),
        row(participant, fat_l1_left=140, regions=["ankles"]),
        row("MTL-9999"),
        row(other, visit="week99"),
        row(good, scan_date="3 May"),
    )
    assert refusals(world, document) == [
        f"{good.number}, baseline is in the file 2 times. Keep one row.",
        f"Row 3 ({participant.number}, baseline): regions: Choose from the options, each once.",
        f"Row 3 ({participant.number}, baseline): fat_l1_left: Enter a number from 0 to 100.",
        "Row 4 (MTL-9999, baseline): No form is expected of a participant with this study number. Check the number.",
        f"Row 5 ({other.number}, week99): This participant has no such form at this visit. Check the visit's code.",
        f"Row 6 ({good.number}, baseline): scan_date: Enter a date that exists, as year-month-day.",
    ]


def test_what_is_in_already_or_begun_by_hand_or_marked_is_refused(world: World, participant: Participant) -> None:
    begun, marked = world.consented(), world.consented()
    load(world, written(row(participant)))
    drafts.save_item(form=form_of(begun, "baseline", "mri"), item="done", value=1, by=world.coordinator)
    mark_not_done(form=form_of(marked, "baseline", "mri"), reason_code="technical", by=world.coordinator)
    with pytest.raises(FileRefused) as caught:
        load(world, written(row(participant), row(begun), row(marked)))
    told = "\n".join(caught.value.sentences)
    assert f"Row 2 ({participant.number}, baseline): This form was submitted already" in told
    assert f"Row 3 ({begun.number}, baseline): Somebody began to type this form." in told
    assert f"Row 4 ({marked.number}, baseline): This form was marked as not done." in told
    assert Draft.objects.count() == 1
    assert Response.objects.count() == 1


def test_unusual_values_are_confirmed_and_the_confirmation_is_kept(world: World, participant: Participant) -> None:
    document = written(row(participant, fat_l1_left=95))
    with pytest.raises(Problem) as caught:
        load(world, document)
    assert caught.value.code == "import.unlikely"
    ready = load(world, document, confirmed=True)
    assert [(each.line, item) for each, item, _sentence in ready.unlikely] == [(2, "fat_l1_left")]
    assert Response.objects.get().confirmed == ["fat_l1_left"]


def test_a_cell_without_a_value_says_why(world: World, participant: Participant) -> None:
    empty = {**row(participant), "fat_l1_left": ""}
    assert refusals(world, written(empty)) == [
        f"Row 2 ({participant.number}, baseline): fat_l1_left: Answer this question, or say why it has no answer."
    ]
    told = {**row(participant), "fat_l1_left": "[bored]"}
    assert "This reason for no answer is not known." in refusals(world, written(told))[0]
    load(world, written({**row(participant), "fat_l1_left": "[technical]"}))
    response = Response.objects.get()
    assert response.missing["fat_l1_left"] == "technical"
    assert response.scores["fat_mean_pct"] is None


def test_a_scan_that_was_not_done_leaves_the_rest_empty(world: World, participant: Participant) -> None:
    declined = {"number": participant.number, "visit": "baseline", "done": "0", "not_done_reason": "declined"}
    load(world, written(declined))
    assert Response.objects.get().answers == {"done": 0, "not_done_reason": "declined"}
    other = world.consented()
    hidden = {**declined, "number": other.number, "fat_l1_left": "12"}
    with pytest.raises(FileRefused) as caught:
        load(world, written(hidden))
    assert "fat_l1_left: This question does not apply after your earlier answers." in caught.value.sentences[0]


def test_semicolons_and_decimal_commas_as_spreadsheets_write_them(world: World, participant: Participant) -> None:
    load(world, written({**row(participant), "fat_l1_left": "12,5"}, separator=";"))
    assert Response.objects.get().answers["fat_l1_left"] == 12.5


def test_the_heads_are_those_of_the_form(world: World, participant: Participant) -> None:
    names = [name for name in heads(catalogue.load("mri")) if name != "fat_l1_left"]
    good = {key: value for key, value in row(participant).items() if key != "fat_l1_left"}
    assert refusals(world, written({**good, "arm": "RT"}, columns=[*names, "arm"])) == [
        "The column fat_l1_left is lacking. Add it.",
        "The column arm does not belong to this form. Remove it.",
    ]
    twice = written(row(participant)).replace("fat_l1_right", "fat_l1_left", 1)
    assert "The column fat_l1_left is there twice. Keep one." in refusals(world, twice)


@pytest.mark.parametrize("document", ["", "number,visit", '"', "number\x00,visit\n1,2", "\n\n"])
def test_what_is_no_table_is_refused(world: World, document: str) -> None:
    assert len(refusals(world, document)) == 1


def test_a_row_of_another_length_and_too_many_rows(world: World, participant: Participant) -> None:
    document = written(row(participant))
    assert "Row 3 has 2 cells" in refusals(world, document + "MTL-1,baseline\n")[0]
    many = document + (document.split("\n")[1] + "\n") * MOST_ROWS
    assert refusals(world, many) == ["The file holds more than 2000 rows. Load it in parts."]
    assert len(many) > LARGEST / 2


def test_another_sites_participant_is_as_unknown_as_nobody(world: World, participant: Participant) -> None:
    far = world.another(Role.COORDINATOR, "far", other_site(world))
    with pytest.raises(FileRefused) as caught:
        imports.load(trial=world.trial, instrument="mri", document=written(row(participant)), by=far)
    assert "No form is expected of a participant with this study number." in caught.value.sentences[0]


def test_who_enters_no_results_loads_no_file(world: World, participant: Participant) -> None:
    for by in (world.assessor, world.therapist, world.monitor):
        with pytest.raises(Refused):
            imports.load(trial=world.trial, instrument="mri", document=written(row(participant)), by=by)


def test_only_forms_that_come_from_a_file(world: World, participant: Participant) -> None:
    assert imports.importable(world.trial) == ["actigraphy", "mri"]
    with pytest.raises(Problem) as caught:
        imports.load(trial=world.trial, instrument="odi", document="number,visit\n", by=world.coordinator)
    assert caught.value.code == "import.instrument"


def test_nothing_of_who_withdrew_from_follow_up_nor_in_a_locked_trial(world: World, participant: Participant) -> None:
    withdrawal.withdraw(
        participant=participant,
        scopes=["follow_up"],
        reason_code="moved",
        day=clock.now().date(),
        by=world.coordinator,
    )
    assert "withdrew from follow-up" in refusals(world, written(row(participant)))[0]
    lock_trial(trial=world.trial, reason="All data are in.", by=world.manager)
    with pytest.raises(Conflict):
        load(world, written(row(participant)))


def test_another_file_than_the_one_that_was_looked_at_is_refused(world: World, participant: Participant) -> None:
    with pytest.raises(Conflict) as caught:
        load(world, written(row(participant)), sha256="0" * 64)
    assert caught.value.code == "import.other_file"
    assert not Response.objects.exists()


def test_a_failure_in_the_last_row_leaves_nothing(
    world: World, participant: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.consented()
    done: list[Any] = []
    submit = responses.submit

    def failing(**given: Any) -> Response:
        if done:
            raise RuntimeError("the power is gone")
        done.append(submit(**given))
        return done[0]

    monkeypatch.setattr(responses, "submit", failing)
    with pytest.raises(RuntimeError):
        load(world, written(row(participant), row(other)))
    assert not Response.objects.exists()
    assert not Entry.objects.filter(verb="results.import").exists()
