"""Who is acting through a page."""

from django.http import HttpRequest

from audit.actors import Actor, ActorKind, Origin


def actor_of(request: HttpRequest) -> Actor:
    """The logged-in person as the verbs know them."""
    user = request.user
    return Actor(ActorKind.PERSON, str(user.pk), getattr(user, "name", ""), Origin.WEB)
