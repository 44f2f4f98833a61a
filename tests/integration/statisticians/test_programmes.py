"""CERT and TIDieR by arm: every item has an answer from protocol or logs; a purpose, in the trail each time."""

from django.test import Client

from audit.models import Entry
from tests.trail import contents
from tests.unit.exports.world import treat
from tests.unit.randomization_db.world import World

PAGE = "/t/STRONG-BACK/unblinded/programmes/"
WHY = {"purpose": "Table of the interventions for the report"}
ITEMS = ["1", "2", "3", "4", "5", "6", "7a", "7b", "8", "9", "10", "11", "12", "13", "14a", "14b", "15", "16a", "16b"]


def answers(page: object, caption: str) -> dict[str, str]:
    table = next(each for each in page.context["tables"] if str(each.caption) == caption)  # type: ignore[attr-defined]
    return {str(row[0].text): str(row[2].text) for row in table.rows}


def test_every_row_of_both_checklists_is_filled(world: World, client: Client) -> None:
    world.activate()
    treat(world, world.ready())
    page = client.post(PAGE, WHY)
    assert page.status_code == 200
    for arm in ("Targeted exercise programme", "General exercise programme"):
        cert, tidier = answers(page, f"CERT: {arm}"), answers(page, f"TIDieR: {arm}")
        assert list(cert) == ITEMS
        assert list(tidier) == [str(item) for item in range(1, 13)]
        assert not [item for item, answer in (cert | tidier).items() if not answer.strip()]
        assert "Not stated in the protocol." not in cert.values()
        assert "48 sessions: 3 a week for 16 weeks, 60 min each (at least 45)." in cert["13"]
    targeted = answers(page, "CERT: Targeted exercise programme")
    assert targeted["1"] == "MedX lumbar extension machine"
    assert "0 to 72 degrees, 50 to 105 s under load, load in nm, not collected: tempo, rest" in targeted["8"]
    assert "Not collected, as the protocol says." in targeted["2"]
    other = answers(page, "CERT: General exercise programme")
    delivered = sorted(each["16b"].split(" Exercises:")[0] for each in (targeted, other))
    assert delivered == [
        "1 of 48 sessions attended (2.1 %) by 1 participants.",
        "Nobody was randomized to it yet.",
    ]
    (noted,) = contents(verb="report.programmes", secrecy="unblinding")
    assert noted.reason == WHY["purpose"]


def test_without_a_purpose_nothing_is_shown_or_opened(world: World, client: Client) -> None:
    world.activate()
    assert client.get(PAGE).status_code == 200
    for purpose, status in (("", 422), ("short", 400)):
        refused = client.post(PAGE, {"purpose": purpose})
        assert refused.status_code == status
        assert "tables" not in refused.context
    assert not Entry.objects.filter(verb__in=("report.programmes", "blind.open_export")).exists()


def test_others_are_refused(world: World, client: Client) -> None:
    for name in ("elise", "amelie", "helen", "tomas", "noor", "marc"):
        client.force_login(getattr(world.cast, name))
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, WHY).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302
