"""Who acts, and the proof that they may."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PERSON = "person"
    PARTICIPANT = "participant"
    SYSTEM = "system"


class Origin(StrEnum):
    WEB = "web"
    API = "api"
    IMPORT = "import"
    TASK = "task"
    COMMAND = "command"


@dataclass(frozen=True)
class Viewing:
    """A trial as a role sees it, at one site or (None) at all. ``own_role`` is that of the person who looks."""

    trial_id: UUID
    role: str
    site_id: UUID | None
    own_role: str


@dataclass(frozen=True)
class Actor:
    """Somebody, or something, that wants to act. ``id`` is the key of the user, participant or task.

    ``viewing``: only looks, as another role would; writes nothing meanwhile.
    """

    kind: ActorKind
    id: str
    name: str
    origin: Origin
    viewing: Viewing | None = None


@dataclass(frozen=True)
class Grant:
    """Proof of authorization: made by ``trials.access`` only, asked for by every act.

    ``behind``: in a role behind the wall. Who it was is sealed in the trail, whatever they did.
    """

    actor: Actor
    role: str
    trial_id: UUID | None = None
    site_id: UUID | None = None
    behind: bool = False
