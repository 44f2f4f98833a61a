"""SMS_URL takes gateways for text messages, and no other of the many services that apprise knows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def start(url: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SMS_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "ARMSLENGTH_DEMO": "0"}
    command = [sys.executable, "-c", "import django; django.setup()"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "url", ["json://example.org/{number}", "file:///etc/passwd", "twilio://sid:token@+15145550100"]
)
def test_anything_else_is_refused_with_a_sentence(url: str) -> None:
    done = start(url)
    assert done.returncode != 0
    assert "SMS_URL must begin with one of" in done.stderr
    assert "token" not in done.stderr


def test_a_gateway_is_taken() -> None:
    assert start("twilio://sid:token@+15145550100/{number}").returncode == 0
