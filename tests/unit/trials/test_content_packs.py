"""Content packs of a trial: loaded once and for all, in force from then on, and needed before anybody is recruited."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from audit.actors import Actor
from audit.models import Change, Entry
from core import clock
from core.problems import Conflict, Invalid, Problem, Refused
from instruments import catalogue
from instruments.problems import FileRefused
from review.actions.locks import lock_trial
from tests import cast as people
from tests import packs
from trials.actions import content_packs, protocols, states
from trials.models import LoadedPack, Trial
from trials.queries import protocol_of
from trials.wordings import gaps, pack_for, texts_in, wordings_of

ODI = catalogue.load("odi")


@pytest.fixture
def trial(db: None) -> Iterator[Trial]:
    with clock.moved_to(people.MONDAY):
        yield people.make_trial(recruiting=False)


@pytest.fixture
def noor(trial: Trial) -> Actor:
    return people.actor(people.cast_of(trial).noor)


def test_forms_speak_the_words_of_the_pack_in_its_language_only(trial: Trial, noor: Actor) -> None:
    assert texts_in(trial, ODI, "fr").placeholder
    packs.load(trial, noor, "odi", "fr", version="CA-1")
    texts = texts_in(trial, ODI, "fr")
    assert (texts.title, texts.pack_version, texts.version, texts.placeholder) == ("Real title", "CA-1", "2.1a", False)
    assert texts.items["odi_4"].options[0] == "Real 0"


def test_topics_never_stand_in_once_the_trial_has_licensed_words(trial: Trial, noor: Actor) -> None:
    packs.load(trial, noor, "odi", "fr")
    assert texts_in(trial, ODI, "en").language == "fr"
    packs.load(trial, noor, "nprs", "fr")
    ours = texts_in(trial, catalogue.load("nprs"), "en")
    assert (ours.language, ours.pack_version) == ("en", "")


def test_a_newer_version_is_in_force_and_the_older_stays(trial: Trial, noor: Actor) -> None:
    first = packs.load(trial, noor)
    with clock.moved_to(people.MONDAY + timedelta(days=1)):
        packs.load(trial, noor, version="2", title="Mended title", reason="A word was mistyped.")
    assert texts_in(trial, ODI, "fr").title == "Mended title"
    assert texts_in(trial, ODI, "fr", at=people.MONDAY).title == "Real title"
    assert texts_in(trial, ODI, "fr", at=people.MONDAY - timedelta(days=1)).placeholder
    assert LoadedPack.objects.get(pk=first.pk).text == packs.document("odi")


def test_words_of_another_trial_are_not_shown(trial: Trial, noor: Actor) -> None:
    packs.load(trial, noor)
    text = people.STRONG_BACK.read_text(encoding="utf-8").replace("code: STRONG-BACK", "code: OTHER")
    assert texts_in(protocols.load(text=text, by=noor).trial, ODI, "fr").placeholder


def test_reading_words_again_asks_the_database_nothing(
    trial: Trial, noor: Actor, django_assert_num_queries: object
) -> None:
    packs.load(trial, noor)
    texts_in(trial, ODI, "fr")
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert texts_in(trial, ODI, "fr") is texts_in(trial, ODI, "fr")


def test_the_trail_keeps_the_hash_and_not_the_words(trial: Trial, noor: Actor) -> None:
    pack = packs.load(trial, noor)
    entry = Entry.objects.get(verb="content_pack.load")
    held = {change.field: change.new for change in Change.objects.filter(entry_id=entry.pk)}
    assert entry.subject_label == "odi fr 1"
    assert pack.sha256 in held["sha256"]
    assert "L-1" in held["licence_reference"]
    assert "text" not in held
    assert not Change.objects.filter(new__contains="Real odi_1").exists()


def test_the_database_refuses_to_change_a_pack(trial: Trial, noor: Actor) -> None:
    packs.load(trial, noor)
    for statement in ("UPDATE trials_loadedpack SET text = 'x'", "DELETE FROM trials_loadedpack"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_version_is_loaded_once(trial: Trial, noor: Actor) -> None:
    packs.load(trial, noor)
    with pytest.raises(Conflict, match="This very pack was loaded already"):
        packs.load(trial, noor)
    with pytest.raises(Conflict, match="Give the new text a new version"):
        packs.load(trial, noor, title="Other title", reason="Mended.")
    with pytest.raises(Problem, match="Say why they change") as refused:
        packs.load(trial, noor, version="2")
    assert refused.value.field == "reason"
    assert LoadedPack.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"instrument": "horoscope"}, "there is no instrument “horoscope”"),
        ({"language": "xx"}, "“xx” is no language known here. Write it like: en, fr."),
        ({"licence": {"owner": "Owner"}}, "licence.reference: is missing. Add it."),
        ({"licence": {"owner": "Owner", "reference": ""}}, "licence.reference: is empty. Fill it in."),
        ({"instrument_version": "9"}, "but the form is “2.1a”"),
        ({"items": {}}, "items: is empty. Fill it in."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    trial: Trial, noor: Actor, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        packs.load(trial, noor, **changes)  # type: ignore[arg-type]
    assert words in refused.value.sentence
    assert not LoadedPack.objects.exists()


def test_only_the_data_manager_loads_packs(trial: Trial) -> None:
    cast = people.cast_of(trial)
    for user in (cast.elise, cast.helen, cast.tomas, cast.samuel, cast.marc, cast.ingrid):
        with pytest.raises(Refused):
            packs.load(trial, people.actor(user))


def test_a_locked_trial_takes_no_pack(trial: Trial, noor: Actor) -> None:
    lock_trial(trial=trial, reason="The data are complete.", by=noor)
    with pytest.raises(Conflict, match="locked"):
        packs.load(trial, noor)


def test_a_trial_opens_once_every_licensed_form_has_its_words_in_every_language(trial: Trial, noor: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        states.open_recruitment(trial=trial, by=noor)
    named = [problem.sentence for problem in refused.value.problems]
    assert len(named) == 12  # six licensed questionnaires in two languages
    assert "odi, French: the words are licensed, topics stand in for them. Load a content pack." in named
    packs.load_all(trial, noor)
    assert states.open_recruitment(trial=trial, by=noor).state == Trial.State.RECRUITING


def test_one_language_short_is_not_enough(trial: Trial, noor: Actor) -> None:
    for gap in list(gaps(trial, protocol_of(trial)))[1:]:
        packs.load(trial, noor, gap.instrument, gap.language)
    with pytest.raises(Invalid) as refused:
        states.open_recruitment(trial=trial, by=noor)
    assert len(refused.value.problems) == 1


def test_the_demo_opens_on_topics(trial: Trial, noor: Actor) -> None:
    with override_settings(ARMSLENGTH_DEMO=True):
        assert states.open_recruitment(trial=trial, by=noor).state == Trial.State.RECRUITING


BALANCE = people.STRONG_BACK.with_name("balance.yaml")


def recruiting_in_english(by: Actor) -> tuple[Trial, str]:
    """BALANCE recruits in English; and its text."""
    text = BALANCE.read_text(encoding="utf-8")
    trial = protocols.load(text=text, by=by).trial
    packs.load_all(trial, by)
    states.open_recruitment(trial=trial, by=by)
    return trial, text


def test_an_amendment_adds_no_form_without_its_words(trial: Trial, noor: Actor) -> None:
    recruiting, text = recruiting_in_english(noor)
    amended = text.replace("instrument: vas, filled_by", "instrument: rmdq, filled_by", 1)
    amended = amended.replace("{visit: baseline, instrument: vas}", "{visit: baseline, instrument: rmdq}", 1)
    with pytest.raises(Invalid, match="rmdq, English"):
        protocols.load(text=amended, by=noor)
    assert recruiting.versions.count() == 1
    packs.load(recruiting, noor, "rmdq", "en")
    assert protocols.load(text=amended, by=noor).number == 2


def test_what_was_lacking_before_an_amendment_is_not_held_against_it(trial: Trial, noor: Actor) -> None:
    with override_settings(ARMSLENGTH_DEMO=True):
        states.open_recruitment(trial=trial, by=noor)
    text = people.STRONG_BACK.read_text(encoding="utf-8").replace("target: 106", "target: 107")
    assert protocols.load(text=text, by=noor).number == 2


def test_the_list_names_instruments_and_languages_alphabetically(trial: Trial, noor: Actor) -> None:
    packs.load(trial, noor, "rmdq", "en")
    held = wordings_of(trial)
    assert [(each.instrument, each.language) for each in held] == sorted(
        (each.instrument, each.language) for each in held
    )
    states_of = {(each.instrument, each.language): each.state for each in held}
    assert states_of["odi", "fr"] == "topics stand in for licensed words"
    assert states_of["nprs", "fr"] == "words of our own"
    assert states_of["rmdq", "en"] == "content pack 1"
    assert [each.instrument for each in held if not each.is_in_protocol] == ["rmdq"]


def test_a_pack_made_for_an_earlier_form_is_not_in_force(trial: Trial, noor: Actor) -> None:
    packs.load(trial, noor)
    newer = ODI.model_copy(update={"version": "3.0"})
    assert pack_for(trial, newer, "fr") is None
    assert texts_in(trial, newer, "fr").placeholder


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("content_pack", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "odi-fr.json"
    path.write_text(packs.document("odi"), encoding="utf-8")
    return path


def test_the_command_checks_loads_and_lists(
    trial: Trial, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "odi fr, version 1: can be loaded." in run("check", str(file))
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(packs.document("odi").encode())))
    assert "can be loaded" in run("check", "-")
    by = people.email_of("noor")
    assert "STRONG-BACK: odi fr 1 is in force. SHA-256" in run("load", str(file), "--trial", "strong-back", "--by", by)
    listed = run("list", "--trial", "STRONG-BACK")
    assert "odi fr: content pack 1, L-1" in listed
    assert "odi en: topics stand in for licensed words" in listed
    with pytest.raises(CommandError, match="loaded already"):
        run("load", str(file), "--trial", "STRONG-BACK", "--by", by)


def test_the_command_prints_every_mistake(trial: Trial, file: Path) -> None:
    file.write_text(packs.document("odi", title="", instructions=""), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        run("check", str(file))
    assert str(refused.value).splitlines() == ["title: is empty. Fill it in.", "instructions: is empty. Fill it in."]


def test_opening_by_command_says_the_same_line_by_line(trial: Trial) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("protocol", "open", "STRONG-BACK", "--by", people.email_of("noor"))
    assert len(str(refused.value).splitlines()) == 12


def test_checking_loads_nothing(trial: Trial) -> None:
    assert content_packs.checked(packs.document("odi")).instrument == "odi"
    assert not LoadedPack.objects.exists()
