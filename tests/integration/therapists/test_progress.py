"""Progress: adherence of all 48, loads and volume over time with their tables, decisions; for who treats alone."""

from datetime import timedelta

from django.test import Client

from core import clock
from participants.models import Participant
from tests.integration.therapists.conftest import EXERCISES, elsewhere, page, record
from tests.unit.randomization_db.world import World


def held(world: World, participant: Participant, number: int, load: float, why: str = "") -> None:
    planned = [{"exercise": code, "status": "as_planned"} for code in EXERCISES[:3]]
    sets = [{"reps": 12, "load": load}]
    done = {"exercise": "lumbar_extension", "status": "changed", "sets": sets, "why_code": why}
    record(world, participant, number, exercises=[*planned, done], minutes=50, pain_before=6 - number, pain_during=5)
    clock.advance(timedelta(days=2))


def test_figures_charts_and_decisions_stand_with_their_numbers(world: World, marc: Client, marcs: Participant) -> None:
    held(world, marcs, 1, 100)
    held(world, marcs, 2, 105)
    held(world, marcs, 3, 105, why="technique")
    record(world, marcs, 4, status="missed", reason_code="illness", exercises=())
    html = marc.get(page(world, f"{marcs.number}/progress/?exercise=lumbar_extension")).content.decode()
    assert "3 of 48 (6.3 %)" in html or "3 of 48 (6.2 %)" in html
    assert "150 min in 3 sessions" in html
    assert "1 of 16" in html  # weeks with all three sessions
    assert "Pain before the session: 5 at first, 3 at last, of 10." in html
    assert "Isolated lumbar extension: heaviest load, N·m" in html
    assert "100 at first, 105 at most, 105 at last." in html
    assert "1,200 at first" in html or "1200 at first" in html
    assert html.count("The numbers as a table") == 3
    assert "110.25 N·m" in html
    assert "Kept the load" in html
    assert "Not yet in good form" in html
    assert "lumbar extensors" in html
    assert "LSIQ" not in html.upper()


def test_before_the_first_session_there_is_nothing_to_draw(world: World, marc: Client, marcs: Participant) -> None:
    html = marc.get(page(world, f"{marcs.number}/progress/?exercise=deadlift")).content.decode()
    assert "0 of 48" in html
    assert 'class="chart"' not in html


def test_only_who_treats_reads_it(world: World, marc: Client, marcs: Participant, waiting: Participant) -> None:
    for number in (waiting.number, "MTL-ZZZZ"):
        assert marc.get(page(world, f"{number}/progress/")).status_code == 404
    address = page(world, f"{marcs.number}/progress/")
    assert marc.post(address).status_code == 405
    marc.force_login(elsewhere(world))
    assert marc.get(address).status_code == 404
    for name in ("elise", "amelie", "helen", "samuel"):
        marc.force_login(getattr(world.cast, name))
        assert marc.get(address).status_code == marc.get(page(world, "MTL-ZZZZ/progress/")).status_code == 403
    marc.logout()
    assert marc.get(address).status_code == 302
