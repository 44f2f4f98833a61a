"""The ground all tests stand on: real databases, the web role on PostgreSQL, a held clock, seeded ids."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.blank import remove_templates

# The same examples on every machine, however slow it is.
hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


# Worlds hold many rows for long: looking through them for garbage again and again took a sixth of the time.
gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--with-database", action="store_true", help="only what meets a database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On request, leave out what no database can change: it ran beside the first one."""
    if config.getoption("--with-database"):
        config.hook.pytest_deselected(items=[item for item in items if not _meets_database(item)])
        items[:] = filter(_meets_database, items)


def pytest_collection_finish() -> None:
    """What is imported by now stays."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Blank databases are made by whoever needs one first."""
    remove_templates()


def _meets_database(item: pytest.Item) -> bool:
    return "django_db_setup" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_setup(request: Any, django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Create the test database as its owner; on PostgreSQL the tests then log in as the web role."""
    from django.test.utils import setup_databases, teardown_databases

    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            call_command("provision_roles", verbosity=0)
        if worker:
            name = connection.settings_dict["NAME"]
            connection.settings_dict.setdefault("TEST", {})
            connection.settings_dict["TEST"]["NAME"] = (
                f"test_{name}_{worker}"
                if connection.vendor == "postgresql"
                else f"file:armslength_{worker}?mode=memory&cache=shared"
            )
        held = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        owner = become_web_role()
    yield
    with django_db_blocker.unblock():
        become(owner)
        teardown_databases(held, verbosity=0)


def become_web_role() -> dict[str, Any]:
    """On PostgreSQL, connect as the web role from here on; returns the owner's settings."""
    owner = dict(connection.settings_dict)
    if connection.vendor == "postgresql":
        become({**owner, "USER": settings.DATABASE_WEB_ROLE, "PASSWORD": "", "HOST": "127.0.0.1"})
    return owner


def become(new_settings: dict[str, Any]) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update(new_settings)


@pytest.fixture(autouse=True)
def _nothing_of_another_test() -> Iterator[None]:
    """Tests share keys of trials and people, by which packs and the cache remember; a request leaves its language.

    What does not move the clock itself stands on a Monday morning: messages rest at night, also while tests run.
    """
    from core import clock
    from tests.cast import MONDAY
    from trials import wordings

    wordings._packs.cache_clear()
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    with clock.moved_to(MONDAY):
        yield
