"""gunicorn's access log without the keys in addresses and referrers: ``--logger-class config.access_log.AccessLog``."""

from typing import Any

from gunicorn.glogging import Logger

from config.logs import without_keys


class AccessLog(Logger):  # type: ignore[misc, unused-ignore]
    """The usual line; keys of links are left out."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        found = super().atoms(*args)
        return {name: without_keys(value) if isinstance(value, str) else value for name, value in found.items()}
