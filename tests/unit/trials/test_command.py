"""`manage.py protocol` prints every problem and fails on them."""

from __future__ import annotations

from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.unit.trials.documents import small, spoiled, text_of

SHIPPED = Path(__file__).resolve().parents[3] / "trials" / "protocols"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("protocol", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(text_of(small()), encoding="utf-8")
    return path


def test_check_passes_a_clean_protocol(file: Path) -> None:
    assert "can be loaded" in run("check", str(file))


def test_check_prints_problems_and_fails(file: Path) -> None:
    file.write_text(text_of(spoiled("visits.0.forms.0.instrument", "horoscope")), encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match="Correct them and check again"):
        call_command("protocol", "check", str(file), stdout=out)
    assert "horoscope" in out.getvalue()


def test_check_of_no_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        run("check", str(tmp_path / "none.yaml"))


def test_what_lies_outside_a_container_comes_by_standard_input(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def given(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data)))

    given(file.read_bytes())
    assert "can be loaded" in run("check", "-")
    given(file.read_bytes())
    assert "Nothing changes." in run("diff", str(file), "-")
    given("é".encode("latin-1"))
    with pytest.raises(CommandError, match="Standard input: is not UTF-8 text"):
        run("show", "-")


def test_show_summarizes_visits_and_assumptions() -> None:
    shown = run("show", str(SHIPPED / "strong-back.yaml"))
    assert "MC+ILEX: Targeted exercise programme, 48 sessions in 16 weeks" in shown
    assert "week16: randomized + 112 days (-7 to +10)" in shown
    assert "cut_at_9" in shown


def test_show_speaks_french() -> None:
    assert "Programme d'exercices ciblés" in run("show", str(SHIPPED / "strong-back.yaml"), "--language", "fr")


def test_diff_says_what_changes(file: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.yaml"
    after.write_text(text_of(spoiled("target", 30)), encoding="utf-8")
    assert "target: is now 30; it was 20." in run("diff", str(file), str(after))
    assert "Nothing changes." in run("diff", str(file), str(file))


@pytest.mark.django_db
def test_show_finds_a_shipped_trial_by_its_code() -> None:
    assert "STRONG-BACK" in run("show", "strong-back")
    with pytest.raises(CommandError, match="neither a file nor a trial"):
        run("show", "no-such-trial")


@pytest.mark.django_db
def test_load_by_nobody_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="no account"):
        run("load", str(file), "--by", "nobody@example.org")


@pytest.mark.django_db
def test_load_makes_a_version(file: Path, django_user_model: type) -> None:
    django_user_model.objects.create_user(  # type: ignore[attr-defined]
        email="manager@example.org", name="A manager", password="long-enough-words"
    )
    assert "SMALL: version 1 is in force." in run("load", str(file), "--by", "Manager@example.org")
