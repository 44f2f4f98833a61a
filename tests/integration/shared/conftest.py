"""The same trial as the coordinators' pages."""

from tests.integration.coordinators.conftest import elise, world

__all__ = ["elise", "world"]
