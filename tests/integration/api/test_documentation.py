"""The API's own page and its OpenAPI document."""

from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS

from api import schema
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
