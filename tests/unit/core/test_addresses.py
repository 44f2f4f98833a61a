"""Whose address counts, with and without proxies."""

import pytest
from django.test import RequestFactory, override_settings

from core.addresses import client_address

PROXY, VISITOR, INVENTED = "10.0.0.1", "203.0.113.7", "198.51.100.9"


def address(forwarded: str | None, trusted: int) -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=headers)
    with override_settings(TRUSTED_PROXIES=trusted):
        return client_address(request)


@pytest.mark.parametrize(
    ("forwarded", "trusted", "expected"),
    [
        (VISITOR, 0, PROXY),
        (VISITOR, 1, VISITOR),
        (f"{INVENTED}, {VISITOR}", 1, VISITOR),
        (f"{INVENTED}, {VISITOR}, 10.0.0.2", 2, VISITOR),
        (f"{VISITOR},10.0.0.2", 2, VISITOR),
        ("2001:DB8::1", 1, "2001:db8::1"),
        (None, 1, PROXY),
        (VISITOR, 2, PROXY),
        ("nonsense", 1, PROXY),
        ("", 1, PROXY),
    ],
)
def test_only_what_trusted_proxies_added_is_believed(forwarded: str | None, trusted: int, expected: str) -> None:
    assert address(forwarded, trusted) == expected
