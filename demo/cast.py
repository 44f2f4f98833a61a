"""The named cast: always the same people, in the demo and in the tests."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor, ActorKind, Origin

PASSWORD = "armslength-demo"  # noqa: S105 -- printed by the demo, which production settings refuse to run


@dataclass(frozen=True)
class Person:
    """Somebody who works in a trial; ``key`` is the first part of the login."""

    key: str
    name: str
    role: Role
    qualification: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


CAST = (
    Person("elise", "Élise Tremblay", Role.COORDINATOR),
    Person("marc", "Marc Roy", Role.THERAPIST, "athletic_therapist"),
    Person("priya", "Priya Nair", Role.THERAPIST, "kinesiologist"),
    Person("amelie", "Amélie Gagnon", Role.ASSESSOR),
    Person("ingrid", "Ingrid Solberg", Role.INTERVIEWER),
    Person("samuel", "Samuel Osei", Role.STATISTICIAN),
    Person("ruth", "Ruth Levi", Role.STATISTICIAN),
    Person("helen", "Dr. Helen Park", Role.INVESTIGATOR),
    Person("tomas", "Tomás Silva", Role.MONITOR),
    Person("leila", "Dr. Leila Farouk", Role.SAFETY_PHYSICIAN),
    Person("noor", "Noor Haddad", Role.DATA_MANAGER),
)
AT_ONE_SITE = frozenset({Role.COORDINATOR, Role.THERAPIST, Role.ASSESSOR, Role.INTERVIEWER})

_BY_KEY = {person.key: person for person in CAST}


def person(key: str) -> Person:
    """A member of the cast; KeyError for anybody else."""
    return _BY_KEY[key]


def user_of(key: str) -> User:
    """The account of a member of the cast, made if need be; with the demo's password in the demo only."""
    who = person(key)
    held = User.objects.filter(email=who.email).first()
    if held:
        return held
    user = User.objects.create_user(who.email, who.name)
    if settings.ARMSLENGTH_DEMO:
        user.password = _hashed()
        user.save(update_fields=["password"])
    return user


@cache
def _hashed() -> str:
    # They share the password, so they may share its hash: each takes a good part of a second.
    return make_password(PASSWORD)


def actor(user: User, origin: Origin = Origin.WEB) -> Actor:
    """A user as the verbs know them."""
    return Actor(ActorKind.PERSON, str(user.pk), user.name, origin)
