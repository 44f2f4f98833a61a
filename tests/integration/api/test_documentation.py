"""The API's own page and its OpenAPI document."""

import json
import re
from pathlib import Path

from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS

from api import schema
from api.allocations import PreconditionSerializer, ReadinessSerializer, ReceiptSerializer
from tests.integration.api.conftest import World


def test_the_document_is_made_without_a_warning(db: None) -> None:
    GENERATOR_STATS.reset()
    schema._document.__wrapped__("en")
    assert not GENERATOR_STATS


def test_every_operation_says_what_else_it_may_answer(db: None) -> None:
    for path in schema.document("en")["paths"].values():
        for method, operation in path.items():
            assert {"401", "403", "404", "422"} <= set(operation["responses"])
            assert method == "get" or {"400", "409", "413", "415"} <= set(operation["responses"])


def test_programs_and_people_read_the_document_and_strangers_do_not(world: World, client: Client) -> None:
    assert world.caller(world.people.elise).get("/api/v1/schema/").json()["openapi"] == "3.1.0"
    assert client.get("/api/v1/schema/").status_code == 401
    client.force_login(world.people.elise)
    assert client.get("/api/v1/schema/").status_code == 200


def test_the_page_needs_a_login(client: Client, db: None) -> None:
    answer = client.get("/api/v1/docs/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_the_page_tells_every_operation_without_a_script(world: World, client: Client) -> None:
    client.force_login(world.people.elise)
    answer = client.get("/api/v1/docs/")
    page = answer.content.decode()
    for path, methods in schema.document("en")["paths"].items():
        assert path in page
        assert all(f'id="{operation["operationId"]}"' in page for operation in methods.values())
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert client.post("/api/v1/docs/").status_code == 405


def test_the_page_for_integrators_is_in_step_with_the_api(db: None) -> None:
    root = Path(__file__).parents[3]
    page = (root / "docs/how-to/integrator.md").read_text(encoding="utf-8")
    readiness, receipt = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    assert set(readiness) == set(ReadinessSerializer().fields)
    assert set(readiness["preconditions"][0]) == set(PreconditionSerializer().fields)
    assert set(receipt) == set(ReceiptSerializer().fields)
    for address in re.findall(r"curl .*?(/api/v1/trials/\S+)", page):
        known = "/api/v1/trials/{trial}/participants/{number}/allocation/"
        assert re.sub(r"STRONG-BACK/participants/[^/]+", "{trial}/participants/{number}", address) == known
        assert known in schema.document("en")["paths"]
    source = "".join(
        path.read_text() for room in ("api", "trials", "randomization", "audit") for path in (root / room).rglob("*.py")
    )
    codes = re.findall(r"`((?:access|allocation|idempotency|record)\.[a-z]+)`", page)
    assert len(codes) > 5
    assert [code for code in codes if f'"{code}"' not in source] == []
