"""The compose file and the image, checked without an engine."""

import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
KEYS = ["SECRET_KEY", *(f"ARMSLENGTH_{name}_KEY" for name in ("IDENTIFIERS", "SEQUENCE", "AUDIT", "HASHES"))]
SERVICE_KEYS = {
    "build",
    "image",
    "restart",
    "environment",
    "depends_on",
    "volumes",
    "healthcheck",
    "command",
    "ports",
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def test_it_starts_the_whole_of_it() -> None:
    assert set(COMPOSE["services"]) == {"web", "worker", "beat", "migrate", "database", "redis"}
    assert all(set(service) <= SERVICE_KEYS for service in COMPOSE["services"].values())


def test_every_dependency_exists_and_waits_for_something_that_can_come_true() -> None:
    for service in COMPOSE["services"].values():
        for name, how in service.get("depends_on", {}).items():
            assert how["condition"] in CONDITIONS
            if how["condition"] == "service_healthy":
                assert "healthcheck" in COMPOSE["services"][name]


def test_named_volumes_are_declared() -> None:
    used = {
        v.split(":")[0] for s in COMPOSE["services"].values() for v in s.get("volumes", []) if not v.startswith(".")
    }
    assert used == set(COMPOSE["volumes"])


def test_every_variable_handed_to_the_app_is_one_it_reads() -> None:
    source = (ROOT / "config/settings.py").read_text() + (ROOT / "config/demo_keys.py").read_text()
    for service in ("web", "worker", "beat", "migrate"):
        for name in COMPOSE["services"][service]["environment"]:
            assert name.removeprefix("ARMSLENGTH_") in source, name


def test_only_the_owner_migrates_and_the_web_role_owns_nothing() -> None:
    urls = {
        name: s["environment"]["DATABASE_URL"] for name, s in COMPOSE["services"].items() if "DATABASE_URL" in str(s)
    }
    assert {name for name, url in urls.items() if "armslength_owner" in url} == {"migrate"}
    assert {name for name, url in urls.items() if "armslength_web" in url} == {"web", "worker", "beat"}


def test_no_secret_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("KEY", "PASSWORD"):
        for value in re.findall(rf"\w*{name}: (\S+)", text):
            assert value.startswith("${"), value


def test_the_image_installs_by_hash_and_does_not_run_as_root() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ARMSLENGTH_DEMO": "1", "ARMSLENGTH_PRODUCTION": "1"}, "The demo does not run with production settings"),
        ({"ARMSLENGTH_PRODUCTION": "1", "ARMSLENGTH_AUDIT_KEY": "demo-AAAA"}, "may not be used in production"),
    ],
)
def test_demo_and_its_keys_are_refused_in_production(environment: dict[str, str], sentence: str) -> None:
    result = started_with(dict.fromkeys(KEYS, "x") | environment)
    assert result.returncode != 0
    assert sentence in result.stderr


def test_keys_that_are_the_same_are_refused_in_production() -> None:
    different = {name: f"{name}=" for name in KEYS} | {"ARMSLENGTH_PRODUCTION": "1"}
    assert started_with(different).returncode == 0
    for first, second in combinations(KEYS, 2):
        # However the padding is written, it is the same key.
        result = started_with(different | {second: different[first].rstrip("=")})
        assert result.returncode != 0
        assert f"{first} and {second} are the same key." in result.stderr


def started_with(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What reading the settings with these variables comes to."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ARMSLENGTH")}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env={**clean, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
