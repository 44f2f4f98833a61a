"""The cases that every page of the coordinators shares."""

from django.test import Client

from tests.integration.coordinators.world import World


def check_walls(world: World, name: str, method: str = "get", **kwargs: object) -> None:
    """Logged out, wrong role (the same for every number), other site, unknown number, wrong method."""
    url = world.url(name, **kwargs)
    logged_out = getattr(Client(), method)(url)
    assert logged_out.status_code == 302
    assert "/accounts/login/" in logged_out["Location"]
    refusal = check_refused(world, "marc", url, method)
    assert check_refused(world, "samuel", url, method) == refusal
    assert world.browser("elise").delete(url).status_code == 405
    if "number" not in kwargs:
        return
    nobody = world.url(name, **{**kwargs, "number": "MTL-0000"})
    assert check_refused(world, "marc", nobody, method) == refusal
    elsewhere = world.url(name, **{**kwargs, "number": world.elsewhere().number})
    bodies = set()
    for path in (nobody, elsewhere):
        response = getattr(world.browser("elise"), method)(path)
        assert response.status_code == 404
        bodies.add(_told(response.content, path))
    assert len(bodies) == 1


def check_refused(world: World, who: str, url: str, method: str = "get") -> bytes:
    """Somebody of another role gets 403; gives the body."""
    response = getattr(world.browser(who), method)(url)
    assert response.status_code == 403
    return _told(response.content, url)


def _told(body: bytes, url: str) -> bytes:
    """A body without what the reader sent and without the token of their session."""
    marked = b'name="csrfmiddlewaretoken" value="'
    parts = body.replace(url.encode(), b"").split(marked)
    return parts[0] + b"".join(part[part.index(b'"') :] for part in parts[1:])
