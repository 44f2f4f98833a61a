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
class Actor:
    """Somebody, or something, that wants to act. ``id`` is the key of the user, participant or task."""

    kind: ActorKind
    id: str
    name: str
    origin: Origin


@dataclass(frozen=True)
class Grant:
    """Proof of authorization: made by ``trials.access`` only, asked for by every act."""

    actor: Actor
    role: str
    trial_id: UUID | None = None
    site_id: UUID | None = None
