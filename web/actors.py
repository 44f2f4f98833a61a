"""Who is acting through a page."""

from django.http import HttpRequest

from audit.actors import Actor, ActorKind, Origin
from web.viewing import viewing_in


def actor_of(request: HttpRequest) -> Actor:
    """The logged-in person as the verbs know them, with the role they view as, if any."""
    user = request.user
    return Actor(ActorKind.PERSON, str(user.pk), getattr(user, "name", ""), Origin.WEB, viewing_in(request))
