"""The trail on real databases: refusals outlive what they refused, and a trail rewritten by its owner is caught."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.rig import Rig, installed


@pytest.fixture(params=["embedded", pytest.param("production", marks=pytest.mark.services)])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with installed(request.param, tmp_path, mail_port=9) as own:
        own.environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        own.environment["ARMSLENGTH_ANCHORS_DIR"] = str(tmp_path / "elsewhere")
        yield own


def test_a_refusal_stays_when_all_else_of_the_request_is_rolled_back(rig: Rig) -> None:
    assert '"status": 422' in rig.run("-m", "tests.services.refusing")
    assert rig.rows("SELECT count(*) FROM api_idempotencykey") == [(0,)]
    noted = rig.rows("SELECT verb, actor_name, facts FROM audit_entry WHERE verb LIKE 'refusal.%'")
    assert [(verb, who) for verb, who, _facts in noted] == [("refusal.state", "Élise Tremblay")]
    assert "allocation.first_session" in str(noted[0][2])
    assert "The audit trail verifies" in rig.run("manage.py", "audit", "verify")


def test_a_trail_rewritten_by_its_owner_verifies_but_not_against_its_anchors(rig: Rig) -> None:
    rig.run("-m", "tests.services.refusing")
    rig.run("manage.py", "audit", "anchor")
    assert "is in the trail" in rig.run("manage.py", "audit", "verify", "--anchors")
    assert "rewritten" in rig.run("-m", "tests.services.rewriting", **rig.owner)
    assert "The audit trail verifies" in rig.run("manage.py", "audit", "verify")
    with pytest.raises(AssertionError, match=r"Entry \d+, anchored at .* is another one now"):
        rig.run("manage.py", "audit", "verify", "--anchors")


VERIFY = ("manage.py", "randomization", "verify", "--trial", "STRONG-BACK", "--by", "samuel@example.org")


@pytest.mark.parametrize(
    ("how", "finding"),
    [
        ("exchange", r"entry \d+ of the audit trail says otherwise \(participant, study number\)"),
        ("undo", r"allocated participant \S+, but no such allocation is stored"),
        ("antedate", r"entry \d+ of the audit trail says otherwise \(at\)"),
    ],
)
def test_what_the_owner_does_to_allocations_is_named_by_the_trail(rig: Rig, how: str, finding: str) -> None:
    rig.run("-m", "tests.services.tampering", "allocate")
    assert "hold" in rig.run(*VERIFY)
    rig.run("-m", "tests.services.tampering", how, **rig.owner)
    assert "The audit trail verifies" in rig.run("manage.py", "audit", "verify")
    with pytest.raises(AssertionError, match=finding):
        rig.run(*VERIFY)
